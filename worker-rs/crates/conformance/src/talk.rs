//! One conversation from `open` to the worker's end, led as the connector leads it.

use std::time::{Duration, Instant};

use rustpipe_protocol::Window;
use serde_json::{Map, Value, json};

use crate::frame::{self, Frame};
use crate::ledger::{Ledger, Token};
use crate::process::{Output, Worker};
use crate::rule::Rule;
use crate::subject::{Fields, Subject};

/// The window that is offered, that of the connector.
pub(crate) const WINDOW: Window = Window {
    inputs: 256,
    bytes: 4 << 20,
};
/// Time to exit after `bye`.
const EXIT: Duration = Duration::from_secs(2);

/// An input of a conversation.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) id: u64,
    pub(crate) fields: Fields,
    pub(crate) token: Option<Token>,
    /// Blanks within the line make it this long at least, in bytes.
    pub(crate) bytes: usize,
}

/// What a conversation is about.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    pub(crate) columns: Vec<String>,
    pub(crate) inputs: Vec<Given>,
    /// Sends fields that no version has.
    pub(crate) unknown_fields: bool,
    /// Sends only what fits in the window at once, as bytes as well, and reads nothing until it is written.
    pub(crate) hold_output: bool,
    /// Keeps all rows.
    pub(crate) keep_rows: bool,
}

impl Talk {
    pub(crate) fn new(columns: Vec<String>, inputs: Vec<Given>) -> Self {
        Self {
            columns,
            inputs,
            ..Self::default()
        }
    }
}

/// Inputs with the ids 1, 2 and so on.
pub(crate) fn numbered(inputs: impl IntoIterator<Item = Fields>) -> Vec<Given> {
    let given = |(id, fields)| Given {
        id,
        fields,
        token: None,
        bytes: 0,
    };
    (1..).zip(inputs).map(given).collect()
}

/// The line of `open`.
pub(crate) fn open(subject: &Subject, columns: &[String]) -> Map<String, Value> {
    let frame = json!({
        "type": "open",
        "version": 1,
        "table": subject.table,
        "columns": columns,
        "filters": [],
        "options": subject.options,
        "window": WINDOW,
    });
    match frame {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// A frame as a line with its `\n`, `type` first.
pub(crate) fn line(mut frame: Map<String, Value>, bytes: usize) -> Vec<u8> {
    let kind = frame.remove("type").unwrap_or_default();
    let rest = Value::Object(frame).to_string();
    let comma = if rest.len() > 2 { "," } else { "" };
    let line = format!("{{\"type\":{kind}{comma}{}", &rest[1..]);
    let blanks = " ".repeat(bytes.saturating_sub(line.len()));
    format!("{}{blanks}}}\n", &line[..line.len() - 1]).into_bytes()
}

/// The line of an `in` frame.
pub(crate) fn in_line(given: &Given, unknown_fields: bool, bytes: usize) -> Vec<u8> {
    let mut frame = Map::new();
    frame.insert("type".to_owned(), json!("in"));
    frame.insert("id".to_owned(), json!(given.id));
    frame.insert("input".to_owned(), Value::Object(given.fields.clone()));
    if let Some(token) = &given.token {
        frame.insert("resume".to_owned(), json!(token.text));
    }
    if unknown_fields {
        frame.insert("not_yet_invented".to_owned(), json!([{"a": null}]));
    }
    line(frame, bytes)
}

/// The line that says that no more inputs come.
pub(crate) fn end_line() -> Vec<u8> {
    b"{\"type\":\"end\"}\n".to_vec()
}

/// Has the conversation, to its end or to where it can't go on.
pub(crate) fn hold(subject: &Subject, talk: &Talk) -> Ledger {
    let mut ledger = Ledger::new(subject, &talk.columns);
    ledger.rows = talk.keep_rows.then(Vec::new);
    match subject.program.start("run") {
        Ok(worker) => Conversation {
            worker,
            timeout: subject.timeout,
            ledger: &mut ledger,
        }
        .run(subject, talk),
        Err(error) => ledger.breach(Rule::HelloFirst, format!("it can't be started: {error}")),
    }
    ledger
}

/// Starts a worker and waits for its `hello`. Its window, or what came instead.
pub(crate) fn greet(subject: &Subject, columns: &[String]) -> Result<(Worker, Window), String> {
    let mut worker = subject
        .program
        .start("run")
        .map_err(|error| error.to_string())?;
    worker.send(line(open(subject, columns), 0));
    let deadline = Instant::now() + subject.timeout;
    loop {
        match worker.read(deadline) {
            Output::Line(line) => {
                if let (Some(Frame::Hello { window, .. }), _) = frame::read(&line) {
                    return Ok((worker, window));
                }
            }
            Output::End => return Err(worker.ending(deadline)),
            Output::Silence => return Err("nothing in time".to_owned()),
        }
    }
}

struct Conversation<'a> {
    worker: Worker,
    timeout: Duration,
    ledger: &'a mut Ledger,
}

impl Conversation<'_> {
    fn run(mut self, subject: &Subject, talk: &Talk) {
        let mut open = open(subject, &talk.columns);
        if talk.unknown_fields {
            open.insert("not_yet_invented".to_owned(), json!({"a": [1]}));
        }
        self.worker.send(line(open, 0));
        if !self.read_until(Rule::HelloFirst, |ledger| ledger.window.is_some()) {
            return;
        }
        if talk.hold_output {
            // That of `open`.
            self.worker.has_written(Instant::now() + self.timeout);
        }
        let mut inputs = talk.inputs.iter().peekable();
        while let Some(given) = inputs.peek() {
            let blanks = if talk.hold_output {
                self.ledger.share()
            } else {
                given.bytes
            };
            let line = in_line(given, talk.unknown_fields, blanks);
            let bytes = line.len() as u64 - 1;
            if self.ledger.has_room(bytes) {
                self.ledger.begin(given.id, bytes, given.token.as_ref());
                self.worker.send(line);
                inputs.next();
                if talk.hold_output && !self.takes_all() {
                    return;
                }
            } else if talk.hold_output {
                break;
            } else if !self.next_end() {
                return;
            }
        }
        self.ledger.end_sent = true;
        self.worker.send(end_line());
        while !self.ledger.bye && !self.ledger.unfinished_ids().is_empty() {
            if !self.next_end() {
                return;
            }
        }
        if self.read_until(Rule::ByeLast, |ledger| ledger.bye) {
            self.finish();
        }
    }

    /// Whether the worker has read the input while nobody reads its output.
    fn takes_all(&mut self) -> bool {
        let deadline = Instant::now() + self.timeout;
        let taken = self.worker.has_written(deadline);
        if !taken {
            let seen = format!(
                "with {} unfinished inputs in a window of {} it reads no further within {:?}, because nobody reads its output",
                self.ledger.unfinished_ids().len(),
                self.ledger.window.map_or(0, |window| window.inputs),
                self.timeout
            );
            self.ledger.breach(Rule::WindowRead, seen);
        }
        taken
    }

    /// Reads until one more input has ended, or `bye` has come.
    fn next_end(&mut self) -> bool {
        let before = self.ledger.ended();
        self.read_until(Rule::InputEndsOnce, |ledger| {
            ledger.ended() > before || ledger.bye
        })
    }

    /// Reads until a condition holds. If it can't, that breaks the rule.
    fn read_until(&mut self, rule: Rule, condition: impl Fn(&Ledger) -> bool) -> bool {
        let deadline = Instant::now() + self.timeout;
        while !condition(self.ledger) {
            if Instant::now() >= deadline {
                self.overdue(rule);
                return false;
            }
            match self.worker.read(deadline) {
                Output::Line(line) => self.ledger.take(&line),
                Output::Silence => {}
                Output::End => {
                    // Without its `hello` a worker has not begun; afterwards it may not end.
                    let rule = if rule == Rule::HelloFirst {
                        rule
                    } else {
                        Rule::ByeLast
                    };
                    let ending = self.worker.ending(deadline);
                    let unfinished = self.ledger.unfinished_ids().len();
                    let seen = format!(
                        "its output has ended without `bye`, with {unfinished} unfinished inputs; {ending}"
                    );
                    self.ledger.breach(rule, seen);
                    return false;
                }
            }
        }
        true
    }

    fn overdue(&mut self, rule: Rule) {
        let (timeout, unfinished) = (self.timeout, self.ledger.unfinished_ids());
        let seen = match rule {
            Rule::HelloFirst => format!("no `hello` within {timeout:?}"),
            Rule::InputEndsOnce => format!(
                "none of {} unfinished inputs, the first of them {}, has ended within {timeout:?}",
                unfinished.len(),
                unfinished.first().copied().unwrap_or_default()
            ),
            _ => format!("no `bye` within {timeout:?} after `end` and the last input"),
        };
        self.ledger.breach(rule, seen);
    }

    /// Behind `bye` the output has to end, and the worker with status 0.
    fn finish(&mut self) {
        let deadline = Instant::now() + EXIT;
        if let Output::Line(line) = self.worker.read(deadline) {
            let seen = format!("behind `bye` came {}", crate::report::shown(&line));
            self.ledger.breach(Rule::ByeLast, seen);
        } else if self
            .worker
            .wait(deadline)
            .is_none_or(|status| !status.success())
        {
            let ending = self.worker.ending(deadline);
            self.ledger
                .breach(Rule::ByeLast, format!("{EXIT:?} after `bye`: {ending}"));
        }
    }
}
