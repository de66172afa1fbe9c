//! Conversations that go well.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::process::Output;
use std::time::{Duration, Instant};

use rustpipe_protocol::{
    Description, ErrorCode, FromConnector, FromWorker, LINE_IN_BYTES, Open, RowsDone, Status,
    VERSION, Window,
};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::{Value, json};

use crate::harness::{PATIENCE, Worker, broken_at_500, command, open};

#[test]
fn describe_prints_one_line_and_needs_nothing() {
    let Output {
        status,
        stdout,
        stderr,
    } = command().arg("describe").output().unwrap();
    assert!(status.success() && stderr.is_empty());
    assert_eq!(
        stdout.iter().position(|&byte| byte == b'\n'),
        Some(stdout.len() - 1)
    );
    let description: Description = serde_json::from_slice(&stdout).unwrap();
    assert_eq!(description.protocol, [VERSION]);
    let tables: Vec<_> = description
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(tables, ["fetches", "entries"]);
    let options: Vec<_> = description
        .options
        .iter()
        .map(|option| option.name.as_str())
        .collect();
    for name in [
        "concurrency",
        "idleTimeout",
        "maxEntries",
        "allowedNetworks",
    ] {
        assert!(options.contains(&name), "{name} is not in {options:?}");
    }
}

#[test]
fn a_conversation_from_open_to_bye() {
    let routes = Routes::new()
        .on(
            "/good",
            Answer::ok(gzip(
                TarBuilder::new().file("a", "12345").file("b", "").end(),
            )),
        )
        .on("/broken", Answer::ok(broken_at_500()));
    let server = Server::start(routes);
    let mut worker = Worker::start();
    worker.send(&FromConnector::Open(open("entries", &["path", "size"])));
    let FromWorker::Hello {
        version,
        name,
        columns,
        window,
        ..
    } = worker.receive()
    else {
        panic!("no hello")
    };
    assert_eq!(
        (version, name.as_str(), window.inputs),
        (VERSION, "rustpipe-worker", 128)
    );
    let columns: Vec<_> = columns
        .iter()
        .map(|column| format!("{} {}", column.name, column.r#type))
        .collect();
    assert_eq!(columns, ["path string", "size bigint"]);

    worker.input(1, &server.url("/good"));
    let done = RowsDone {
        status: Status::Succeeded,
        rows: 2,
    };
    let rows = vec![vec![json!("a"), json!(5)], vec![json!("b"), json!(0)]];
    assert_eq!(
        worker.receive(),
        FromWorker::Rows {
            id: 1,
            rows,
            resume: None,
            done: Some(done)
        }
    );

    worker.input(2, &server.url("/broken"));
    let FromWorker::Rows {
        id: 2,
        rows,
        done: None,
        ..
    } = worker.receive()
    else {
        panic!("no rows")
    };
    assert_eq!(rows.len(), 499);
    let FromWorker::Error {
        id: 2,
        code,
        retryable,
        rows,
        ..
    } = worker.receive()
    else {
        panic!("no error")
    };
    assert_eq!((code, retryable, rows), (ErrorCode::BadTar, false, 499));

    worker.input(3, &server.url("/missing"));
    let FromWorker::Error {
        id: 3,
        code,
        rows: 0,
        ..
    } = worker.receive()
    else {
        panic!("no error")
    };
    assert_eq!(code, ErrorCode::HttpStatus);

    let (frames, counters) = worker.end();
    assert_eq!(
        frames,
        [FromWorker::Bye {
            inputs: 3,
            rows: 501,
            errors: 2
        }]
    );
    let names = [
        "inputs_done",
        "rows",
        "errors",
        "requests",
        "retries",
        "entries",
        "hashed_bytes",
    ];
    assert_eq!(names.map(|name| counters[name]), [3, 501, 2, 3, 0, 501, 0]);
    assert!(counters["bytes_downloaded"] > 0 && counters["uncompressed_bytes"] > 0);
}

#[test]
fn every_input_of_fetches_has_one_row() {
    let server = Server::start(Routes::new().on("/page", Answer::ok("<html>")));
    let mut worker = Worker::open(open("fetches", &["error_code"]));
    let urls = [
        server.url("/page"),
        server.url("/missing"),
        "ftp://x/y".to_owned(),
        "no url".to_owned(),
    ];
    for (id, url) in (1..).zip(&urls) {
        worker.input(id, url);
    }
    worker.send_line(r#"{"type":"in","id":5,"input":{}}"#);
    let (frames, _) = worker.end();
    let mut codes = BTreeMap::new();
    for frame in &frames {
        if let FromWorker::Rows {
            id,
            rows,
            done: Some(RowsDone { rows: 1, .. }),
            ..
        } = frame
        {
            codes.insert(*id, rows[0][0].clone());
        }
    }
    let expected = [
        "NOT_AN_ARCHIVE",
        "HTTP_STATUS",
        "BAD_SCHEME",
        "BAD_URL",
        "BAD_URL",
    ];
    assert_eq!(
        codes.into_values().collect::<Vec<_>>(),
        expected.map(Value::from)
    );
    assert_eq!(
        frames.last(),
        Some(&FromWorker::Bye {
            inputs: 5,
            rows: 5,
            errors: 0
        })
    );
}

#[test]
fn a_depth_bounds_what_is_done_for_any_column() {
    let server = Server::start(Routes::new().on("/page", Answer::ok("<html>")));
    let columns = ["status", "http_status", "sha256", "entry_count"];
    for (depth, row, bytes) in [
        ("head", json!(["SUCCEEDED", 200, null, null]), [0, 0]),
        (
            "body",
            json!(["SUCCEEDED", 200, sha256_of_page(), null]),
            [6, 6],
        ),
        (
            "entries",
            json!(["PARTIALLY_SUCCEEDED", 200, sha256_of_page(), null]),
            [6, 6],
        ),
    ] {
        let mut open = open("fetches", &columns);
        open.options.insert("depth".to_owned(), depth.to_owned());
        let mut worker = Worker::open(open);
        worker.input(1, &server.url("/page"));
        let FromWorker::Rows { rows, .. } = worker.receive() else {
            panic!("no rows")
        };
        assert_eq!(Value::from(rows[0].clone()), row, "{depth}");
        let (_, counters) = worker.end();
        assert_eq!(
            [counters["bytes_downloaded"], counters["hashed_bytes"]],
            bytes,
            "{depth}"
        );
    }
}

/// Of `<html>`.
fn sha256_of_page() -> &'static str {
    "b7d082ee12e91b756ea22e8513b8594eebcf5d39fab813da3cb55794dc888ad7"
}

#[test]
fn no_inputs_are_fine() {
    let (frames, _) = Worker::open(open("entries", &[])).end();
    assert_eq!(
        frames,
        [FromWorker::Bye {
            inputs: 0,
            rows: 0,
            errors: 0
        }]
    );
}

#[test]
fn the_longest_line_is_read() {
    let mut worker = Worker::open(open("fetches", &["worker_version"]));
    let line = r#"{"type":"in","id":1,"input":{}}"#;
    worker.send_line(&format!("{line}{}", " ".repeat(LINE_IN_BYTES - line.len())));
    assert!(matches!(worker.receive(), FromWorker::Rows { id: 1, .. }));
}

#[test]
fn a_full_window_is_refilled_as_inputs_end_however_many() {
    let window = Window {
        inputs: 4,
        bytes: 1 << 20,
    };
    let mut worker = Worker::open(Open {
        window,
        ..open("fetches", &["worker_version"])
    });
    for id in 1..=4 {
        worker.input(id, "http://example.org/");
    }
    for id in 5..=5000 {
        assert!(matches!(worker.receive(), FromWorker::Rows { .. }));
        worker.input(id, "http://example.org/");
    }
    let (frames, _) = worker.end();
    assert_eq!(
        frames.last(),
        Some(&FromWorker::Bye {
            inputs: 5000,
            rows: 5000,
            errors: 0
        })
    );
}

#[test]
fn inputs_are_read_up_to_the_window_while_nobody_reads_the_output() {
    let tar = (0..9000).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>90}"), "")
    });
    let server = Server::start(Routes::new().on("/many", Answer::ok(gzip(tar.end()))));
    let mut worker = Worker::open(open("entries", &["path"]));
    // Inputs and rows are each far more than pipes and queues hold: writing the ones must not wait for the others.
    let url = server.url(&format!("/many?{}", "x".repeat(8 << 10)));
    for id in 1..=64 {
        worker.input(id, &url);
    }
    let (frames, _) = worker.end();
    assert_eq!(
        frames.last(),
        Some(&FromWorker::Bye {
            inputs: 64,
            rows: 64 * 9000,
            errors: 0
        })
    );
}

#[test]
fn a_heartbeat_comes_while_inputs_are_slow() {
    let server = Server::start(Routes::new().on("/slow", Answer::ok("x").delay(PATIENCE)));
    let mut worker = Worker::open(open("entries", &["path"]));
    worker.input(1, &server.url("/slow"));
    let start = Instant::now();
    let mut line = String::new();
    worker.stdout.read_line(&mut line).unwrap();
    assert!(
        line.starts_with(r#"{"type":"metrics","counters":{"#),
        "{line}"
    );
    assert!(start.elapsed() < Duration::from_secs(5));
    worker.stdin = None;
    worker.wait();
}
