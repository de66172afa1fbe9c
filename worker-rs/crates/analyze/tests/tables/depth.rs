//! What each class of columns costs, and what the option `depth` takes away.

use rustpipe_analyze::Cost;
use rustpipe_protocol::{Status, TableRows};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::Value;

use crate::harness::{Answered, Question, noise};

const CONTENT: usize = 100_000;

fn archive() -> (Vec<u8>, u64) {
    let tar = TarBuilder::new()
        .file("a/x", noise(CONTENT))
        .symlink("a/y", "x")
        .end();
    let length = tar.len() as u64;
    (gzip(tar), length)
}

/// Requests, and bytes downloaded, unpacked and hashed.
fn work(answered: &Answered) -> [u64; 4] {
    let finished = &answered.finished;
    [
        finished.counter("requests"),
        finished.counter("bytes_downloaded"),
        finished.counter("uncompressed_bytes"),
        finished.counter("hashed_bytes"),
    ]
}

#[test]
fn each_column_costs_what_it_needs_and_no_more() {
    let (body, unpacked) = archive();
    let server = Server::start(Routes::new().on("/x", Answer::ok(body.clone())));
    let url = server.url("/x");
    let cost = |table, columns: &[&str]| {
        let question = Question {
            table,
            columns,
            url: Some(&url),
            ..Question::default()
        };
        work(&question.ask())
    };
    let (length, content) = (body.len() as u64, CONTENT as u64);
    assert_eq!(cost("fetches", &[]), [0; 4]);
    assert_eq!(
        cost("fetches", &["worker_version", "worker_sha256"]),
        [0; 4]
    );
    assert_eq!(cost("fetches", &["expected_integrity"]), [0; 4]);
    assert_eq!(server.request_count("/x"), 0);
    assert_eq!(
        cost("fetches", &["http_status", "etag", "remote_ip"]),
        [1, 0, 0, 0]
    );
    assert_eq!(
        cost("fetches", &["bytes_downloaded", "fetch_ms"]),
        [1, length, 0, 0]
    );
    assert_eq!(cost("fetches", &["sha256"]), [1, length, 0, length]);
    assert_eq!(
        cost("fetches", &["sha1", "sha256", "sha512"]),
        [1, length, 0, 3 * length]
    );
    assert_eq!(
        cost("fetches", &["status", "entry_count", "anomalies"]),
        [1, length, unpacked, 0]
    );
    assert_eq!(
        cost("fetches", &["status", "sha256"]),
        [1, length, unpacked, length]
    );
    assert_eq!(cost("entries", &[]), [1, length, unpacked, 0]);
    assert_eq!(cost("entries", &["path", "size"]), [1, length, unpacked, 0]);
    assert_eq!(
        cost("entries", &["path", "is_text", "lines", "content"]),
        [1, length, unpacked, 0]
    );
    assert_eq!(cost("entries", &["sha256"]), [1, length, unpacked, content]);
    assert_eq!(
        cost("entries", &["sha256", "sha1", "md5"]),
        [1, length, unpacked, 3 * content]
    );
    assert_eq!(
        cost("entries", &["archive_sha256"]),
        [1, length, unpacked, length]
    );
}

#[test]
fn the_head_alone_ends_the_transfer_behind_it() {
    let endless = Answer::ok(noise(100))
        .content_length(1 << 40)
        .hang_after(100);
    let server = Server::start(Routes::new().on("/x", endless));
    let url = server.url("/x");
    for (columns, depth) in [
        (&["http_status"][..], Cost::Content),
        (&["status", "sha256", "entry_count"], Cost::Head),
    ] {
        let question = Question {
            columns,
            url: Some(&url),
            depth,
            ..Question::default()
        };
        assert_eq!(work(&question.ask()), [1, 0, 0, 0]);
    }
}

#[test]
fn a_lesser_depth_makes_null_what_needs_more_and_changes_nothing_else() {
    let (body, _) = archive();
    let server = Server::start(Routes::new().on("/x", Answer::ok(body)));
    let url = server.url("/x");
    let timed = ["fetched_at", "wait_ms", "fetch_ms", "scan_ms"];
    for table in rustpipe_analyze::tables() {
        let ask = |depth| {
            let question = Question {
                table: &table.name,
                url: Some(&url),
                depth,
                ..Question::default()
            };
            question.ask().rows()
        };
        let full = ask(Cost::Content);
        let least = match table.rows_per_input {
            TableRows::One => 0,
            TableRows::Many => 2,
        };
        for depth in &Cost::DEPTHS[least..] {
            let rows = ask(*depth);
            assert_eq!(rows.len(), full.len());
            for (row, full) in rows.iter().zip(&full) {
                for column in &table.columns {
                    let (value, full) = (&row[&column.name], &full[&column.name]);
                    let is_deeper = Cost::DEPTHS
                        .iter()
                        .any(|cost| cost > depth && cost.as_str() == column.cost);
                    let case = format!("{} at {depth:?}: {value}", column.name);
                    if is_deeper && column.nullable {
                        assert_eq!(value, &Value::Null, "{case}");
                    } else if !timed.contains(&column.name.as_str()) {
                        assert_eq!(value, full, "{case}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_status_speaks_of_what_was_done() {
    let server = Server::start(Routes::new().on("/page", Answer::ok("<html>")));
    let url = server.url("/page");
    for (depth, status) in [
        (Cost::Head, Status::Succeeded),
        (Cost::Body, Status::Succeeded),
        (Cost::Entries, Status::PartiallySucceeded),
    ] {
        let question = Question {
            columns: &["status"],
            url: Some(&url),
            depth,
            ..Question::default()
        };
        assert_eq!(question.ask().done().status, status, "{depth:?}");
    }
}
