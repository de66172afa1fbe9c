//! The two ways in which a row is written: by position for rustpipe, as an object for everything else.

use rustpipe_protocol::RowsWriter;

use crate::instant::{MICROS_PER_SECOND, rfc3339};

/// Takes the values of one row.
pub(crate) trait Values {
    /// Writes a null.
    fn null(&mut self);
    /// Writes an integer.
    fn integer(&mut self, value: i64);
    /// Writes a timestamp, given in microseconds since 1970.
    fn timestamp(&mut self, micros: i64);
    /// Writes a double.
    fn double(&mut self, value: f64);
    /// Writes a boolean.
    fn boolean(&mut self, value: bool);
    /// Writes a string.
    fn string(&mut self, value: &str);
    /// Writes an array whose elements `elements` writes.
    fn array(&mut self, elements: impl FnOnce(&mut Self));
    /// Writes a struct or a map whose members `members` writes, each by `field` or by `entry`.
    fn members(&mut self, members: impl FnOnce(&mut Self));
    /// Writes a field of a struct.
    fn field(&mut self, name: &str, value: impl FnOnce(&mut Self));
    /// Writes an entry of a map.
    fn entry(&mut self, key: &str, value: impl FnOnce(&mut Self));
}

impl Values for RowsWriter {
    #[inline]
    fn null(&mut self) {
        self.null();
    }

    #[inline]
    fn integer(&mut self, value: i64) {
        self.integer(value);
    }

    #[inline]
    fn timestamp(&mut self, micros: i64) {
        self.integer(micros);
    }

    #[inline]
    fn double(&mut self, value: f64) {
        self.double(value);
    }

    #[inline]
    fn boolean(&mut self, value: bool) {
        self.boolean(value);
    }

    #[inline]
    fn string(&mut self, value: &str) {
        self.string(value);
    }

    #[inline]
    fn array(&mut self, elements: impl FnOnce(&mut Self)) {
        self.begin_list();
        elements(self);
        self.end_list();
    }

    #[inline]
    fn members(&mut self, members: impl FnOnce(&mut Self)) {
        self.array(members);
    }

    #[inline]
    fn field(&mut self, _name: &str, value: impl FnOnce(&mut Self)) {
        value(self);
    }

    #[inline]
    fn entry(&mut self, key: &str, value: impl FnOnce(&mut Self)) {
        self.array(|pair| {
            pair.string(key);
            value(pair);
        });
    }
}

/// Writes rows as JSON objects, one a line, in the form that Spark's JSON reader takes with the least work: nulls left
/// out, timestamps as numbers where they are whole seconds, which is all that its numbers can say.
#[derive(Default)]
pub(crate) struct Objects {
    lines: Vec<u8>,
}

impl Objects {
    /// The lines so far.
    pub(crate) fn lines(&self) -> &[u8] {
        &self.lines
    }

    /// Forgets the lines.
    pub(crate) fn clear(&mut self) {
        self.lines.clear();
    }

    /// Writes a row whose columns `columns` writes by `field`.
    #[inline]
    pub(crate) fn row(&mut self, columns: impl FnOnce(&mut Self)) {
        self.members(columns);
        self.lines.pop();
        self.lines.push(b'\n');
    }

    #[inline]
    fn between(&mut self, open: u8, close: u8, content: impl FnOnce(&mut Self)) {
        self.lines.push(open);
        content(self);
        // Every value leaves a comma; the last one becomes the bracket.
        match self.lines.last_mut() {
            Some(last) if *last == b',' => *last = close,
            _ => self.lines.push(close),
        }
        self.lines.push(b',');
    }

    #[inline]
    fn quoted(&mut self, text: &str) {
        serde_json::to_writer(&mut self.lines, text).expect("writing to memory can't fail");
    }
}

impl Values for Objects {
    #[inline]
    fn null(&mut self) {
        self.lines.extend_from_slice(b"null,");
    }

    #[inline]
    fn integer(&mut self, value: i64) {
        self.lines
            .extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        self.lines.push(b',');
    }

    #[inline]
    fn timestamp(&mut self, micros: i64) {
        if micros % MICROS_PER_SECOND == 0 {
            self.integer(micros / MICROS_PER_SECOND);
        } else {
            self.string(&rfc3339(micros));
        }
    }

    #[inline]
    fn double(&mut self, value: f64) {
        serde_json::to_writer(&mut self.lines, &value).expect("writing to memory can't fail");
        self.lines.push(b',');
    }

    #[inline]
    fn boolean(&mut self, value: bool) {
        self.lines
            .extend_from_slice(if value { b"true," } else { b"false," });
    }

    #[inline]
    fn string(&mut self, value: &str) {
        // Most strings need no escape; without an early exit the processor looks at many bytes at a time.
        let escapes = value.bytes().fold(0, |found, byte| {
            found | u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\')
        });
        if escapes == 0 {
            self.lines.push(b'"');
            self.lines.extend_from_slice(value.as_bytes());
            self.lines.push(b'"');
        } else {
            self.quoted(value);
        }
        self.lines.push(b',');
    }

    #[inline]
    fn array(&mut self, elements: impl FnOnce(&mut Self)) {
        self.between(b'[', b']', elements);
    }

    #[inline]
    fn members(&mut self, members: impl FnOnce(&mut Self)) {
        self.between(b'{', b'}', members);
    }

    #[inline]
    fn field(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        let start = self.lines.len();
        // Names of fields need no escape.
        self.lines.push(b'"');
        self.lines.extend_from_slice(name.as_bytes());
        self.lines.extend_from_slice(b"\":");
        let value_start = self.lines.len();
        value(self);
        if &self.lines[value_start..] == b"null," {
            self.lines.truncate(start);
        }
    }

    #[inline]
    fn entry(&mut self, key: &str, value: impl FnOnce(&mut Self)) {
        self.quoted(key);
        self.lines.push(b':');
        value(self);
    }
}
