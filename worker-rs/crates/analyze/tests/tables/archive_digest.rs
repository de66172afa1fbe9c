//! Rows of `entries` that carry the digest of the body that they come from.

use std::time::Duration;

use rustpipe_protocol::{ErrorCode, RowsDone, Status};
use rustpipe_testkit::archive::TarBuilder;
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::Value;

use crate::harness::{Answered, Question, ask_with, noise, serve, sha256};

/// The size of a file that makes a body be streamed, and of one that doesn't.
const STREAMED: usize = 17 << 20;
const COLLECTED: usize = 1 << 20;

const COLUMNS: [&str; 2] = ["archive_sha256", "path"];

/// An archive with rows of at least 100 bytes for each of its files, and a large one at the end.
fn archive(files: usize, large: usize) -> Vec<u8> {
    let tar = (0..files).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>98}"), "")
    });
    tar.file("large", noise(large)).end()
}

fn ask(url: &str) -> Answered {
    ask_with(1024, "entries", &COLUMNS, Some(url))
}

#[test]
fn every_row_has_the_digest_of_the_body() {
    for large in [COLLECTED, STREAMED] {
        let body = archive(9_000, large);
        let (_server, url) = serve(Answer::ok(body.clone()));
        let answered = ask(&url);
        let done = RowsDone {
            status: Status::Succeeded,
            rows: 9_001,
        };
        assert_eq!(answered.done(), done);
        assert!(answered.frames.len() > 2);
        let digest = Value::from(sha256(&body));
        assert!(
            answered
                .column("archive_sha256")
                .iter()
                .all(|it| *it == digest)
        );
        assert_eq!(answered.column("path")[8_999], format!("{:0>98}", 8_999));
    }
}

#[test]
fn rows_of_a_body_that_does_not_arrive_whole_have_none() {
    for large in [COLLECTED, STREAMED] {
        let body = archive(100, large);
        let cut = body.len() - 2_000;
        let (_server, url) = serve(Answer::ok(body).cut_after(cut));
        let answered = ask(&url);
        let (code, _, rows) = answered.error();
        assert_eq!((code, rows), (ErrorCode::Truncated, 100));
        assert_eq!(answered.column("archive_sha256"), vec![Value::Null; 100]);
    }
}

#[test]
fn a_download_that_breaks_starts_again_since_no_row_has_left() {
    let body = archive(9_000, STREAMED);
    let broken = Answer::ok(body.clone()).cut_after(body.len() - 1_000);
    let server = Server::start(Routes::new().on_each("/x", [broken, Answer::ok(body)]));
    let answered = ask(&server.url("/x"));
    assert_eq!(answered.done().rows, 9_001);
    assert_eq!(server.request_count("/x"), 2);
}

#[test]
fn a_broken_archive_has_the_digest_in_the_rows_before_the_break() {
    for behind in [COLLECTED, STREAMED] {
        let tar = TarBuilder::new().file("a", "").raw([b'?'; 512]);
        let body = tar.raw(noise(behind)).without_end();
        let (_server, url) = serve(Answer::ok(body.clone()));
        let answered = ask(&url);
        assert_eq!(answered.error().0, ErrorCode::BadTar);
        assert_eq!(answered.column("archive_sha256"), [sha256(&body)]);
    }
}

#[test]
fn more_rows_than_may_wait_end_the_input_with_a_limit_that_tells_what_to_do() {
    // Rows of some 170 bytes: 17 MB.
    let body = archive(99_000, STREAMED);
    let (_server, url) = serve(Answer::ok(body.clone()));
    let answered = ask(&url);
    let (code, message, rows) = answered.error();
    assert_eq!(code, ErrorCode::Limit);
    assert!((90_000..99_000).contains(&rows), "{rows}");
    for part in ["16777216", "archive_sha256", "fetches", &url] {
        assert!(message.contains(part), "{message}");
    }
    let digest = Value::from(sha256(&body));
    assert!(
        answered
            .column("archive_sha256")
            .iter()
            .all(|it| *it == digest)
    );
}

/// More bodies than may hold much at once: some give up and are fetched again when it's their turn.
#[test]
fn bodies_that_find_no_place_are_fetched_again() {
    let body = archive(100, COLLECTED);
    let slow = Answer::ok(body.clone()).drip(64 << 10, Duration::from_millis(5));
    let (_server, url) = serve(slow);
    let question = Question {
        table: "entries",
        columns: &COLUMNS,
        url: Some(&url),
        concurrency: 1024,
        copies: 30,
        ..Question::default()
    };
    let answers = question.ask_all();
    let requests: u64 = answers
        .iter()
        .map(|it| it.finished.counter("requests"))
        .sum();
    assert!(requests > 30, "{requests}");
    for answered in answers {
        assert_eq!(answered.finished.counter("retries"), 0);
        assert_eq!(answered.done().rows, 101);
        assert_eq!(answered.column("archive_sha256")[0], sha256(&body));
    }
}
