//! The worker: a description, and one conversation with a connector.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustpipe_protocol::{
    Description, Done, ErrorCode, FromConnector, FromWorker, HelloColumn, Input, LINE_IN_BYTES,
    LINE_OUT_BYTES, Limits, Open, RowsDone, RowsWriter, Status, VERSION, Window,
};
use serde_json::Value;

use crate::span;
use crate::table::Table;

const NAME: &str = "rustpipe-rows";
/// Rows leave with the one that takes a frame past this.
const FRAME_BYTES: usize = 256 << 10;
/// How often a worker shows that it is well.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Inputs are short lines: this many are read ahead at no cost.
const WINDOW: Window = Window {
    inputs: 1024,
    bytes: 1 << 20,
};

/// Prints the description.
pub(crate) fn describe() -> io::Result<()> {
    let description = Description {
        name: NAME.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: vec![VERSION],
        platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        tables: Table::ALL.map(Table::describe).to_vec(),
        filters: Vec::new(),
        options: Vec::new(),
        limits: Limits {
            line_in_bytes: LINE_IN_BYTES,
            line_out_bytes: LINE_OUT_BYTES,
        },
    };
    println!("{}", serde_json::to_string(&description)?);
    Ok(())
}

/// Talks with the connector until all is done.
pub(crate) fn run() -> io::Result<()> {
    let mut stdin = BufReader::new(io::stdin());
    let open = match read(&mut stdin)? {
        Some(FromConnector::Open(open)) => open,
        other => {
            return Err(io::Error::other(format!(
                "expected 'open', found {other:?}"
            )));
        }
    };
    let conversation = Conversation::new(&open, io::stdout().lock())?;
    let (sender, inputs) = channel();
    // A thread of its own, so that the connector can fill the window while rows are written.
    thread::spawn(move || {
        if let Err(error) = forward(&mut stdin, &sender) {
            eprintln!("{error}");
            std::process::exit(1);
        }
    });
    conversation.hold(&inputs)
}

/// Reads inputs until `end`; an end of standard input without it means that nobody is there.
fn forward(stdin: &mut impl BufRead, inputs: &Sender<Input>) -> io::Result<()> {
    loop {
        match read(stdin)? {
            Some(FromConnector::In(input)) => {
                if inputs.send(input).is_err() {
                    return Ok(());
                }
            }
            Some(FromConnector::End) => return Ok(()),
            Some(FromConnector::Open(_)) => return Err(io::Error::other("'open' came twice")),
            None => return Err(io::Error::other("standard input ended without 'end'")),
        }
    }
}

fn read(stdin: &mut impl BufRead) -> io::Result<Option<FromConnector>> {
    let mut line = Vec::new();
    let longest = LINE_IN_BYTES as u64 + 1;
    if stdin.by_ref().take(longest).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    FromConnector::parse(&line)
        .map(Some)
        .map_err(io::Error::other)
}

struct Conversation<W> {
    table: Table,
    /// Indices of the columns wanted, in the order of the rows.
    columns: Vec<usize>,
    output: W,
    heartbeat: Instant,
    inputs: u64,
    rows: u64,
    errors: u64,
}

impl<W: Write> Conversation<W> {
    /// Greets the connector.
    fn new(open: &Open, mut output: W) -> io::Result<Self> {
        if open.version != VERSION {
            let version = open.version;
            return Err(io::Error::other(format!(
                "the connector speaks version {version} of the protocol, this worker {VERSION}"
            )));
        }
        let missing = |what: &str, name: &str| io::Error::other(format!("no {what} '{name}'"));
        let table = Table::ALL
            .into_iter()
            .find(|table| table.name() == open.table)
            .ok_or_else(|| missing("table", &open.table))?;
        let index = |wanted: &String| {
            let columns = table.columns();
            let found = columns.iter().position(|(name, _)| name == wanted);
            found.ok_or_else(|| missing("column", wanted))
        };
        let columns = open
            .columns
            .iter()
            .map(index)
            .collect::<Result<Vec<_>, _>>()?;
        let hello = FromWorker::Hello {
            version: VERSION,
            name: NAME.to_owned(),
            worker_version: env!("CARGO_PKG_VERSION").to_owned(),
            columns: columns
                .iter()
                .map(|&column| table.columns()[column])
                .map(|(name, r#type)| HelloColumn {
                    name: name.to_owned(),
                    r#type: r#type.to_owned(),
                })
                .collect(),
            window: WINDOW,
        };
        output.write_all(&hello.to_line())?;
        output.flush()?;
        Ok(Self {
            table,
            columns,
            output,
            heartbeat: Instant::now(),
            inputs: 0,
            rows: 0,
            errors: 0,
        })
    }

    /// Answers inputs until their sender is gone.
    fn hold(mut self, inputs: &Receiver<Input>) -> io::Result<()> {
        loop {
            match inputs.recv_timeout(HEARTBEAT) {
                Ok(input) => self.answer(&input)?,
                Err(RecvTimeoutError::Timeout) => self.beat()?,
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.metrics()?;
        let bye = FromWorker::Bye {
            inputs: self.inputs,
            rows: self.rows,
            errors: self.errors,
        };
        self.send(&bye.to_line())
    }

    fn answer(&mut self, input: &Input) -> io::Result<()> {
        let url = input.input.get("url").and_then(Value::as_str);
        let url = url.unwrap_or_default();
        self.inputs += 1;
        let Some(span) = span::parse(url) else {
            self.errors += 1;
            let error = FromWorker::Error {
                id: input.id,
                code: ErrorCode::BadUrl,
                message: format!("'{url}' is not rows:COUNT or rows:COUNT@FIRST"),
                retryable: false,
                rows: 0,
            };
            return self.send(&error.to_line());
        };
        let rows = span.end - span.start;
        let done = RowsDone {
            status: Status::Succeeded,
            rows,
        };
        let mut frame = None;
        for row in span {
            let writer = frame.get_or_insert_with(|| RowsWriter::new(input.id, FRAME_BYTES + 4096));
            writer.begin_row();
            for &column in &self.columns {
                self.table.write(column, row, writer);
            }
            writer.end_row();
            if writer.bytes() >= FRAME_BYTES
                && let Some(full) = frame.take()
            {
                self.send(&full.finish(None))?;
                self.beat()?;
            }
        }
        self.rows += rows;
        match frame {
            Some(last) => self.send(&last.finish(Some(done))),
            None => self.send(
                &FromWorker::Done(Done {
                    id: input.id,
                    status: done.status,
                    rows,
                })
                .to_line(),
            ),
        }
    }

    fn beat(&mut self) -> io::Result<()> {
        if self.heartbeat.elapsed() < HEARTBEAT {
            return Ok(());
        }
        self.heartbeat = Instant::now();
        self.metrics()
    }

    fn metrics(&mut self) -> io::Result<()> {
        let counters = [("inputs_done".to_owned(), self.inputs)].into();
        self.send(&FromWorker::Metrics { counters }.to_line())
    }

    /// Lines end with a line feed, so that standard output passes them on at once and as they are.
    fn send(&mut self, line: &[u8]) -> io::Result<()> {
        self.output.write_all(line)
    }
}
