//! What the network does to the rows, and what the columns make of the network.

use rustpipe_protocol::{ErrorCode, RowsDone, Status};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::{Value, json};

use crate::harness::{ask, ask_with, broken_early, noise, serve, sha256};

#[test]
fn rows_are_the_same_however_large_a_body_is_collected() {
    let tar = (0..40).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("file-{n}"), noise(20_000 + n))
    });
    let body = gzip(tar.directory("end/").end());
    assert!(body.len() > 512 << 10, "streamed at concurrency 1024");
    let (_server, url) = serve(Answer::ok(body.clone()));
    let whole = ask_with(64, "entries", &["*"], Some(&url));
    let streamed = ask_with(1024, "entries", &["*"], Some(&url));
    assert_eq!(whole.rows(), streamed.rows());
    assert_eq!(
        whole.done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 41
        }
    );
    assert_eq!(streamed.done(), whole.done());
    for concurrency in [64, 1024] {
        let fetch = ask_with(
            concurrency,
            "fetches",
            &["sha256", "entry_count"],
            Some(&url),
        );
        assert_eq!(
            Value::from(fetch.rows().remove(0)),
            json!({"sha256": sha256(&body), "entry_count": 41})
        );
    }
}

#[test]
fn a_download_that_breaks_starts_again() {
    let tar = (0..20).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("file-{n}"), noise(50_000 + n))
    });
    let body = gzip(tar.end());
    let broken = Answer::ok(body.clone()).cut_after(body.len() * 3 / 4);
    let server = Server::start(Routes::new().on_each("/x", [broken, Answer::ok(body)]));
    let answered = ask_with(1024, "entries", &["path"], Some(&server.url("/x")));
    assert_eq!(
        answered.done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 20
        }
    );
    assert_eq!(server.request_count("/x"), 2);
    assert_eq!(answered.finished.counter("retries"), 1);
}

#[test]
fn a_download_that_breaks_for_good_keeps_the_rows_read_whole() {
    let tar = (0..20)
        .fold(TarBuilder::new(), |tar, n| {
            tar.file(format!("file-{n}"), noise(50_000 + n))
        })
        .end();
    let cut = tar.len() / 2 - 1000;
    let (_server, url) = serve(Answer::ok(tar).cut_after(cut));
    for concurrency in [64, 1024] {
        let answered = ask_with(concurrency, "entries", &["entry_index"], Some(&url));
        let (code, _, rows) = answered.error();
        assert_eq!(
            (code, rows),
            (ErrorCode::Truncated, 9),
            "concurrency {concurrency}"
        );
        assert_eq!(answered.rows().len(), 9);
    }
}

#[test]
fn rows_of_an_attempt_that_was_given_up_are_void() {
    let tar = (0..20)
        .fold(TarBuilder::new(), |tar, n| {
            tar.file(format!("file-{n}"), noise(50_000 + n))
        })
        .end();
    let cut = tar.len() / 2;
    for concurrency in [64, 1024] {
        let broken = Answer::ok(tar.clone()).cut_after(cut);
        let server = Server::start(Routes::new().on_each("/x", [broken, Answer::status(404)]));
        let url = server.url("/x");
        let answered = ask_with(concurrency, "entries", &["path"], Some(&url));
        let (code, _, rows) = answered.error();
        assert_eq!((code, rows), (ErrorCode::HttpStatus, 0));
        assert_eq!(answered.frames.len(), 1, "concurrency {concurrency}");
    }
}

#[test]
fn a_download_that_breaks_for_good_after_rows_have_left_ends_behind_all_that_were_read() {
    let many = (0..9000).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>80}"), "")
    });
    let tar = many.file("large", noise(1 << 20)).end();
    let cut = tar.len() - (512 << 10);
    let server = Server::start(Routes::new().on("/x", Answer::ok(tar).cut_after(cut)));
    let answered = ask_with(
        1024,
        "entries",
        &["entry_index", "path"],
        Some(&server.url("/x")),
    );
    let (code, _, rows) = answered.error();
    assert_eq!((code, rows), (ErrorCode::Truncated, 9000));
    assert_eq!(
        answered.column("entry_index"),
        (0..9000).map(Value::from).collect::<Vec<_>>()
    );
    assert_eq!(server.request_count("/x"), 3);
}

#[test]
fn a_broken_archive_ends_its_download_only_where_the_body_is_not_wanted() {
    let body = broken_early();
    let (_server, url) = serve(Answer::ok(body.clone()));
    let entries = ask_with(1024, "entries", &["path"], Some(&url));
    assert_eq!(
        (entries.error().0, entries.rows().len()),
        (ErrorCode::BadTar, 1)
    );
    assert!(entries.finished.counter("bytes_downloaded") < body.len() as u64);
    let fetches = ask_with(1024, "fetches", &["status", "sha256"], Some(&url));
    assert_eq!(fetches.column("status"), ["PARTIALLY_SUCCEEDED"]);
    assert_eq!(fetches.column("sha256"), [sha256(&body)]);
}

#[test]
fn columns_that_need_no_request_make_none() {
    let server = Server::start(Routes::new().on("/x", Answer::ok("x")));
    let url = server.url("/x");
    let answered = ask("fetches", &["worker_version"], Some(&url));
    assert_eq!(
        answered.column("worker_version"),
        [env!("CARGO_PKG_VERSION")]
    );
    assert_eq!(
        ask("fetches", &[], Some(&url)).done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 1
        }
    );
    assert_eq!(server.request_count("/x"), 0);
}

#[test]
fn columns_of_the_head_do_not_read_the_body() {
    let (_server, url) = serve(
        Answer::ok(noise(100))
            .content_length(1 << 40)
            .hang_after(100),
    );
    let answered = ask(
        "fetches",
        &["http_status", "content_length", "final_url"],
        Some(&url),
    );
    let row = json!({"http_status": 200, "content_length": 1_u64 << 40, "final_url": url});
    assert_eq!(Value::from(answered.rows().remove(0)), row);
}

#[test]
fn an_address_that_is_not_opened_is_refused() {
    let answered = ask(
        "entries",
        &["path"],
        Some("http://169.254.169.254/latest/meta-data"),
    );
    assert_eq!(answered.error().0, ErrorCode::BlockedAddress);
}
