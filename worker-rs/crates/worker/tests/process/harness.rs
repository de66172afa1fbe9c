//! A worker's process, held by a test.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustpipe_protocol::{FromConnector, FromWorker, Input, Open, VERSION, Window};
use rustpipe_testkit::archive::TarBuilder;

/// Longer than anything takes here, shorter than a person waits.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rustpipe-worker"));
    command
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A conversation with a running worker.
pub(crate) struct Worker {
    child: Child,
    pub(crate) stdin: Option<ChildStdin>,
    pub(crate) stdout: BufReader<ChildStdout>,
}

impl Worker {
    pub(crate) fn start() -> Self {
        let mut child = command().arg("run").spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            stdin,
            stdout,
        }
    }

    /// Starts a worker and greets it.
    pub(crate) fn open(open: Open) -> Self {
        let mut worker = Self::start();
        worker.send(&FromConnector::Open(open));
        let hello = worker.receive();
        assert!(matches!(hello, FromWorker::Hello { .. }), "{hello:?}");
        worker
    }

    pub(crate) fn send(&mut self, frame: &FromConnector) {
        self.send_line(&serde_json::to_string(frame).unwrap());
    }

    pub(crate) fn send_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin
            .write_all(line.as_bytes())
            .and_then(|()| stdin.write_all(b"\n"))
            .unwrap();
    }

    pub(crate) fn input(&mut self, id: u64, url: &str) {
        self.replay(id, url, None);
    }

    pub(crate) fn replay(&mut self, id: u64, url: &str, resume: Option<String>) {
        self.send(&FromConnector::In(Input {
            id,
            input: [("url".to_owned(), url.into())].into_iter().collect(),
            resume,
        }));
    }

    /// The next frame that isn't a heartbeat.
    pub(crate) fn receive(&mut self) -> FromWorker {
        loop {
            let mut line = String::new();
            self.stdout.read_line(&mut line).unwrap();
            match serde_json::from_str(&line)
                .unwrap_or_else(|error| panic!("{error} in {line:?}: {}", self.stderr()))
            {
                FromWorker::Metrics { .. } => {}
                frame => return frame,
            }
        }
    }

    /// Ends the conversation: all frames that are left, and the counters of the last heartbeat.
    pub(crate) fn end(mut self) -> (Vec<FromWorker>, BTreeMap<String, u64>) {
        self.send(&FromConnector::End);
        let mut frames = Vec::new();
        let mut counters = BTreeMap::new();
        for line in (&mut self.stdout).lines() {
            match serde_json::from_str(&line.unwrap()).unwrap() {
                FromWorker::Metrics { counters: latest } => counters = latest,
                frame => frames.push(frame),
            }
        }
        assert!(self.wait().success(), "{}", self.stderr());
        (frames, counters)
    }

    /// Kills the process: the whole lines that it has written and nobody has read.
    pub(crate) fn kill(mut self) -> Vec<FromWorker> {
        self.child.kill().unwrap();
        let mut rest = Vec::new();
        self.stdout.read_to_end(&mut rest).unwrap();
        self.wait();
        let lines = rest.split_inclusive(|&byte| byte == b'\n');
        lines
            .filter(|line| line.ends_with(b"\n"))
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect()
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            if Instant::now() > deadline {
                self.child.kill().unwrap();
                panic!("the worker did not end");
            }
            std::thread::yield_now();
        }
    }

    pub(crate) fn stderr(&mut self) -> String {
        self.stdin = None;
        let mut text = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    /// Status and message of a worker that gives up.
    pub(crate) fn failure(mut self) -> (Option<i32>, String) {
        let status = self.wait();
        (status.code(), self.stderr())
    }
}

pub(crate) fn open(table: &str, columns: &[&str]) -> Open {
    Open {
        version: VERSION,
        table: table.to_owned(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        filters: Vec::new(),
        options: BTreeMap::from([("allowedNetworks".to_owned(), "127.0.0.0/8".to_owned())]),
        window: Window {
            inputs: 64,
            bytes: 1 << 20,
        },
        limit: None,
    }
}

pub(crate) fn with_option(name: &str, value: &str) -> Open {
    let mut open = open("fetches", &["status"]);
    open.options.insert(name.to_owned(), value.to_owned());
    open
}

/// Status and message of a worker that is opened so.
pub(crate) fn refusal(open: Open) -> (Option<i32>, String) {
    let mut worker = Worker::start();
    worker.send(&FromConnector::Open(open));
    worker.failure()
}

pub(crate) fn broken_at_500() -> Vec<u8> {
    (0..499)
        .fold(TarBuilder::new(), |tar, n| {
            tar.file(format!("file-{n}"), "")
        })
        .raw([b'?'; 512])
        .end()
}
