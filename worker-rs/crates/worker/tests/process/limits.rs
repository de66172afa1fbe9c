//! Limits that `open` sets: each ends an input that is over it, by name.

use rustpipe_protocol::FromWorker;
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::Value;

use crate::harness::{Worker, open};

/// Error code and message of a good archive of some 2 MiB, with these options.
fn verdict(options: &[(&str, &str)]) -> (String, String) {
    let tar = TarBuilder::new()
        .file("a", vec![0; 1 << 20])
        .file("b".repeat(60), vec![0; 1 << 20])
        .file("c".repeat(60), "")
        .end();
    let server = Server::start(
        Routes::new()
            .on("/a", Answer::redirect(302, "/b"))
            .on("/b", Answer::ok(gzip(tar))),
    );
    let mut open = open("fetches", &["error_code", "error_message"]);
    for (name, value) in [("maxRatio", "1000"), ("maxEntryTextBytes", "1KiB")]
        .iter()
        .chain(options)
    {
        open.options.insert((*name).to_owned(), (*value).to_owned());
    }
    let mut worker = Worker::open(open);
    worker.input(1, &server.url("/a"));
    let FromWorker::Rows { rows, .. } = worker.receive() else {
        panic!("no rows")
    };
    worker.end();
    let text = |at: usize| rows[0][at].as_str().unwrap_or_default().to_owned();
    assert_eq!(rows[0][0] == Value::Null, rows[0][1] == Value::Null);
    (text(0), text(1))
}

#[test]
fn an_archive_within_all_limits_is_read() {
    assert_eq!(verdict(&[]), (String::new(), String::new()));
}

#[test]
fn what_is_over_a_limit_ends_with_its_option_and_value() {
    for (name, value, code, shown) in [
        ("maxRedirects", "0", "TOO_MANY_REDIRECTS", " 0 times"),
        ("maxBodyBytes", "1KiB", "TOO_LARGE", "1024 bytes"),
        ("maxUncompressedBytes", "1MiB", "LIMIT", "1048576 allowed"),
        ("maxRatio", "10", "LIMIT", "10 allowed"),
        ("maxEntries", "2", "LIMIT", "2 allowed"),
    ] {
        let (seen, message) = verdict(&[(name, value)]);
        assert_eq!(seen, code, "{name}: {message}");
        let option = format!("the option {name} sets");
        assert!(
            message.contains(&option) && message.contains(shown),
            "{message}"
        );
    }
}

#[test]
fn names_may_be_long_only_within_their_limit() {
    let long = TarBuilder::new().file("d".repeat(90), "");
    let tar = (0..12).fold(long, |tar, n| {
        tar.file(format!("{n}{}", "d".repeat(90)), "")
    });
    let server = Server::start(Routes::new().on("/a", Answer::ok(gzip(tar.end()))));
    for (value, code) in [("1KiB", "\"LIMIT\""), ("2KiB", "null")] {
        let mut open = open("fetches", &["error_code"]);
        open.options
            .insert("maxEntryTextBytes".to_owned(), value.to_owned());
        let mut worker = Worker::open(open);
        worker.input(1, &server.url("/a"));
        let FromWorker::Rows { rows, .. } = worker.receive() else {
            panic!("no rows")
        };
        worker.end();
        assert_eq!(rows[0][0].to_string(), code, "{value}");
    }
}
