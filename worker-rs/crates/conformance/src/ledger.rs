//! The account of one conversation: what was sent, what came back, and every rule that the latter breaks.

use std::collections::{BTreeMap, BTreeSet};

use rustpipe_protocol::{ErrorCode, FRAME_BYTES, HelloColumn, LINE_IN_BYTES, VERSION, Window};
use serde_json::Value;

use crate::frame::{self, Frame};
use crate::report::{Breach, shown};
use crate::rule::Rule;
use crate::subject::{Column, Subject};

/// A full window need not have more.
const FULL_BYTES: u64 = 1 << 20;

/// A token and the rows that it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) rows: u64,
}

/// What is known of an input.
#[derive(Debug, Default)]
struct Progress {
    line_bytes: u64,
    /// All rows, those before a token included.
    rows: u64,
    resumed: bool,
    frames: u32,
    frame_bytes: usize,
    ended: bool,
}

/// The account of one conversation.
#[derive(Debug)]
pub(crate) struct Ledger {
    columns: Vec<Column>,
    one_row: bool,
    inputs: BTreeMap<u64, Progress>,
    counters: BTreeMap<String, u64>,
    pub(crate) window: Option<Window>,
    pub(crate) end_sent: bool,
    pub(crate) bye: bool,
    /// Inputs, rows and errors, as `done` and `error` frames have told them.
    totals: (u64, u64, u64),
    pub(crate) breaches: Vec<Breach>,
    /// Rules that something has come for.
    pub(crate) tried: BTreeSet<Rule>,
    /// The first token of each input that has one.
    pub(crate) tokens: BTreeMap<u64, Token>,
    /// All rows, if they are wanted.
    pub(crate) rows: Option<Vec<Value>>,
}

impl Ledger {
    pub(crate) fn new(subject: &Subject, columns: &[String]) -> Self {
        let named = |name: &String| subject.columns.iter().find(|column| column.name == *name);
        Self {
            columns: columns.iter().filter_map(named).cloned().collect(),
            one_row: subject.one_row,
            inputs: BTreeMap::new(),
            counters: BTreeMap::new(),
            window: None,
            end_sent: false,
            bye: false,
            totals: (0, 0, 0),
            breaches: Vec::new(),
            tried: BTreeSet::new(),
            tokens: BTreeMap::new(),
            rows: None,
        }
    }

    pub(crate) fn breach(&mut self, rule: Rule, seen: impl Into<String>) {
        self.breaches.push(Breach {
            rule,
            seen: seen.into(),
        });
    }

    /// An input is sent, whose rows up to a token have left before.
    pub(crate) fn begin(&mut self, id: u64, line_bytes: u64, token: Option<&Token>) {
        let progress = Progress {
            line_bytes,
            rows: token.map_or(0, |token| token.rows),
            resumed: token.is_some(),
            ..Progress::default()
        };
        self.inputs.insert(id, progress);
    }

    fn unfinished(&self) -> impl Iterator<Item = (&u64, &Progress)> {
        self.inputs.iter().filter(|(_, input)| !input.ended)
    }

    /// The inputs that have not ended.
    pub(crate) fn unfinished_ids(&self) -> Vec<u64> {
        self.unfinished().map(|(&id, _)| id).collect()
    }

    /// How many inputs have ended.
    pub(crate) fn ended(&self) -> usize {
        self.inputs.len() - self.unfinished().count()
    }

    /// How many inputs have ended with `error`.
    pub(crate) fn errors(&self) -> u64 {
        self.totals.2
    }

    /// Whether an input of this many bytes may be sent.
    pub(crate) fn has_room(&self, bytes: u64) -> bool {
        let Some(window) = self.window else {
            return false;
        };
        let (count, sum) = self.unfinished().fold((0, 0), |(count, sum), (_, input)| {
            (count + 1, sum + input.line_bytes)
        });
        count == 0 || (count < window.inputs && sum + bytes <= window.bytes)
    }

    /// How long a line may be so that the window is full of inputs and of bytes at once: many times what a pipe holds.
    pub(crate) fn share(&self) -> usize {
        let share = self
            .window
            .map_or(0, |window| window.bytes.min(FULL_BYTES) / window.inputs);
        usize::try_from(share).map_or(LINE_IN_BYTES, |share| share.min(LINE_IN_BYTES))
    }

    /// Takes a line in.
    pub(crate) fn take(&mut self, line: &[u8]) {
        self.tried.extend([Rule::LineForm, Rule::OnlyFrames]);
        let (frame, breaches) = frame::read(line);
        self.breaches.extend(breaches);
        let Some(frame) = frame else {
            return;
        };
        self.tried.extend([Rule::FrameFields, Rule::FieldOrder]);
        if self.window.is_none() && !matches!(frame, Frame::Hello { .. }) {
            self.breach(
                Rule::HelloFirst,
                format!("before `hello` came {}", shown(line)),
            );
        }
        match frame {
            Frame::Hello {
                version,
                columns,
                window,
                ..
            } => self.hello(version, &columns, window, line),
            Frame::Rows {
                id,
                rows,
                resume,
                done,
            } => {
                self.rows(id, rows, resume, line);
                if let Some(done) = done {
                    self.end(id, done.rows, false, true, line);
                }
            }
            Frame::Done(done) => self.end(done.id, done.rows, false, false, line),
            Frame::Error { id, code, rows, .. } => {
                self.tried.insert(Rule::ErrorCodes);
                if ErrorCode::from_text(&code).is_none() {
                    self.breach(Rule::ErrorCodes, format!("'{code}' in {}", shown(line)));
                }
                self.end(id, rows, true, false, line);
            }
            Frame::Metrics { counters } => self.metrics(&counters, line),
            Frame::Log { .. } => {}
            Frame::Bye {
                inputs,
                rows,
                errors,
            } => self.bye((inputs, rows, errors), line),
        }
    }

    fn hello(&mut self, version: u32, columns: &[HelloColumn], window: Window, line: &[u8]) {
        self.tried
            .extend([Rule::HelloFirst, Rule::HelloColumns, Rule::HelloWindow]);
        if self.window.is_some() {
            self.breach(Rule::HelloFirst, format!("a second one: {}", shown(line)));
            return;
        }
        if version != VERSION {
            self.breach(
                Rule::HelloFirst,
                format!("version {version}: {}", shown(line)),
            );
        }
        let asked: Vec<_> = self.columns.iter().map(Column::said).collect();
        if columns != asked {
            let asked = serde_json::to_string(&asked).unwrap_or_default();
            let seen = format!("`open` asks for {asked}, and then came {}", shown(line));
            self.breach(Rule::HelloColumns, seen);
            // Its rows are then judged by what it says here, so that one wrong is not two.
            let find = |said: &HelloColumn| {
                let mut columns = self.columns.iter();
                columns.find(|column| column.name == said.name).cloned()
            };
            if let Some(said) = columns.iter().map(find).collect() {
                self.columns = said;
            }
        }
        if window.inputs == 0 || window.bytes == 0 {
            self.breach(Rule::HelloWindow, shown(line));
        }
        self.window = Some(Window {
            inputs: window.inputs.clamp(1, crate::talk::WINDOW.inputs),
            bytes: window.bytes.clamp(1, crate::talk::WINDOW.bytes),
        });
    }

    fn rows(&mut self, id: u64, rows: Vec<Value>, resume: Option<String>, line: &[u8]) {
        if !self.is_open(id, line) {
            return;
        }
        for (at, row) in rows.iter().enumerate() {
            self.row(row, &format!("row {} of input {id}", at + 1), line);
        }
        let Some(input) = self.inputs.get_mut(&id) else {
            return;
        };
        input.rows += rows.len() as u64;
        input.frames += u32::from(!rows.is_empty());
        input.frame_bytes += line.len();
        if let Some(text) = resume {
            self.tokens.entry(id).or_insert(Token {
                text,
                rows: input.rows,
            });
        }
        if let Some(kept) = &mut self.rows {
            kept.extend(rows);
        }
    }

    fn row(&mut self, row: &Value, what: &str, line: &[u8]) {
        self.tried.insert(Rule::RowWidth);
        let width = self.columns.len();
        let values = match row {
            Value::Array(values) if values.len() == width => values,
            _ => {
                let seen = format!("{what} is no array of {width} values: {}", shown(line));
                self.breach(Rule::RowWidth, seen);
                return;
            }
        };
        for (column, value) in self.columns.iter().zip(values) {
            let (rule, wrong) = match (value, &column.r#type) {
                (Value::Null, _) if column.nullable => (Rule::RowNulls, None),
                (Value::Null, _) => (Rule::RowNulls, Some("null where none may be".to_owned())),
                (_, Some(r#type)) => (
                    Rule::RowValues,
                    r#type.check(value).err().map(|misfit| misfit.to_string()),
                ),
                (_, None) => continue,
            };
            self.tried.insert(rule);
            if let Some(wrong) = wrong {
                let seen = format!("{what}, column '{}': {wrong}: {}", column.name, shown(line));
                self.breaches.push(Breach { rule, seen });
            }
        }
        if !values.is_empty() {
            self.tried.insert(Rule::RowNulls);
        }
    }

    /// Whether frames of this input may come.
    fn is_open(&mut self, id: u64, line: &[u8]) -> bool {
        self.tried.extend([Rule::IdKnown, Rule::InputEndsOnce]);
        match self.inputs.get(&id) {
            None => self.breach(
                Rule::IdKnown,
                format!("no input {id} was sent: {}", shown(line)),
            ),
            Some(input) if input.ended => {
                self.breach(
                    Rule::InputEndsOnce,
                    format!("input {id} has ended before: {}", shown(line)),
                );
            }
            Some(_) => return true,
        }
        false
    }

    fn end(&mut self, id: u64, counted: u64, is_error: bool, rides: bool, line: &[u8]) {
        if !self.is_open(id, line) {
            return;
        }
        let one_row = self.one_row;
        let Some(input) = self.inputs.get_mut(&id) else {
            return;
        };
        input.ended = true;
        let rows = input.rows;
        let apart = input.frames > 1 || (input.frames == 1 && !rides && !is_error);
        let small = input.frame_bytes < FRAME_BYTES && !input.resumed;
        self.totals.0 += 1;
        self.totals.1 += counted;
        self.totals.2 += u64::from(is_error);
        self.tried.insert(Rule::RowsCounted);
        if rows > 0 {
            self.tried.insert(Rule::RowsWhole);
        }
        if counted != rows {
            let seen = format!("input {id} has sent {rows} rows, and then {}", shown(line));
            self.breach(Rule::RowsCounted, seen);
        }
        if apart && small {
            let seen = format!(
                "the few rows of input {id} came in several frames, last {}",
                shown(line)
            );
            self.breach(Rule::RowsWhole, seen);
        }
        if one_row {
            self.tried.insert(Rule::OneRow);
            if rows != u64::from(!is_error) {
                self.breach(
                    Rule::OneRow,
                    format!("input {id} ended with {rows} rows: {}", shown(line)),
                );
            }
        }
    }

    fn metrics(&mut self, counters: &Value, line: &[u8]) {
        self.tried.insert(Rule::Metrics);
        let Some(counters) = counters.as_object() else {
            self.breach(
                Rule::Metrics,
                format!("`counters` is no object: {}", shown(line)),
            );
            return;
        };
        for (name, value) in counters {
            let before = self.counters.get(name).copied().unwrap_or(0);
            match value.as_u64() {
                Some(count) if count >= before => {
                    self.counters.insert(name.clone(), count);
                }
                Some(_) => self.breach(
                    Rule::Metrics,
                    format!("'{name}' was {before} before: {}", shown(line)),
                ),
                None => self.breach(
                    Rule::Metrics,
                    format!("'{name}' is no count: {}", shown(line)),
                ),
            }
        }
    }

    fn bye(&mut self, totals: (u64, u64, u64), line: &[u8]) {
        self.bye = true;
        self.tried.extend([Rule::ByeLast, Rule::ByeTotals]);
        if !self.end_sent {
            self.breach(
                Rule::ByeLast,
                format!("before `end` was sent: {}", shown(line)),
            );
        }
        if let Some(id) = self.unfinished_ids().first() {
            let seen = format!("input {id} has not ended, but there came {}", shown(line));
            self.breach(Rule::InputEndsOnce, seen);
        }
        if totals != self.totals {
            let (inputs, rows, errors) = self.totals;
            let seen = format!(
                "{inputs} inputs, {rows} rows and {errors} errors by the frames, and then {}",
                shown(line)
            );
            self.breach(Rule::ByeTotals, seen);
        }
    }
}
