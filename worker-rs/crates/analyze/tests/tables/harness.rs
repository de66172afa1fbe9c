//! An analyzer between a test's server and a test's eyes.

use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use rustpipe::engine::{Finished, Line, Session as _, output};
use rustpipe_analyze::{Analyzer, Cost, Plan, tables};
use rustpipe_archive::Limits;
use rustpipe_fetch::Config;
use rustpipe_protocol::{Done, ErrorCode, FromWorker, Input, LINE_OUT_BYTES, RowsDone};
use rustpipe_testkit::archive::TarBuilder;
use rustpipe_testkit::server::{Answer, Count, Routes, Server};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(2);

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

    /// The rows and the token of every frame that left before the end, with the rows before it included.
    pub(crate) fn tokens(&self) -> Vec<(u64, String)> {
        let mut tokens = Vec::new();
        let mut count = 0;
        for frame in &self.frames {
            if let FromWorker::Rows {
                rows, resume, done, ..
            } = frame
            {
                count += rows.len() as u64;
                assert_eq!(resume.is_some(), done.is_none());
                tokens.extend(resume.clone().map(|token| (count, token)));
            }
        }
        tokens
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
            Some(FromWorker::Rows { done, .. }) => panic!("not an error: {done:?}"),
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

/// What is asked, and how.
pub(crate) struct Question<'a> {
    pub(crate) table: &'a str,
    /// All columns, if it is `*`.
    pub(crate) columns: &'a [&'a str],
    pub(crate) url: Option<&'a str>,
    pub(crate) integrity: Option<&'a str>,
    /// The token of a replay.
    pub(crate) resume: Option<&'a str>,
    /// Decides how large a body is collected: 4 MiB at 64, 256 KiB at 1024.
    pub(crate) concurrency: usize,
    pub(crate) depth: Cost,
    pub(crate) limits: Limits,
    pub(crate) body_limit: u64,
    /// Counts the rows that have left.
    pub(crate) left: Count,
    /// How often the same is asked at once.
    pub(crate) copies: usize,
}

impl Default for Question<'_> {
    fn default() -> Self {
        Self {
            table: "fetches",
            columns: &["*"],
            url: None,
            integrity: None,
            resume: None,
            concurrency: 64,
            depth: Cost::Content,
            limits: Limits::default(),
            body_limit: Config::default().body_limit,
            left: Count::default(),
            copies: 1,
        }
    }
}

impl Question<'_> {
    pub(crate) fn ask(self) -> Answered {
        let mut answers = self.ask_all();
        assert_eq!(answers.len(), 1);
        answers.remove(0)
    }

    /// Runs the input through the table, as often as there are copies.
    pub(crate) fn ask_all(self) -> Vec<Answered> {
        let columns = match self.columns {
            ["*"] => all_columns(self.table),
            _ => self
                .columns
                .iter()
                .map(|&column| column.to_owned())
                .collect(),
        };
        let config = Config {
            allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
            concurrency: self.concurrency,
            body_limit: self.body_limit,
            // A server that waits in vain fails its test: without this, the silence would be retried like a reset.
            idle_timeout: PATIENCE,
            total_timeout: PATIENCE,
            retries: 2,
            retry_base: Duration::from_millis(2),
            retry_cap: Duration::from_millis(5),
            ..Config::default()
        };
        let plan = Plan::new(self.table, &columns, self.depth).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let (lines, finished) = runtime.block_on(async {
            let (sender, mut receiver) = output(&Handle::current());
            // A thread as of a process: lines are taken while the work goes on.
            let left = self.left;
            let collect = std::thread::spawn(move || {
                let line = |line: Line| {
                    if let FromWorker::Rows { rows, .. } =
                        serde_json::from_slice(line.as_ref()).unwrap()
                    {
                        left.add(rows.len() as u64);
                    }
                    line.as_ref().to_vec()
                };
                std::iter::from_fn(|| receiver.blocking_recv().map(line)).collect::<Vec<_>>()
            });
            let analyzer = Arc::new(Analyzer::new(plan, config, self.limits, sender).unwrap());
            let mut tasks = Vec::new();
            for id in 0..self.copies {
                let fields = [("url", self.url), ("integrity", self.integrity)];
                let input = Input {
                    id: id as u64,
                    input: fields
                        .map(|(name, value)| (name.to_owned(), value.into()))
                        .into_iter()
                        .collect(),
                    resume: self.resume.map(str::to_owned),
                };
                let analyzer = Arc::clone(&analyzer);
                tasks.push(tokio::spawn(async move { analyzer.run(input).await }));
            }
            let mut finished = Vec::new();
            for task in tasks {
                finished.push(task.await.unwrap());
            }
            drop(analyzer);
            (collect.join().unwrap(), finished)
        });
        let mut frames = vec![Vec::new(); self.copies];
        let all = lines.iter().chain(finished.iter().map(|it| &it.lines));
        for line in all.flat_map(|lines| lines.split_inclusive(|&byte| byte == b'\n')) {
            let length = line.len();
            assert!(length <= LINE_OUT_BYTES + 1, "{length} bytes in a line");
            let frame: FromWorker = serde_json::from_slice(line).unwrap();
            let (FromWorker::Rows { id, .. }
            | FromWorker::Done(Done { id, .. })
            | FromWorker::Error { id, .. }) = frame
            else {
                panic!("{frame:?}")
            };
            frames[usize::try_from(id).unwrap()].push(frame);
        }
        let answers = frames.into_iter().zip(finished);
        answers
            .map(|(frames, finished)| Answered {
                frames,
                finished,
                columns: columns.clone(),
            })
            .collect()
    }
}

pub(crate) fn ask_with(
    concurrency: usize,
    table: &str,
    columns: &[&str],
    url: Option<&str>,
) -> Answered {
    let question = Question {
        table,
        columns,
        url,
        concurrency,
        ..Question::default()
    };
    question.ask()
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
    hex::<Sha256>(bytes)
}

pub(crate) fn hex<D: Digest>(bytes: &[u8]) -> String {
    HEXLOWER.encode(&D::digest(bytes))
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

/// A tar that breaks behind its first entry, and a long rest.
pub(crate) fn broken_early() -> Vec<u8> {
    let tar = TarBuilder::new()
        .file("a", "")
        .raw([b'?'; 512])
        .without_end();
    [tar, noise(1 << 20)].concat()
}
