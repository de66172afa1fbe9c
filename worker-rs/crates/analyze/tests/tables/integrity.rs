//! Bodies that must have the digest which the manifest gives.

use data_encoding::BASE64;
use rustpipe_analyze::Cost;
use rustpipe_protocol::{ErrorCode, Status};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha512};

use crate::harness::{Answered, Question, broken_early, hex, serve, sha256};

fn body() -> Vec<u8> {
    gzip(TarBuilder::new().file("a", "1").file("b", "2").end())
}

fn ask(table: &str, columns: &[&str], url: &str, integrity: &str) -> Answered {
    let question = Question {
        table,
        columns,
        url: Some(url),
        integrity: Some(integrity),
        ..Question::default()
    };
    question.ask()
}

const COLUMNS: [&str; 4] = ["status", "error_code", "integrity_ok", "expected_integrity"];

#[test]
fn a_body_with_the_expected_digest_succeeds() {
    let body = body();
    let (_server, url) = serve(Answer::ok(body.clone()));
    for expected in [
        sha256(&body),
        format!("sha512-{}", BASE64.encode(&Sha512::digest(&body))),
        format!("sha1:{}", hex::<Sha1>(&body)),
    ] {
        let answered = ask("fetches", &COLUMNS, &url, &expected);
        assert_eq!(
            Value::from(answered.rows().remove(0)),
            json!({
                "status": "SUCCEEDED", "error_code": null, "integrity_ok": true, "expected_integrity": expected,
            })
        );
        let entries = ask("entries", &["path"], &url, &expected);
        assert_eq!(entries.done().rows, 2);
        assert_eq!(entries.finished.counter("hashed_bytes"), body.len() as u64);
    }
}

#[test]
fn another_body_is_a_mismatch_in_every_table_after_the_rows_that_were_read() {
    let (_server, url) = serve(Answer::ok(body()));
    let expected = sha256(b"another");
    let fetch = ask("fetches", &COLUMNS, &url, &expected);
    assert_eq!(
        Value::from(fetch.rows().remove(0)),
        json!({
            "status": "FAILED", "error_code": "INTEGRITY_MISMATCH", "integrity_ok": false,
            "expected_integrity": expected,
        })
    );
    let entries = ask("entries", &["path"], &url, &expected);
    let (code, message, rows) = entries.error();
    assert_eq!((code, rows), (ErrorCode::IntegrityMismatch, 2));
    for part in [&expected, &sha256(&body()), &url] {
        assert!(message.contains(part.as_str()), "{message}");
    }
}

#[test]
fn a_mismatch_weighs_more_than_a_broken_archive_and_both_are_listed() {
    let body = broken_early();
    let (_server, url) = serve(Answer::ok(body.clone()));
    let expected = sha256(b"another");
    let fetch = ask("fetches", &["status", "errors"], &url, &expected);
    let errors = fetch.column("errors").remove(0);
    let listed: Vec<_> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error[0].clone(), error[3].clone()))
        .collect();
    assert_eq!(
        listed,
        [
            (json!("integrity"), json!("INTEGRITY_MISMATCH")),
            (json!("archive"), json!("BAD_TAR"))
        ]
    );
    // The download doesn't end with the archive, because the digest needs the rest.
    for concurrency in [64, 1024] {
        let question = Question {
            table: "entries",
            columns: &["path"],
            url: Some(&url),
            integrity: Some(&expected),
            concurrency,
            ..Question::default()
        };
        let entries = question.ask();
        assert_eq!(entries.error().0, ErrorCode::IntegrityMismatch);
        assert_eq!(
            entries.finished.counter("bytes_downloaded"),
            body.len() as u64
        );
    }
}

#[test]
fn a_body_that_does_not_arrive_whole_is_neither_right_nor_wrong() {
    let body = body();
    let cut = body.len() / 2;
    let (_server, url) = serve(Answer::ok(body.clone()).cut_after(cut));
    let fetch = ask("fetches", &COLUMNS, &url, &sha256(&body));
    assert_eq!(fetch.column("error_code"), ["TRUNCATED"]);
    assert_eq!(fetch.column("integrity_ok"), [Value::Null]);
}

#[test]
fn a_value_that_can_not_be_read_is_bad_input_before_any_request() {
    let server = Server::start(Routes::new().on("/x", Answer::ok(body())));
    let url = server.url("/x");
    for columns in [&["http_status"][..], &["status", "error_code"]] {
        ask("fetches", columns, &url, "md5-AAAA");
    }
    let entries = ask("entries", &["path"], &url, "md5-AAAA");
    let (code, message, rows) = entries.error();
    assert_eq!((code, rows), (ErrorCode::BadInput, 0));
    assert!(
        message.contains("'md5-AAAA'") && message.contains(&url),
        "{message}"
    );
    assert_eq!(server.request_count("/x"), 0);
}

#[test]
fn nothing_is_hashed_where_no_one_would_see_a_mismatch() {
    let (_server, url) = serve(Answer::ok(body()));
    let wrong = sha256(b"another");
    let asked = |columns: &[&str], depth| {
        let question = Question {
            columns,
            url: Some(&url),
            integrity: Some(&wrong),
            depth,
            ..Question::default()
        };
        question.ask()
    };
    for columns in [
        &["entry_count"][..],
        &["bytes_downloaded"],
        &["http_status"],
    ] {
        let answered = asked(columns, Cost::Content);
        assert_eq!(answered.finished.counter("hashed_bytes"), 0, "{columns:?}");
    }
    // No body, no digest: the status speaks of what was done.
    let head = asked(&["status"], Cost::Head);
    assert_eq!(head.done().status, Status::Succeeded);
    let body = asked(&["status"], Cost::Body);
    assert_eq!(body.done().status, Status::Failed);
}
