//! Ends that come from outside.

use std::io::{BufRead, BufReader, Write};
use std::time::{Duration, Instant};

use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Routes, Server};

use crate::harness::{PATIENCE, Worker, command, open};

#[test]
fn the_end_of_stdin_without_end_stops_everything_within_a_second() {
    let server = Server::start(Routes::new().on("/slow", Answer::ok("x").delay(PATIENCE)));
    let mut worker = Worker::open(open("entries", &["path"]));
    worker.input(1, &server.url("/slow"));
    let start = Instant::now();
    worker.stdin = None;
    let (code, message) = worker.failure();
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(code, Some(3));
    assert!(message.contains("without an `end` frame"), "{message}");
}

#[test]
fn the_end_of_stdin_before_open_or_within_a_line_is_the_same() {
    for start in ["", r#"{"type":"open""#] {
        let mut worker = Worker::start();
        worker
            .stdin
            .take()
            .unwrap()
            .write_all(start.as_bytes())
            .unwrap();
        assert_eq!(worker.failure().0, Some(3));
    }
}

#[test]
fn a_closed_stdout_ends_the_worker_quietly() {
    let mut worker = Worker::open(open("fetches", &["worker_version"]));
    let mut unused = command().arg("describe").spawn().unwrap();
    worker.stdout = BufReader::new(unused.stdout.take().unwrap());
    unused.wait().unwrap();
    worker.input(1, "http://example.org/");
    let (code, message) = worker.failure();
    assert_eq!((code, message.as_str()), (Some(0), ""));
}

#[test]
fn the_end_of_stdin_counts_while_the_output_is_blocked() {
    let tar = (0..9000).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>90}"), "")
    });
    let server = Server::start(Routes::new().on("/many", Answer::ok(gzip(tar.end()))));
    let mut worker = Worker::open(open("entries", &["path"]));
    for id in 1..=64 {
        worker.input(id, &server.url("/many"));
    }
    // One byte of rows is there, and far more than a pipe holds is behind it.
    worker.stdout.fill_buf().unwrap();
    let start = Instant::now();
    worker.stdin = None;
    assert_eq!(worker.failure().0, Some(3));
    assert!(start.elapsed() < Duration::from_secs(1));
}
