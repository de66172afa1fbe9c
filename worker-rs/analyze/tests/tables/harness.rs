//! An analyzer between a test's server and a test's eyes.

use std::sync::Arc;
use std::time::Duration;

use rustpipe_analyze::{Analyzer, Finished, Plan, tables};
use rustpipe_archive::Limits;
use rustpipe_fetch::Config;
use rustpipe_protocol::{
    Done, ErrorCode, FromWorker, Input, InputFields, LINE_OUT_BYTES, RowsDone,
};
use rustpipe_testkit::server::{Answer, Routes, Server};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

/// Frames of one input, in order.
pub(crate) struct Answered {
    pub(crate) frames: Vec<FromWorker>,
    pub(crate) finished: Finished,
    columns: Vec<String>,
}

impl Answered {
    /// All rows, by column name.
    pub(crate) fn rows(&self) -> Vec<Map<String, Value>> {
        let rows = self.frames.iter().filter_map(|frame| match frame {
            FromWorker::Rows { rows, .. } => Some(rows),
            _ => None,
        });
        rows.flatten()
            .map(|row| {
                self.columns
                    .iter()
                    .cloned()
                    .zip(row.iter().cloned())
                    .collect()
            })
            .collect()
    }

    pub(crate) fn column(&self, name: &str) -> Vec<Value> {
        self.rows().iter().map(|row| row[name].clone()).collect()
    }

    /// Code, message and count of the final error.
    pub(crate) fn error(&self) -> (ErrorCode, &str, u64) {
        match self.frames.last() {
            Some(FromWorker::Error {
                code,
                message,
                rows,
                ..
            }) => (*code, message, *rows),
            other => panic!("not an error: {other:?}"),
        }
    }

    /// Status and count of the good end, wherever it rides.
    pub(crate) fn done(&self) -> RowsDone {
        match self.frames.last() {
            Some(FromWorker::Rows {
                done: Some(done), ..
            }) => *done,
            Some(FromWorker::Done(Done { status, rows, .. })) => RowsDone {
                status: *status,
                rows: *rows,
            },
            other => panic!("not done: {other:?}"),
        }
    }
}

pub(crate) fn all_columns(table: &str) -> Vec<String> {
    let table = tables()
        .into_iter()
        .find(|candidate| candidate.name == table)
        .unwrap();
    table
        .columns
        .into_iter()
        .map(|column| column.name)
        .collect()
}

/// Runs one input through a table. `concurrency` decides how large a body is collected: 4 MiB at 64, 256 KiB at 1024.
pub(crate) fn ask_with(
    concurrency: usize,
    table: &str,
    columns: &[&str],
    url: Option<&str>,
) -> Answered {
    let columns = match columns {
        ["*"] => all_columns(table),
        _ => columns.iter().map(|&column| column.to_owned()).collect(),
    };
    let config = Config {
        allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
        concurrency,
        retries: 2,
        retry_base: Duration::from_millis(2),
        retry_cap: Duration::from_millis(5),
        ..Config::default()
    };
    let plan = Plan::new(table, &columns).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (lines, finished) = runtime.block_on(async {
        let (sender, mut receiver) = mpsc::channel(1);
        let collect = std::thread::spawn(move || {
            std::iter::from_fn(|| receiver.blocking_recv()).collect::<Vec<_>>()
        });
        let analyzer = Arc::new(Analyzer::new(plan, config, Limits::default(), sender).unwrap());
        let input = Input {
            id: 7,
            input: InputFields {
                url: url.map(str::to_owned),
            },
        };
        let finished = analyzer.run(input).await;
        drop(analyzer);
        (collect.join().unwrap(), finished)
    });
    let bytes: Vec<u8> = lines
        .iter()
        .chain([&finished.lines])
        .flatten()
        .copied()
        .collect();
    let frames = bytes.split_inclusive(|&byte| byte == b'\n').map(|line| {
        assert!(
            line.len() <= LINE_OUT_BYTES,
            "{} bytes in a line",
            line.len()
        );
        serde_json::from_slice(line).unwrap()
    });
    Answered {
        frames: frames.collect(),
        finished,
        columns,
    }
}

pub(crate) fn ask(table: &str, columns: &[&str], url: Option<&str>) -> Answered {
    ask_with(64, table, columns, url)
}

pub(crate) fn serve(answer: Answer) -> (Server, String) {
    let server = Server::start(Routes::new().on("/x", answer));
    let url = server.url("/x");
    (server, url)
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digits: Vec<_> = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    digits.concat()
}

/// Bytes that no compressor makes smaller, others for each length.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = length as u64;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33).to_le_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}
