//! Inputs that are continued behind rows that have left: in a second download, and in another process by a token.

use std::sync::LazyLock;

use rustpipe_protocol::{ErrorCode, RowsDone, Status};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::compressed::{bzip2, xz, zstd};
use rustpipe_testkit::server::{Answer, Count, Routes, Server};
use serde_json::Value;

use crate::harness::{Answered, Question, noise, serve, sha256};

pub(crate) const FILES: usize = 12_000;
const COLUMNS: &[&str] = &["entry_index", "path"];
/// More than a job's bytes and a chunk: what has been sent so far behind a byte has been read up to it.
pub(crate) const READ: usize = 512 << 10;

/// A tar of files of `size` bytes that no compressor makes smaller.
pub(crate) fn tar(size: usize) -> TarBuilder {
    let noise = noise(FILES * size);
    let contents = noise.chunks(size).enumerate();
    contents.fold(TarBuilder::new(), |tar, (n, content)| {
        tar.file(format!("{n:0>80}"), content)
    })
}

/// Bodies that are read in pieces. Those in xz and zstd are larger than what is collected of such ones.
static STREAMED: LazyLock<[(&str, Vec<u8>); 5]> = LazyLock::new(|| {
    let tar = |size| self::tar(size).end();
    [
        ("tar", tar(300)),
        ("gzip", gzip(tar(300))),
        ("bzip2", bzip2(tar(300))),
        ("zstd", zstd(tar(1500))),
        ("xz", xz(tar(1500))),
    ]
});

/// A question for rows that leave in several frames.
pub(crate) fn question(url: &str) -> Question<'_> {
    Question {
        table: "entries",
        columns: COLUMNS,
        url: Some(url),
        concurrency: 1024,
        ..Question::default()
    }
}

/// Where each frame's rows end: their number, and how many bytes of the body they needed.
pub(crate) fn points(answered: &Answered) -> Vec<(u64, usize)> {
    let tokens = answered.tokens().into_iter();
    let point = |(rows, token): (u64, String)| {
        let bytes = token.split('.').nth(2).unwrap().parse().unwrap();
        (rows, bytes)
    };
    tokens.map(point).collect()
}

/// Answers to one question after the other, from one server.
pub(crate) fn serve_each(answers: Vec<Answer>) -> (Server, String) {
    let server = Server::start(Routes::new().on_each("/x", answers));
    let url = server.url("/x");
    (server, url)
}

/// Asks again with the token of each frame.
pub(crate) fn assert_continues(
    name: &str,
    undisturbed: &Answered,
    again: impl Fn(&str) -> Answered,
) {
    let rows = undisturbed.rows();
    let tokens = undisturbed.tokens();
    assert!(tokens.len() > 1, "{name} has {} tokens", tokens.len());
    for (left, token) in tokens {
        let continued = again(&token);
        let behind = usize::try_from(left).unwrap();
        assert!(continued.rows() == rows[behind..], "{name} behind {left}");
        assert_eq!(
            continued.finished.rows, undisturbed.finished.rows,
            "{name} behind {left}"
        );
        assert_eq!(continued.finished.failed, undisturbed.finished.failed);
    }
}

#[test]
fn each_frames_token_continues_exactly_behind_its_rows() {
    let mut bodies = STREAMED.to_vec();
    bodies.push(("whole gzip", gzip(tar(10).end())));
    bodies.push(("whole xz", xz(tar(300).end())));
    for (name, body) in bodies {
        let (_server, url) = serve(Answer::ok(body));
        // Larger bodies are collected here.
        let concurrency = if name == "whole gzip" { 64 } else { 1024 };
        let ask = |resume: Option<&str>| {
            let question = Question {
                resume,
                concurrency,
                ..question(&url)
            };
            question.ask()
        };
        let undisturbed = ask(None);
        let done = RowsDone {
            status: Status::Succeeded,
            rows: FILES as u64,
        };
        assert_eq!(undisturbed.done(), done, "{name}");
        let is_whole = undisturbed.tokens()[0].1.starts_with('w');
        assert_eq!(is_whole, name.starts_with("whole"), "{name}");
        assert_continues(name, &undisturbed, |token| {
            let continued = ask(Some(token));
            assert_eq!(continued.done(), done, "{name}");
            continued
        });
    }
}

#[test]
fn a_token_that_a_continued_input_gives_is_one_of_its_own() {
    let (_server, url) = serve(Answer::ok(gzip(tar(300).end())));
    let undisturbed = question(&url).ask();
    let tokens = undisturbed.tokens();
    let continued = Question {
        resume: Some(&tokens[0].1),
        ..question(&url)
    };
    let more: Vec<_> = continued.ask().tokens();
    assert_eq!(
        more.iter().map(|it| &it.1).collect::<Vec<_>>(),
        tokens[1..].iter().map(|it| &it.1).collect::<Vec<_>>()
    );
}

#[test]
fn a_download_that_is_reset_after_rows_have_left_goes_on_behind_them() {
    for (name, body) in &*STREAMED {
        let (_server, url) = serve(Answer::ok(body.clone()));
        let undisturbed = question(&url).ask();
        let mut points = points(&undisturbed);
        // Rows of its last bytes may leave with its end only.
        points.retain(|(_, bytes)| bytes + READ < body.len());
        assert!(!points.is_empty(), "{name}");
        for (rows, bytes) in points {
            let cut = bytes + READ;
            let left = Count::default();
            let broken = Answer::ok(body.clone()).reset_after(cut);
            let answers = vec![broken.once(&left, rows), Answer::ok(body.clone())];
            let (server, url) = serve_each(answers);
            let question = Question {
                left,
                ..question(&url)
            };
            let disturbed = question.ask();
            assert!(disturbed.rows() == undisturbed.rows(), "{name} at {rows}");
            assert_eq!(disturbed.done(), undisturbed.done(), "{name} at {rows}");
            assert_eq!(server.request_count("/x"), 2);
            assert_eq!(disturbed.finished.counter("retries"), 1);
        }
    }
}

#[test]
fn several_resets_in_a_row_lose_and_repeat_nothing() {
    let body = gzip(tar(300).end());
    let (_server, url) = serve(Answer::ok(body.clone()));
    let undisturbed = question(&url).ask();
    let points = points(&undisturbed);
    // Further with the second attempt than with the first, and less far.
    for (first, second) in [(0, 1), (1, 0)] {
        let left = Count::default();
        let answers = [first, second].map(|at: usize| {
            let (rows, bytes) = points[at];
            let broken = Answer::ok(body.clone()).reset_after(bytes + READ);
            broken.once(&left, rows)
        });
        let answers = answers.into_iter().chain([Answer::ok(body.clone())]);
        let (server, url) = serve_each(answers.collect());
        let question = Question {
            left,
            ..question(&url)
        };
        let disturbed = question.ask();
        assert!(disturbed.rows() == undisturbed.rows());
        assert_eq!(disturbed.done(), undisturbed.done());
        assert_eq!(server.request_count("/x"), 3);
    }
}

#[test]
fn a_broken_archive_ends_at_the_same_place() {
    let broken = tar(300).raw([b'?'; 512]).raw(noise(1 << 20)).without_end();
    for body in [broken.clone(), gzip(broken)] {
        let (_server, url) = serve(Answer::ok(body));
        let undisturbed = question(&url).ask();
        assert_eq!(undisturbed.error().2, FILES as u64);
        assert_eq!(undisturbed.tokens().last().unwrap().0, FILES as u64);
        assert_continues("broken", &undisturbed, |token| {
            let question = Question {
                resume: Some(token),
                ..question(&url)
            };
            let continued = question.ask();
            assert_eq!(continued.error(), undisturbed.error());
            continued
        });
    }
}

#[test]
fn a_limit_ends_at_the_same_place() {
    let limits = rustpipe_archive::Limits {
        entries: 11_000,
        ..rustpipe_archive::Limits::default()
    };
    let (_server, url) = serve(Answer::ok(gzip(tar(300).end())));
    let ask = |resume: Option<&str>| {
        let question = Question {
            resume,
            limits,
            ..question(&url)
        };
        question.ask()
    };
    let undisturbed = ask(None);
    assert_eq!(undisturbed.error().0, ErrorCode::Limit);
    assert_eq!(undisturbed.error().2, 11_000);
    assert_continues("limited", &undisturbed, |token| {
        let continued = ask(Some(token));
        assert_eq!(continued.error(), undisturbed.error());
        continued
    });
}

#[test]
fn rows_of_a_download_that_broke_for_good_are_continued_by_one_that_does_not() {
    let body = gzip(tar(300).end());
    let (_server, url) = serve(Answer::ok(body.clone()));
    let undisturbed = question(&url).ask();
    let (_server, url) = serve(Answer::ok(body.clone()).cut_after(body.len() - 100_000));
    let broken = question(&url).ask();
    assert_eq!(broken.error().0, ErrorCode::Truncated);
    let (left, token) = broken.tokens().pop().unwrap();
    assert_eq!(left, broken.error().2);
    let (_server, url) = serve(Answer::ok(body));
    let question = Question {
        resume: Some(&token),
        ..question(&url)
    };
    let continued = question.ask();
    let together = [broken.rows(), continued.rows()].concat();
    assert!(together == undisturbed.rows());
    assert_eq!(continued.done(), undisturbed.done());
}

#[test]
fn contents_are_those_of_an_undisturbed_run() {
    let body = gzip(tar(1500).end());
    let columns = &["entry_index", "content", "sha256"];
    let (_server, url) = serve(Answer::ok(body.clone()));
    let undisturbed = Question {
        columns,
        ..question(&url)
    };
    let undisturbed = undisturbed.ask();
    let tokens = undisturbed.tokens();
    let points = points(&undisturbed);
    for at in [0, tokens.len() / 2] {
        let continued = Question {
            columns,
            resume: Some(&tokens[at].1),
            ..question(&url)
        };
        let behind = usize::try_from(tokens[at].0).unwrap();
        assert!(continued.ask().rows() == undisturbed.rows()[behind..]);

        let (rows, bytes) = points[at];
        let left = Count::default();
        let broken = Answer::ok(body.clone()).reset_after(bytes + READ);
        let answers = vec![broken.once(&left, rows), Answer::ok(body.clone())];
        let (server, url) = serve_each(answers);
        let disturbed = Question {
            columns,
            left,
            ..question(&url)
        };
        assert!(disturbed.ask().rows() == undisturbed.rows());
        assert_eq!(server.request_count("/x"), 2);
    }
}

#[test]
fn rows_with_the_archives_digest_are_continued_where_it_is_known() {
    for (files, body) in [("collected", tar(10).end()), ("streamed", tar(1500).end())] {
        let (_server, url) = serve(Answer::ok(body.clone()));
        let ask = |resume: Option<&str>| {
            let question = Question {
                columns: &["archive_sha256", "path"],
                resume,
                ..question(&url)
            };
            question.ask()
        };
        let undisturbed = ask(None);
        let digest = Value::from(sha256(&body));
        assert_continues(files, &undisturbed, |token| {
            let continued = ask(Some(token));
            let digests = continued.column("archive_sha256");
            assert!(digests.iter().all(|it| *it == digest), "{files}");
            continued
        });
    }
}

#[test]
fn rows_that_lack_the_archives_digest_for_an_early_end_have_no_token() {
    let body = tar(1500).end();
    let cut = body.len() - 1_000_000;
    let (_server, url) = serve(Answer::ok(body).cut_after(cut));
    let question = Question {
        columns: &["archive_sha256", "path"],
        ..question(&url)
    };
    let answered = question.ask();
    assert_eq!(answered.error().0, ErrorCode::Truncated);
    assert!(answered.frames.len() > 2);
    for frame in &answered.frames {
        assert!(!serde_json::to_string(frame).unwrap().contains("resume"));
    }
}

#[test]
fn more_rows_than_may_wait_for_the_digest_are_as_many_when_some_have_left() {
    let names = (0..99_000).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>98}"), "")
    });
    let (_server, url) = serve(Answer::ok(names.end()));
    let ask = |resume: Option<&str>| {
        let question = Question {
            columns: &["archive_sha256", "path"],
            resume,
            ..question(&url)
        };
        question.ask()
    };
    let undisturbed = ask(None);
    assert_eq!(undisturbed.error().0, ErrorCode::Limit);
    let (left, token) = undisturbed.tokens().swap_remove(5);
    let continued = ask(Some(&token));
    assert_eq!(continued.error(), undisturbed.error());
    let behind = usize::try_from(left).unwrap();
    assert!(continued.rows() == undisturbed.rows()[behind..]);
}

#[test]
fn the_manifests_digest_is_still_that_of_the_whole_body() {
    let body = gzip(tar(300).end());
    let (_server, url) = serve(Answer::ok(body.clone()));
    let ask = |integrity: &str, resume: Option<&str>| {
        let question = Question {
            integrity: Some(integrity),
            resume,
            ..question(&url)
        };
        question.ask()
    };
    let token = question(&url).ask().tokens().remove(0).1;
    for resume in [None, Some(token.as_str())] {
        assert_eq!(ask(&sha256(&body), resume).done().rows, FILES as u64);
        let (code, _, rows) = ask(&sha256(b"another"), resume).error();
        assert_eq!((code, rows), (ErrorCode::IntegrityMismatch, FILES as u64));
    }
}
