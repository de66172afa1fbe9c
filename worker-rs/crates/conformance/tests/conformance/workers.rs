//! The workers of this project keep the rules.

use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::json;

use crate::harness::{conformance, sibling};

#[test]
fn the_bundled_worker_keeps_all_rules() {
    let tar = (0..9_000).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>90}"), "")
    });
    let server = Server::start(
        Routes::new()
            .on("/many", Answer::ok(gzip(tar.end())))
            .on("/none", Answer::ok(gzip(TarBuilder::new().end()))),
    );
    let many = json!({"url": server.url("/many")}).to_string();
    let none = json!({"url": server.url("/none")}).to_string();
    let worker = sibling("rustpipe-worker");
    let words = |table| {
        vec![
            "--table",
            table,
            "--option",
            "allowedNetworks=127.0.0.0/8",
            "--input",
            &many,
            "--input",
            &none,
            "--",
            &worker,
        ]
    };
    conformance(&words("entries")).assert_all_kept_but(&["one-row"]);
    conformance(&words("fetches")).assert_all_kept_but(&["error-codes", "resume"]);
}

#[test]
fn without_inputs_it_is_asked_for_an_address_that_it_refuses() {
    let worker = sibling("rustpipe-worker");
    let outcome = conformance(&["--table", "entries", "--", &worker]);
    assert_eq!(outcome.broken(), [""; 0], "{}", outcome.stdout);
    assert!(
        outcome.kept().contains(&"error-codes"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("not tried  row-values: "),
        "{}",
        outcome.stdout
    );
}

#[test]
fn the_worker_that_invents_rows_keeps_all_rules() {
    let worker = sibling("rustpipe-rows");
    for table in ["plain", "nested", "nulls", "escaped", "unicode"] {
        let outcome = conformance(&[
            "--table",
            table,
            "--input",
            r#"{"url":"rows:100"}"#,
            "--input",
            r#"{"url":"rows:0"}"#,
            "--",
            &worker,
        ]);
        outcome.assert_all_kept_but(&["one-row", "resume"]);
    }
}
