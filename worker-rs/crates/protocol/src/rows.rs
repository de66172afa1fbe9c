//! The writer of `rows` frames. Hundreds of thousands of rows a second pass here, so values go straight into the
//! frame's bytes: no map, no intermediate value, and no look at a character of a string that needs no escape.

use data_encoding::{BASE64, Encoding, HEXLOWER};

use crate::RowsDone;

/// Builds one `rows` frame. Values are written in the order of the columns between [`begin_row`](Self::begin_row) and
/// [`end_row`](Self::end_row); the row counts only from then on.
#[derive(Debug)]
pub struct RowsWriter {
    frame: Vec<u8>,
    /// The length before any row.
    start: usize,
    /// The length up to which rows are whole.
    whole: usize,
    rows: u64,
    /// Where a digest goes that is known only later.
    rooms: Vec<usize>,
}

/// A SHA-256 digest in hexadecimal digits between quotes.
const ROOM: usize = 2 + 64;

impl RowsWriter {
    /// An empty frame for the rows of one input. `capacity` is in bytes.
    #[must_use]
    pub fn new(id: u64, capacity: usize) -> Self {
        let mut frame = Vec::with_capacity(capacity);
        frame.extend_from_slice(br#"{"type":"rows","id":"#);
        frame.extend_from_slice(itoa::Buffer::new().format(id).as_bytes());
        frame.extend_from_slice(br#","rows":["#);
        Self {
            start: frame.len(),
            whole: frame.len(),
            frame,
            rows: 0,
            rooms: Vec::new(),
        }
    }

    /// Starts a row. One that was started and not ended is dropped.
    #[inline]
    pub fn begin_row(&mut self) {
        self.frame.truncate(self.whole);
        while self.rooms.pop_if(|room| *room >= self.whole).is_some() {}
        self.begin_list();
    }

    /// Ends the row: it will be sent.
    #[inline]
    pub fn end_row(&mut self) {
        self.end_list();
        self.whole = self.frame.len();
        self.rows += 1;
    }

    /// Starts an array, a struct, a map or an entry of a map: all of them are lists of values.
    #[inline]
    pub fn begin_list(&mut self) {
        self.frame.push(b'[');
    }

    /// Ends the list.
    #[inline]
    pub fn end_list(&mut self) {
        // Every value leaves a comma; the list's last one becomes its bracket.
        match self.frame.last_mut() {
            Some(last) if *last == b',' => *last = b']',
            _ => self.frame.push(b']'),
        }
        self.frame.push(b',');
    }

    /// Writes a null.
    #[inline]
    pub fn null(&mut self) {
        self.frame.extend_from_slice(b"null,");
    }

    /// Writes a value of any integer type, a date or a timestamp.
    #[inline]
    pub fn integer(&mut self, value: i64) {
        self.frame
            .extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        self.frame.push(b',');
    }

    /// Writes a `bigint` that can't be negative. What only a hostile header declares, more than the type holds, becomes
    /// the largest value.
    #[inline]
    pub fn unsigned(&mut self, value: u64) {
        self.integer(i64::try_from(value).unwrap_or(i64::MAX));
    }

    /// As [`integer`](Self::integer), or a null where there is none.
    #[inline]
    pub fn integer_or_null(&mut self, value: Option<i64>) {
        match value {
            Some(value) => self.integer(value),
            None => self.null(),
        }
    }

    /// As [`unsigned`](Self::unsigned), or a null where there is none.
    #[inline]
    pub fn unsigned_or_null(&mut self, value: Option<u64>) {
        match value {
            Some(value) => self.unsigned(value),
            None => self.null(),
        }
    }

    /// Writes a boolean.
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        self.frame
            .extend_from_slice(if value { b"true," } else { b"false," });
    }

    /// Writes a string.
    ///
    /// # Panics
    /// Never: writing to memory can't fail.
    #[inline]
    pub fn string(&mut self, value: &str) {
        if is_plain(value) {
            self.frame.push(b'"');
            self.frame.extend_from_slice(value.as_bytes());
            self.frame.extend_from_slice(b"\",");
        } else {
            serde_json::to_writer(&mut self.frame, value).expect("writing to memory can't fail");
            self.frame.push(b',');
        }
    }

    /// Writes a string, or a null where there is none.
    #[inline]
    pub fn string_or_null(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.string(value),
            None => self.null(),
        }
    }

    /// Writes an array of strings.
    pub fn strings<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        self.begin_list();
        for value in values {
            self.string(value);
        }
        self.end_list();
    }

    /// Writes a double.
    ///
    /// # Panics
    /// Never: writing to memory can't fail.
    pub fn double(&mut self, value: f64) {
        if value.is_finite() {
            serde_json::to_writer(&mut self.frame, &value).expect("writing to memory can't fail");
            self.frame.push(b',');
        } else {
            self.infinite(value);
        }
    }

    /// Writes a float, with as many digits as one needs.
    ///
    /// # Panics
    /// Never: writing to memory can't fail.
    pub fn float(&mut self, value: f32) {
        if value.is_finite() {
            serde_json::to_writer(&mut self.frame, &value).expect("writing to memory can't fail");
            self.frame.push(b',');
        } else {
            self.infinite(value.into());
        }
    }

    /// Writes what JSON has no number for.
    fn infinite(&mut self, value: f64) {
        if value.is_nan() {
            self.string("NaN");
        } else {
            self.string(if value > 0.0 { "Infinity" } else { "-Infinity" });
        }
    }

    /// Writes a digest as a string of lower-case hexadecimal digits.
    #[inline]
    pub fn hex(&mut self, digest: &[u8]) {
        self.encoded(&HEXLOWER, digest);
    }

    /// Writes a binary value.
    pub fn binary(&mut self, value: &[u8]) {
        self.encoded(&BASE64, value);
    }

    #[inline]
    fn encoded(&mut self, encoding: &Encoding, bytes: &[u8]) {
        self.frame.push(b'"');
        let at = self.frame.len();
        self.frame.resize(at + encoding.encode_len(bytes.len()), 0);
        encoding.encode_mut(bytes, &mut self.frame[at..]);
        self.frame.extend_from_slice(b"\",");
    }

    /// Leaves room for a SHA-256 digest that is known only later, and the same for all rows of the frame.
    #[inline]
    pub fn digest_later(&mut self) {
        self.rooms.push(self.frame.len());
        self.frame.resize(self.frame.len() + ROOM, b' ');
        self.frame.push(b',');
    }

    /// Fills the rooms that [`digest_later`](Self::digest_later) left in whole rows: with the digest, or with nulls.
    ///
    /// # Panics
    /// When the digest isn't one of 32 bytes.
    pub fn fill_digests(&mut self, digest: Option<&[u8]>) {
        let mut value = [b' '; ROOM];
        match digest {
            Some(digest) => {
                value[0] = b'"';
                HEXLOWER.encode_mut(digest, &mut value[1..ROOM - 1]);
                value[ROOM - 1] = b'"';
            }
            // Blanks behind a value mean nothing in JSON.
            None => value[..4].copy_from_slice(b"null"),
        }
        for room in self.rooms.drain(..).filter(|room| *room < self.whole) {
            self.frame[room..room + ROOM].copy_from_slice(&value);
        }
    }

    /// The whole rows of this frame.
    #[inline]
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// The bytes of the frame up to its last whole row.
    #[inline]
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.whole
    }

    /// The bytes of the row that was started and not ended.
    #[inline]
    #[must_use]
    pub const fn row_bytes(&self) -> usize {
        self.frame.len() - self.whole
    }

    /// Drops all rows, and says how many bytes they took.
    pub fn clear(&mut self) -> usize {
        let rows = self.whole - self.start;
        self.whole = self.start;
        self.frame.truncate(self.start);
        self.rooms.clear();
        self.rows = 0;
        rows
    }

    /// The frame as a line with its `\n`, without a row that was started and not ended.
    #[must_use]
    pub fn finish(self, done: Option<RowsDone>) -> Vec<u8> {
        self.line(None, done)
    }

    /// As [`finish`](Self::finish), of an input that has not ended. Given the token back, its worker continues behind
    /// these rows.
    ///
    /// # Panics
    /// Never: writing to memory can't fail.
    #[must_use]
    pub fn finish_with(self, resume: &str) -> Vec<u8> {
        self.line(Some(resume), None)
    }

    fn line(mut self, resume: Option<&str>, done: Option<RowsDone>) -> Vec<u8> {
        let comma = usize::from(self.rows > 0);
        self.frame.truncate(self.whole - comma);
        self.frame.push(b']');
        if let Some(resume) = resume {
            self.frame.extend_from_slice(br#","resume":"#);
            serde_json::to_writer(&mut self.frame, resume).expect("writing to memory can't fail");
        }
        if let Some(done) = done {
            self.frame.extend_from_slice(br#","done":{"status":""#);
            self.frame
                .extend_from_slice(done.status.as_str().as_bytes());
            self.frame.extend_from_slice(br#"","rows":"#);
            self.frame
                .extend_from_slice(itoa::Buffer::new().format(done.rows).as_bytes());
            self.frame.push(b'}');
        }
        self.frame.extend_from_slice(b"}\n");
        self.frame
    }
}

/// Whether a string needs no escape in JSON.
#[inline]
fn is_plain(text: &str) -> bool {
    // No early exit and no count, which could overflow, so that the compiler makes vector instructions of it.
    let escapes = text.bytes().fold(0, |found, byte| {
        found | u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\')
    });
    escapes == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FromWorker, Status};
    use serde_json::{Value, json};

    fn rows(line: &[u8]) -> Vec<Vec<Value>> {
        assert_eq!(
            line.split_inclusive(|&byte| byte == b'\n').count(),
            1,
            "one line"
        );
        match serde_json::from_slice(line).unwrap() {
            FromWorker::Rows { rows, .. } => rows,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_character_survives() {
        let all: String = (0..=0x10_FFFF).filter_map(char::from_u32).collect();
        let samples = [
            "",
            "plain",
            "\"",
            "\\",
            "\u{0}\u{1f}\u{7f}",
            "line\nfeed\r\t",
            "\u{2028}\u{1F600}",
            &all,
        ];
        let mut writer = RowsWriter::new(1, 0);
        for sample in samples {
            writer.begin_row();
            writer.string(sample);
            writer.end_row();
        }
        assert_eq!(
            rows(&writer.finish(None)),
            samples.map(|sample| vec![json!(sample)])
        );
    }

    #[test]
    fn integers_keep_their_full_range() {
        let mut writer = RowsWriter::new(u64::MAX, 0);
        writer.begin_row();
        writer.integer(i64::MIN);
        writer.integer(i64::MAX);
        writer.boolean(true);
        writer.boolean(false);
        writer.null();
        writer.end_row();
        assert_eq!(
            rows(&writer.finish(None)),
            [vec![
                json!(i64::MIN),
                json!(i64::MAX),
                json!(true),
                json!(false),
                Value::Null
            ]]
        );
    }

    #[test]
    fn rows_without_columns_are_empty_arrays() {
        let mut writer = RowsWriter::new(9, 0);
        for _ in 0..2 {
            writer.begin_row();
            writer.end_row();
        }
        assert_eq!(
            writer.finish(None),
            b"{\"type\":\"rows\",\"id\":9,\"rows\":[[],[]]}\n"
        );
    }

    #[test]
    fn a_row_that_does_not_end_leaves_no_trace() {
        let mut writer = RowsWriter::new(1, 0);
        writer.begin_row();
        writer.string("lost");
        writer.begin_row();
        writer.string("kept");
        writer.end_row();
        writer.begin_row();
        writer.string("lost too");
        assert_eq!(writer.rows(), 1);
        let done = RowsDone {
            status: Status::Failed,
            rows: 5,
        };
        assert_eq!(
            writer.finish(Some(done)),
            b"{\"type\":\"rows\",\"id\":1,\"rows\":[[\"kept\"]],\"done\":{\"status\":\"FAILED\",\"rows\":5}}\n"
        );
    }

    #[test]
    fn rows_that_are_dropped_leave_no_trace() {
        let mut writer = RowsWriter::new(1, 0);
        for path in ["dropped", "dropped too"] {
            writer.begin_row();
            writer.string(path);
            writer.digest_later();
            writer.end_row();
        }
        let before = writer.bytes();
        let dropped = writer.clear();
        assert_eq!((writer.rows(), writer.bytes() + dropped), (0, before));
        writer.begin_row();
        writer.string("kept");
        writer.end_row();
        writer.fill_digests(None);
        assert_eq!(
            writer.finish_with("a \"token\""),
            br#"{"type":"rows","id":1,"rows":[["kept"]],"resume":"a \"token\""}"#
                .iter()
                .chain(b"\n")
                .copied()
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn lists_nest_and_may_be_empty() {
        let mut writer = RowsWriter::new(1, 0);
        writer.begin_row();
        writer.strings(["a", "b"]);
        writer.strings([]);
        writer.begin_list();
        for key in ["k", "l"] {
            writer.begin_list();
            writer.string(key);
            writer.null();
            writer.end_list();
        }
        writer.end_list();
        writer.integer(1);
        writer.end_row();
        assert_eq!(
            rows(&writer.finish(None)),
            [vec![
                json!(["a", "b"]),
                json!([]),
                json!([["k", null], ["l", null]]),
                json!(1)
            ]]
        );
    }

    #[test]
    fn doubles_that_json_does_not_have_are_strings() {
        let mut writer = RowsWriter::new(1, 0);
        writer.begin_row();
        for value in [0.1, -2.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            writer.double(value);
        }
        writer.end_row();
        assert_eq!(
            rows(&writer.finish(None)),
            [[
                json!(0.1),
                json!(-2.0),
                json!("NaN"),
                json!("Infinity"),
                json!("-Infinity")
            ]]
        );
    }

    #[test]
    fn bytes_are_hexadecimal_digits_or_base64_with_padding() {
        let mut writer = RowsWriter::new(1, 0);
        writer.begin_row();
        writer.hex(&[0, 0xAB, 0xFF]);
        writer.binary(&[]);
        writer.binary(&[0xFB, 0xFF]);
        writer.end_row();
        assert_eq!(
            rows(&writer.finish(None)),
            [["00abff", "", "+/8="].map(Value::from)]
        );
    }

    #[test]
    fn a_digest_that_is_known_later_goes_into_every_whole_row() {
        for (digest, expected) in [
            (Some(&[0xCA; 32][..]), json!("ca".repeat(32))),
            (None, Value::Null),
        ] {
            let mut writer = RowsWriter::new(1, 0);
            for number in [1, 2] {
                writer.begin_row();
                writer.digest_later();
                writer.integer(number);
                writer.digest_later();
                writer.end_row();
                writer.begin_row();
                writer.digest_later();
            }
            writer.fill_digests(digest);
            assert_eq!(
                rows(&writer.finish(None)),
                [1, 2].map(|number| vec![expected.clone(), json!(number), expected.clone()])
            );
        }
    }
}
