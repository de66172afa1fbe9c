//! The rows of `fetches`, beside the errors that `entries` has for the same.

use rustpipe_protocol::{ErrorCode, RowsDone, Status};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::Answer;
use serde_json::{Value, json};

use sha1::Sha1;
use sha2::Sha512;

use crate::harness::{ask, hex, serve, sha256};

#[test]
fn a_good_archive_fills_every_column_of_fetches() {
    let tar = TarBuilder::new()
        .directory("a/")
        .file("a/x", "hello")
        .symlink("a/y", "x")
        .end();
    let body = gzip(&tar);
    let answer = Answer::ok(body.clone())
        .header("content-type", "application/gzip")
        .header("etag", "\"x\"")
        .header("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    let (_server, url) = serve(answer);
    let answered = ask("fetches", &["*"], Some(&url));
    assert_eq!(
        answered.done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 1
        }
    );
    let rows = answered.rows();
    let mut row = rows[0].clone();
    let fetched_at = row.remove("fetched_at").unwrap();
    assert!(
        fetched_at.as_i64().unwrap() > 1_600_000_000_000_000,
        "{fetched_at}"
    );
    for column in ["fetch_ms", "scan_ms"] {
        assert!(row.remove(column).unwrap().is_u64(), "{column}");
    }
    let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let ratio = row.remove("compression_ratio").unwrap().as_f64().unwrap();
    let [unpacked, packed] =
        [tar.len(), body.len()].map(|length| f64::from(u32::try_from(length).unwrap()));
    assert!((ratio - unpacked / packed).abs() < 1e-9, "{ratio}");
    assert_eq!(
        Value::from(row),
        json!({
            "final_url": url, "redirects": [], "remote_ip": "127.0.0.1", "attempts": 1,
            "status": "SUCCEEDED", "error_code": null, "error_message": null, "http_status": 200,
            "content_type": "application/gzip", "content_length": body.len(),
            "etag": "\"x\"", "last_modified": 784_111_777_000_000_i64, "wait_ms": 0,
            "bytes_downloaded": body.len(), "sha1": hex::<Sha1>(&body), "sha256": sha256(&body), "sha512": hex::<Sha512>(&body),
            "expected_integrity": null, "integrity_ok": null, "archive_format": "tar+gzip", "gzip_members": 1,
            "uncompressed_bytes": tar.len(), "entry_count": 3, "file_count": 1, "root_dirs": ["a"], "trailing_bytes": 0,
            "limits_hit": [], "anomalies": [], "errors": [],
            "worker_version": env!("CARGO_PKG_VERSION"), "worker_sha256": sha256(&own), "ruleset_sha256": null,
        })
    );
    assert_eq!(
        (answered.finished.rows, answered.finished.failed),
        (1, false)
    );
    assert_eq!(
        answered.finished.counter("uncompressed_bytes"),
        tar.len() as u64
    );
}

#[test]
fn a_refused_url_is_a_row_of_fetches_and_an_error_of_entries() {
    let (_server, url) = serve(Answer::status(404));
    let answered = ask(
        "fetches",
        &[
            "status",
            "error_code",
            "http_status",
            "sha256",
            "entry_count",
        ],
        Some(&url),
    );
    assert_eq!(
        answered.done(),
        RowsDone {
            status: Status::Failed,
            rows: 1
        }
    );
    let row = json!({"status": "FAILED", "error_code": "HTTP_STATUS", "http_status": 404, "sha256": null, "entry_count": null});
    assert_eq!(Value::from(answered.rows().remove(0)), row);

    let answered = ask("entries", &["path"], Some(&url));
    let (code, message, rows) = answered.error();
    assert_eq!(
        (code, rows, answered.frames.len()),
        (ErrorCode::HttpStatus, 0, 1)
    );
    assert!(
        message.contains("404") && message.contains(&url),
        "{message}"
    );
    assert!(answered.finished.failed);
}

#[test]
fn an_input_without_url_is_bad_url() {
    assert_eq!(
        ask("fetches", &["error_code"], None).column("error_code"),
        ["BAD_URL"]
    );
    assert_eq!(ask("entries", &["path"], None).error().0, ErrorCode::BadUrl);
}

#[test]
fn a_body_that_is_no_archive_partially_succeeds() {
    let (_server, url) = serve(Answer::ok("<html>"));
    let columns = [
        "status",
        "error_code",
        "sha256",
        "archive_format",
        "uncompressed_bytes",
        "entry_count",
    ];
    let answered = ask("fetches", &columns, Some(&url));
    assert_eq!(answered.done().status, Status::PartiallySucceeded);
    assert_eq!(
        Value::from(answered.rows().remove(0)),
        json!({
            "status": "PARTIALLY_SUCCEEDED", "error_code": "NOT_AN_ARCHIVE", "sha256": sha256(b"<html>"),
            "archive_format": null, "uncompressed_bytes": null, "entry_count": null,
        })
    );
    let answered = ask("entries", &["path"], Some(&url));
    let (code, message, _) = answered.error();
    assert_eq!(code, ErrorCode::NotAnArchive);
    assert!(message.contains(&url), "{message}");
}
