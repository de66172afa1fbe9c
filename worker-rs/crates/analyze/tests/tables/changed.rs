//! Inputs that can't be continued: the body is another one by now, or the token is no good.

use rustpipe_protocol::ErrorCode;
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Count};

use crate::harness::{Question, noise, serve};
use crate::resume::{FILES, READ, assert_continues, points, question, serve_each, tar};

/// A body in which the first file's content is another one.
fn with_another_first_content() -> Vec<u8> {
    let mut tar = tar(300).end();
    tar[600] ^= 1;
    tar
}

#[test]
fn another_body_ends_with_content_changed_behind_the_rows_that_have_left() {
    let body = tar(300).end();
    let (_server, url) = serve(Answer::ok(body.clone()));
    let undisturbed = question(&url).ask();
    let (rows, bytes) = points(&undisturbed)[1];
    // Twice as many, enough for frames of them to fill.
    let more_rows = (0..2 * FILES).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>80}"), "")
    });
    let others = [
        ("one byte", with_another_first_content()),
        ("no archive", noise(body.len())),
        ("more rows in fewer bytes", more_rows.end()),
        ("shorter", body[..bytes - 1].to_vec()),
        ("empty", Vec::new()),
    ];
    for (name, other) in others {
        let left = Count::default();
        let broken = Answer::ok(body.clone()).reset_after(bytes + READ);
        let (_server, url) = serve_each(vec![broken.once(&left, rows), Answer::ok(other.clone())]);
        let retried = Question {
            left,
            ..question(&url)
        };
        let retried = retried.ask();
        let (code, message, count) = retried.error();
        // What had left may be more than was waited for, by what one job has read.
        assert_eq!(code, ErrorCode::ContentChanged, "{name}: {message}");
        assert!(count >= rows, "{name}: {count}");
        let behind = usize::try_from(count).unwrap();
        assert!(retried.rows() == undisturbed.rows()[..behind], "{name}");
        assert!(message.contains(&url) && message.contains("in a new query"));

        let (_server, url) = serve(Answer::ok(other));
        let token = &undisturbed.tokens()[1].1;
        let replayed = Question {
            resume: Some(token),
            ..question(&url)
        };
        let replayed = replayed.ask();
        assert_eq!(replayed.frames.len(), 1, "{name}");
        assert_eq!(replayed.error().0, ErrorCode::ContentChanged, "{name}");
        assert_eq!(replayed.error().2, rows, "{name}");
        let how = match name {
            "shorter" => format!("it has {} bytes", bytes - 1),
            "empty" => "it has 0 bytes".to_owned(),
            _ => "they are others".to_owned(),
        };
        assert!(replayed.error().1.contains(&how), "{name}");
        if name.starts_with("more rows") {
            // It is seen at the first of them.
            assert!(replayed.finished.counter("bytes_downloaded") < bytes as u64);
        }
    }
}

#[test]
fn another_body_in_hand_is_seen_as_well() {
    let body = gzip(tar(10).end());
    let (_server, url) = serve(Answer::ok(body.clone()));
    let ask = |url: &str, resume: Option<&str>| {
        let question = Question {
            concurrency: 64,
            resume,
            ..question(url)
        };
        question.ask()
    };
    let (rows, token) = ask(&url, None).tokens().remove(0);
    let mut other = body.clone();
    other[4] ^= 1;
    for other in [other, body[..body.len() - 1].to_vec()] {
        let (_server, url) = serve(Answer::ok(other));
        let replayed = ask(&url, Some(&token));
        let (code, _, count) = replayed.error();
        assert_eq!((code, count), (ErrorCode::ContentChanged, rows));
        assert_eq!(replayed.frames.len(), 1);
    }
}

#[test]
fn a_body_that_was_in_hand_and_has_grown_is_read_in_pieces() {
    let body = gzip(tar(100).end());
    assert!(
        body.len() > 256 << 10,
        "larger than what is collected at 1024"
    );
    let (_server, url) = serve(Answer::ok(body.clone()));
    let whole = Question {
        concurrency: 64,
        ..question(&url)
    };
    let whole = whole.ask();
    let grown = [body, noise(20 << 20)].concat();
    let (_server, url) = serve(Answer::ok(grown));
    assert_continues("grown", &whole, |token| {
        let grown = Question {
            resume: Some(token),
            ..question(&url)
        };
        grown.ask()
    });
}

#[test]
fn what_is_no_token_is_bad_input_before_any_request() {
    let (server, url) = serve(Answer::ok("x"));
    for token in ["", "garbage", "s.1.1.x", "w.1.999999999999.x"] {
        let question = Question {
            resume: Some(token),
            ..question(&url)
        };
        let answered = question.ask();
        let (code, message, rows) = answered.error();
        assert_eq!((code, rows), (ErrorCode::BadInput, 0), "{token}");
        assert!(message.contains("resume token") && message.contains(&url));
    }
    let fetches = Question {
        columns: &["status", "error_code"],
        url: Some(&url),
        resume: Some("s.1.0.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
        ..Question::default()
    };
    let fetches = fetches.ask();
    assert_eq!(fetches.column("error_code"), ["BAD_INPUT"]);
    assert_eq!(server.request_count("/x"), 0);
}

#[test]
fn a_token_of_another_query_is_bad_input() {
    let (_server, url) = serve(Answer::ok(gzip(tar(300).end())));
    let (left, token) = question(&url).ask().tokens().remove(0);
    let foreign = token.replacen(&left.to_string(), "1000000", 1);
    let question = Question {
        resume: Some(&foreign),
        ..question(&url)
    };
    let answered = question.ask();
    let (code, message, rows) = answered.error();
    assert_eq!((code, rows), (ErrorCode::BadInput, 1_000_000));
    assert!(message.contains("988000 fewer"), "{message}");
    assert_eq!(answered.frames.len(), 1);
}
