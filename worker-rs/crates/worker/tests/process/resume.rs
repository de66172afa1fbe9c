//! A worker that dies after rows have left, and another one that goes on behind them.

use rustpipe_protocol::{FromWorker, RowsDone, Status};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::Value;

use crate::harness::{Worker, open};

const FILES: u64 = 60_000;

/// The rows of frames, and the last token.
fn read(frames: impl IntoIterator<Item = FromWorker>) -> (Vec<Vec<Value>>, Option<String>) {
    let mut all = Vec::new();
    let mut token = None;
    for frame in frames {
        if let FromWorker::Rows { rows, resume, .. } = frame {
            all.extend(rows);
            token = resume;
        }
    }
    (all, token)
}

#[test]
fn a_second_process_continues_behind_the_rows_of_a_killed_one() {
    let tar = (0..FILES).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>90}"), "")
    });
    // One body is read in pieces, and half of it never comes. The other is in hand before its first row.
    let plain = tar.end();
    let packed = gzip(&plain);
    let half = plain.len() / 2;
    let routes = Routes::new()
        .on_each(
            "/plain",
            [
                Answer::ok(plain.clone()).hang_after(half),
                Answer::ok(plain),
            ],
        )
        .on("/packed", Answer::ok(packed));
    let server = Server::start(routes);
    let columns = ["entry_index", "path"];
    for path in ["/plain", "/packed"] {
        let url = server.url(path);
        let mut first = Worker::open(open("entries", &columns));
        first.input(1, &url);
        let frame = first.receive();
        assert!(matches!(frame, FromWorker::Rows { id: 1, .. }));
        let (mut rows, token) = read([frame].into_iter().chain(first.kill()));
        assert!(rows.len() > 1000, "{path}");

        let mut second = Worker::open(open("entries", &columns));
        second.replay(1, &url, token);
        let (frames, counters) = second.end();
        let bye = FromWorker::Bye {
            inputs: 1,
            rows: FILES,
            errors: 0,
        };
        assert_eq!(frames.last(), Some(&bye), "{path}");
        let Some(FromWorker::Rows {
            done: Some(done), ..
        }) = frames.iter().rev().nth(1)
        else {
            panic!("no end: {frames:?}")
        };
        let expected = RowsDone {
            status: Status::Succeeded,
            rows: FILES,
        };
        assert_eq!(*done, expected, "{path}");
        assert_eq!(counters["inputs_done"], 1);

        rows.extend(read(frames).0);
        let undisturbed =
            (0..FILES).map(|n| vec![Value::from(n), Value::from(format!("{n:0>90}"))]);
        assert!(rows.into_iter().eq(undisturbed), "{path}");
    }
}
