//! What the worker refuses, and how it says so.

use std::io::Write;

use rustpipe_protocol::{FromConnector, FromWorker, LINE_IN_BYTES, Open, Window};
use rustpipe_testkit::server::{Answer, Routes, Server};

use crate::harness::{PATIENCE, Worker, open, refusal, with_option};

#[test]
fn an_oversized_line_names_the_limit() {
    let mut worker = Worker::open(open("entries", &["path"]));
    let line = vec![b' '; LINE_IN_BYTES + 1];
    // The worker may be gone before it has read all.
    drop(worker.stdin.as_mut().unwrap().write_all(&line));
    let (code, message) = worker.failure();
    assert_eq!(code, Some(2));
    assert!(message.contains("limit of 1048576 bytes"), "{message}");
}

#[test]
fn what_open_asks_in_vain_is_named_with_the_remedy() {
    let version = Open {
        version: 2,
        ..open("entries", &[])
    };
    let cases = [
        (version, vec!["version 2", "version 1"]),
        (open("files", &[]), vec!["'files'", "fetches, entries"]),
        (open("entries", &["path", "sha3"]), vec!["'sha3'", "sha256"]),
        (
            Open {
                table: "entries".to_owned(),
                ..with_option("depth", "head")
            },
            vec!["'entries'", "'head'", "fetches"],
        ),
        (
            with_option("allowedNetworks", "10.0.0.0/99"),
            vec!["'10.0.0.0/99'", "10.0.0.0/8"],
        ),
        (with_option("concurrency", "0"), vec!["'0'", "1 to 1024"]),
        (
            with_option("idleTimeout", "30"),
            vec!["idleTimeout", "'30'", "1ms to 1h"],
        ),
        (
            with_option("concurency", "1"),
            vec!["'concurency'", "concurrency"],
        ),
    ];
    for (open, parts) in cases {
        let (code, message) = refusal(open);
        assert_eq!(code, Some(2));
        for part in parts {
            assert!(message.contains(part), "{part} is not in {message}");
        }
    }
}

#[test]
fn a_broken_conversation_is_refused() {
    let cases: [(&[&str], &str); 5] = [
        (&[r#"{"type":"cancel"}"#], "unknown variant `cancel`"),
        (&["not json"], "\"not json\""),
        (
            &[
                r#"{"type":"in","id":2,"input":{}}"#,
                r#"{"type":"in","id":2,"input":{}}"#,
            ],
            "ids must increase",
        ),
        (
            &[
                r#"{"type":"in","id":2,"input":{}}"#,
                r#"{"type":"in","id":1,"input":{}}"#,
            ],
            "ids must increase",
        ),
        (
            &[
                r#"{"type":"open","version":1,"table":"entries","columns":[],"window":{"inputs":1,"bytes":1}}"#,
            ],
            "second `open`",
        ),
    ];
    for (lines, expected) in cases {
        let mut worker = Worker::open(open("entries", &["path"]));
        for line in lines {
            worker.send_line(line);
        }
        let (code, message) = worker.failure();
        assert_eq!(code, Some(2), "{lines:?}");
        assert!(message.contains(expected), "{message}");
    }
    let mut worker = Worker::start();
    worker.send(&FromConnector::End);
    assert!(worker.failure().1.contains("must be `open`, not `end`"));
}

#[test]
fn more_unfinished_inputs_than_the_window_are_refused() {
    let server = Server::start(Routes::new().on("/slow", Answer::ok("x").delay(PATIENCE)));
    let window = Window {
        inputs: 2,
        bytes: 1 << 20,
    };
    let mut worker = Worker::open(Open {
        window,
        ..open("entries", &["path"])
    });
    for id in 1..=3 {
        worker.input(id, &server.url("/slow"));
    }
    let (code, message) = worker.failure();
    assert_eq!(code, Some(2));
    assert!(
        message.contains("input 3 makes 3 unfinished inputs, but the window is 2"),
        "{message}"
    );
}

#[test]
fn more_bytes_than_the_window_are_refused_but_for_a_single_input() {
    let server = Server::start(Routes::new().on("/slow", Answer::ok("x").delay(PATIENCE)));
    let window = Window {
        inputs: 8,
        bytes: 60,
    };
    let mut worker = Worker::open(Open {
        window,
        ..open("fetches", &["worker_version"])
    });
    worker.input(1, &server.url(&format!("/{}", "x".repeat(100))));
    assert!(matches!(worker.receive(), FromWorker::Rows { id: 1, .. }));

    let mut worker = Worker::open(Open {
        window,
        ..open("entries", &["path"])
    });
    worker.input(1, &server.url("/slow"));
    worker.input(2, &server.url("/slow"));
    let (code, message) = worker.failure();
    assert_eq!(code, Some(2));
    assert!(
        message.contains("unfinished bytes, but the window is 60"),
        "{message}"
    );
}
