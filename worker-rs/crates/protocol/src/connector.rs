//! Frames from the connector, and how a line becomes one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A frame from the connector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FromConnector {
    /// The first frame: what is wanted.
    Open(Open),
    /// One input.
    In(Input),
    /// No more inputs.
    End,
}

/// What is wanted, for the whole conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// The protocol version that the connector speaks.
    pub version: u32,
    /// The table's name.
    pub table: String,
    /// The columns wanted, in the order in which every row carries them.
    pub columns: Vec<String>,
    /// Filters in prefix form. Hints: a worker may ignore them.
    #[serde(default)]
    pub filters: Vec<Value>,
    /// The worker's options.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// The window that the connector can hold.
    pub window: Window,
    /// How many rows are enough. A hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// How much may be unfinished at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Inputs.
    pub inputs: u64,
    /// Bytes of their `in` lines, each without its `\n`.
    pub bytes: u64,
}

/// One input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Unique in the conversation, and larger than all before.
    pub id: u64,
    /// Its fields by name. Structs in it are objects as well; other values are those of rows.
    pub input: Map<String, Value>,
    /// On a replay, the last token that came with its rows: they have left, and the worker goes on behind them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<String>,
}

impl FromConnector {
    /// Reads one line, given without its `\n`.
    ///
    /// # Errors
    /// When the line isn't a frame of this version.
    pub fn parse(line: &[u8]) -> Result<Self, FrameError> {
        serde_json::from_slice(line).map_err(|error| FrameError {
            reason: error.to_string(),
            start: String::from_utf8_lossy(&line[..line.len().min(SHOWN_BYTES)]).into_owned(),
        })
    }
}

/// How much of a bad line a message shows: enough to recognise it, too little to flood a log.
const SHOWN_BYTES: usize = 200;

/// A line that isn't a frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bad frame: {reason}; the line starts with {start:?}")]
pub struct FrameError {
    /// What is wrong, and where.
    pub reason: String,
    /// The first 200 bytes of the line.
    pub start: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(line: &[u8]) -> String {
        FromConnector::parse(line).unwrap_err().reason
    }

    #[test]
    fn unknown_fields_are_ignored() {
        let frame = FromConnector::parse(br#"{"type":"in","new":[1],"id":7,"input":{"url":"u"}}"#);
        let input = Input {
            id: 7,
            input: Map::from_iter([("url".to_owned(), Value::from("u"))]),
            resume: None,
        };
        assert_eq!(frame, Ok(FromConnector::In(input)));
    }

    #[test]
    fn an_input_is_an_object_of_any_fields() {
        let line = br#"{"type":"in","id":1,"input":{"a":[1],"b":null,"c":{"d":"e"}}}"#;
        let frame = FromConnector::parse(line).unwrap();
        assert_eq!(serde_json::to_vec(&frame).unwrap(), line);
        for other in ["null", "[]", "\"a\"", "1"] {
            let line = format!(r#"{{"type":"in","id":1,"input":{other}}}"#);
            assert!(FromConnector::parse(line.as_bytes()).is_err(), "{line}");
        }
    }

    #[test]
    fn an_unknown_type_is_an_error_that_lists_the_known_ones() {
        let reason = reason(br#"{"type":"cancel"}"#);
        assert!(
            reason.contains("cancel") && reason.contains("`open`, `in`, `end`"),
            "{reason}"
        );
    }

    #[test]
    fn an_id_that_is_negative_or_too_large_is_an_error() {
        for id in ["-1", "18446744073709551616", "1.5", "\"1\""] {
            let line = format!(r#"{{"type":"in","id":{id},"input":{{}}}}"#);
            assert!(FromConnector::parse(line.as_bytes()).is_err(), "{line}");
        }
    }

    #[test]
    fn bytes_that_are_no_json_are_an_error_that_shows_200_of_them() {
        let error = FromConnector::parse(&[0xFF; 1000]).unwrap_err();
        assert_eq!(error.start, "\u{FFFD}".repeat(200));
        assert!(FromConnector::parse(b"").is_err());
        assert!(FromConnector::parse(br#"{"type":"end"}{"type":"end"}"#).is_err());
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_stack_overflow() {
        let line = ["{\"type\":\"end\",\"x\":", &"[".repeat(500_000)].concat();
        assert!(reason(line.as_bytes()).contains("recursion"));
    }
}
