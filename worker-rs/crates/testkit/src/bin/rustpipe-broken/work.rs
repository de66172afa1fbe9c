//! The conversation. Rows are made from the text alone, so that every run sends the same.

use std::io::{self, BufRead, BufReader, Write};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::{process, thread};

use rustpipe_protocol::{LINE_IN_BYTES, VERSION};
use serde_json::{Value, json};

use crate::describe::COLUMNS;
use crate::fault::Fault;

/// Rows leave before their input's end with the one that takes a frame to this.
const FRAME_BYTES: usize = 256 << 10;

/// Talks with the connector until all is done.
pub(crate) fn run(fault: Fault) -> io::Result<()> {
    let mut lines = BufReader::new(io::stdin()).lines();
    let open: Value = serde_json::from_str(&lines.next().ok_or_else(orphaned)??)?;
    let columns = wanted(fault, &open)?;
    let mut worker = Worker {
        fault,
        columns,
        totals: [0; 3],
        heard: 0,
        last_id: 0,
    };
    if fault == Fault::RefusesUnknownFields && open.get("not_yet_invented").is_some() {
        return Err(io::Error::other("an unknown field"));
    }
    worker.greet()?;
    let frames = read_ahead(
        fault,
        lines.map(move |line| line.and_then(|line| parse(fault, &line))),
    );
    loop {
        match frames.recv().map_err(io::Error::other)? {
            Event::In { id, text } => worker.input(id, text)?,
            Event::End => return worker.leave(),
        }
    }
}

/// What a line means.
enum Event {
    In { id: u64, text: Text },
    End,
}

/// The text of an input, if it has one, and how many of its words have left before.
struct Text(Option<String>, usize);

fn orphaned() -> io::Error {
    io::Error::other("standard input ended without 'end'")
}

fn parse(fault: Fault, line: &str) -> io::Result<Option<Event>> {
    if fault == Fault::RefusesLongLines && line.len() >= LINE_IN_BYTES {
        return Err(io::Error::other("a line is too long"));
    }
    let frame: Value = serde_json::from_str(line)?;
    if fault == Fault::RefusesUnknownFields && frame.get("not_yet_invented").is_some() {
        return Err(io::Error::other("an unknown field"));
    }
    match frame["type"].as_str() {
        Some("in") => {
            let id = frame["id"]
                .as_u64()
                .ok_or_else(|| io::Error::other("no id"))?;
            let text = frame["input"]["text"].as_str().map(str::to_owned);
            let left = frame["resume"]
                .as_str()
                .and_then(|token| token.parse().ok());
            let left = if fault == Fault::ResumesFromTheStart {
                None
            } else {
                left
            };
            Ok(Some(Event::In {
                id,
                text: Text(text, left.unwrap_or(0)),
            }))
        }
        Some("end") => Ok(Some(Event::End)),
        _ if fault == Fault::TakesAnyFrame => Ok(None),
        other => Err(io::Error::other(format!("an unknown frame: {other:?}"))),
    }
}

/// Reads in a thread of its own, so that the window is read however long the output waits, and so that the connector's
/// end is seen at once.
fn read_ahead(
    fault: Fault,
    events: impl Iterator<Item = io::Result<Option<Event>>> + Send + 'static,
) -> Receiver<Event> {
    let (sender, receiver) = channel();
    let (slow_sender, slow_receiver) = sync_channel(0);
    let waits = fault == Fault::WaitsForItsOutput;
    thread::spawn(move || {
        for event in events {
            match event {
                Ok(Some(event)) => {
                    let is_end = matches!(event, Event::End);
                    let sent = if waits {
                        slow_sender.send(event).is_ok()
                    } else {
                        sender.send(event).is_ok()
                    };
                    if is_end || !sent {
                        return;
                    }
                }
                Ok(None) => {}
                Err(error) => {
                    eprintln!("rustpipe-broken: {error}");
                    process::exit(1);
                }
            }
        }
        if fault == Fault::OutlivesItsStdin {
            loop {
                thread::park();
            }
        }
        eprintln!("rustpipe-broken: {}", orphaned());
        process::exit(1);
    });
    if waits { slow_receiver } else { receiver }
}

/// The indices of the columns that `open` asks for.
fn wanted(fault: Fault, open: &Value) -> io::Result<Vec<usize>> {
    let refuse = |what: &str| Err(io::Error::other(format!("no such {what}: {open}")));
    if fault != Fault::TakesAnyVersion && open["version"] != VERSION {
        return refuse("version");
    }
    if fault != Fault::TakesAnyTable && open["table"] != "words" {
        return refuse("table");
    }
    let mut wanted = Vec::new();
    for name in open["columns"].as_array().into_iter().flatten() {
        match COLUMNS.iter().position(|(column, _)| name == column) {
            Some(column) => wanted.push(column),
            None if fault == Fault::TakesAnyColumn => {}
            None => return refuse("column"),
        }
    }
    if fault == Fault::KeepsItsOwnColumnOrder {
        wanted.sort_unstable();
    }
    Ok(wanted)
}

struct Worker {
    fault: Fault,
    columns: Vec<usize>,
    /// Inputs, rows and errors.
    totals: [usize; 3],
    /// Inputs that have come.
    heard: u64,
    last_id: u64,
}

impl Worker {
    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    /// Writes a frame, given without its braces so that its fields keep their order.
    fn send(&self, frame: &str) -> io::Result<()> {
        let mut line = format!("{{{frame}}}\n").into_bytes();
        if self.has(Fault::WritesLatin1) {
            line.iter_mut()
                .filter(|byte| **byte == b'~')
                .for_each(|byte| *byte = 0xFC);
        }
        match io::stdout().write_all(&line) {
            Err(_) if self.has(Fault::OutlivesItsStdout) => loop {
                thread::park();
            },
            written => written,
        }
    }

    fn greet(&self) -> io::Result<()> {
        if self.has(Fault::LogsBeforeHello) {
            self.send(r#""type":"log","level":"info","message":"hello""#)?;
        }
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|&column| {
                let (name, r#type) = COLUMNS[column];
                json!({"name": name, "type": r#type})
            })
            .collect();
        let inputs = if self.has(Fault::HasNoWindow) { 0 } else { 256 };
        self.send(&format!(
            r#""type":"hello","version":1,"name":"words","worker_version":"1","columns":{},"window":{{"inputs":{inputs},"bytes":4194304}}"#,
            Value::Array(columns)
        ))
    }

    fn input(&mut self, id: u64, Text(text, left): Text) -> io::Result<()> {
        self.heard += 1;
        if self.has(Fault::WantsIdsInARow) && id != self.last_id + 1 {
            return Err(io::Error::other("ids have to follow each other"));
        }
        self.last_id = id;
        if self.has(Fault::ForgetsAnInput) && self.heard == 7 {
            return Ok(());
        }
        if self.has(Fault::LogsToStdout) && self.heard == 2 {
            println!("working on input {id}");
        }
        self.totals[0] += 1;
        let Some(text) = text else {
            if self.has(Fault::DiesOfABadInput) {
                process::abort();
            }
            self.totals[2] += usize::from(!self.has(Fault::ForgetsErrorsInBye));
            let code = if self.has(Fault::InventsACode) {
                "NO_TEXT"
            } else {
                "BAD_INPUT"
            };
            return self.send(&format!(
                r#""type":"error","id":{id},"code":"{code}","message":"no text","retryable":false,"rows":0"#
            ));
        };
        self.words(id, &text, left)
    }

    fn words(&mut self, id: u64, text: &str, left: usize) -> io::Result<()> {
        let words: Vec<_> = text.split_whitespace().collect();
        let rows: Vec<_> = (left..words.len()).map(|at| self.row(&words, at)).collect();
        let mut counted = words.len();
        counted += usize::from(self.has(Fault::CountsARowTooMany));
        self.totals[1] += counted;
        let done = format!(r#"{{"status":"SUCCEEDED","rows":{counted}}}"#);
        let mut sent = left;
        let mut frame = String::new();
        for row in &rows {
            sent += 1;
            frame.push_str(row);
            if frame.len() >= FRAME_BYTES && sent < words.len() {
                self.rows(id, &frame, &format!(r#","resume":"{sent}""#))?;
                frame.clear();
            } else {
                frame.push(',');
            }
        }
        let apart = self.has(Fault::SendsDoneApart) || rows.is_empty();
        let end = format!(r#","done":{done}"#);
        if !rows.is_empty() {
            let end = if apart { "" } else { &end };
            self.rows(id, frame.trim_end_matches(','), end)?;
        }
        let last = format!(r#""type":"done","id":{id},"status":"SUCCEEDED","rows":{counted}"#);
        if apart {
            self.send(&last)?;
        }
        if self.has(Fault::EndsAnInputTwice) && self.heard == 3 {
            self.send(&last)?;
        }
        if self.has(Fault::EndsAStranger) && self.heard == 3 {
            self.send(r#""type":"done","id":77777,"status":"SUCCEEDED","rows":0"#)?;
        }
        if self.has(Fault::ForgetsAField) {
            self.send(r#""type":"log","message":"done""#)?;
        }
        if self.has(Fault::WritesLatin1) {
            self.send(r#""type":"log","level":"info","message":"m~de""#)?;
        }
        let count = if self.has(Fault::StartsCountersAnew) {
            10 - self.heard.min(9)
        } else {
            self.heard
        };
        self.send(&format!(
            r#""type":"metrics","counters":{{"inputs_done":{count}}}"#
        ))
    }

    fn rows(&self, id: u64, rows: &str, end: &str) -> io::Result<()> {
        if self.has(Fault::WritesTypeLast) {
            self.send(&format!(r#""id":{id},"rows":[{rows}]{end},"type":"rows""#))
        } else {
            self.send(&format!(r#""type":"rows","id":{id},"rows":[{rows}]{end}"#))
        }
    }

    /// The row of a word: itself, its length, and the word before it.
    fn row(&self, words: &[&str], at: usize) -> String {
        let value = |&column: &usize| match column {
            0 if self.has(Fault::SendsNullForAWord) => Value::Null,
            0 => json!(words[at]),
            1 if self.has(Fault::WritesNumbersAsStrings) => json!(words[at].len().to_string()),
            1 => json!(words[at].len()),
            _ => json!(at.checked_sub(1).map(|before| words[before])),
        };
        let mut values: Vec<_> = self.columns.iter().map(value).collect();
        if self.has(Fault::CutsRowsShort) {
            values.pop();
        }
        Value::Array(values).to_string()
    }

    fn leave(&self) -> io::Result<()> {
        while self.has(Fault::WaitsForAnInput) && self.heard == 0 {
            thread::park();
        }
        if !self.has(Fault::SaysNoBye) {
            let [inputs, rows, errors] = self.totals;
            self.send(&format!(
                r#""type":"bye","inputs":{inputs},"rows":{rows},"errors":{errors}"#
            ))?;
        }
        if self.has(Fault::TalksBehindBye) {
            self.send(r#""type":"log","level":"info","message":"that was all""#)?;
        }
        if self.has(Fault::ExitsWithOne) {
            return Err(io::Error::other("failed on the way out"));
        }
        Ok(())
    }
}
