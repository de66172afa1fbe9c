//! A line from a worker as a frame: as strict as the protocol about what is wrong, and with a rule for each wrong.

use std::fmt;

use rustpipe_protocol::{Done, HelloColumn, LINE_OUT_BYTES, Level, RowsDone, Window};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::report::{Breach, shown};
use crate::rule::Rule;

/// A frame whose parts are right as far as one frame can show it.
#[derive(Debug, serde::Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Frame {
    Hello {
        version: u32,
        #[serde(rename = "name")]
        _name: String,
        #[serde(rename = "worker_version")]
        _worker_version: String,
        columns: Vec<HelloColumn>,
        window: Window,
    },
    Rows {
        id: u64,
        rows: Vec<Value>,
        #[serde(default)]
        resume: Option<String>,
        #[serde(default)]
        done: Option<RowsDone>,
    },
    Done(Done),
    Error {
        id: u64,
        code: String,
        #[serde(rename = "message")]
        _message: String,
        #[serde(rename = "retryable")]
        _retryable: bool,
        rows: u64,
    },
    Metrics {
        counters: Value,
    },
    Log {
        #[serde(rename = "level")]
        _level: Level,
        #[serde(rename = "message")]
        _message: String,
    },
    Bye {
        inputs: u64,
        rows: u64,
        errors: u64,
    },
}

/// Reads a line, given as it came with its `\n`. Beside the frame, if it can be understood, all that is wrong with it.
pub(crate) fn read(line: &[u8]) -> (Option<Frame>, Vec<Breach>) {
    let mut breaches = Vec::new();
    let mut note = |rule, what: &str| {
        let seen = format!("{what}: {}", shown(line));
        breaches.push(Breach { rule, seen });
    };
    if line.strip_suffix(b"\n").unwrap_or(line).len() > LINE_OUT_BYTES {
        note(Rule::LineForm, "a line longer than 16 MiB");
        return (None, breaches);
    }
    let content = line.strip_suffix(b"\n").unwrap_or_else(|| {
        note(Rule::LineForm, "a line without its line feed");
        line
    });
    if std::str::from_utf8(content).is_err() {
        note(Rule::LineForm, "a line that is not UTF-8");
        return (None, breaches);
    }
    let fields = match serde_json::from_slice::<Fields>(content) {
        Ok(Fields(fields)) => fields,
        Err(error) => {
            let what = format!("a line that is no JSON object ({error})");
            note(Rule::OnlyFrames, &what);
            return (None, breaches);
        }
    };
    if let Some(what) = misordered(&fields) {
        note(Rule::FieldOrder, what);
    }
    match serde_json::from_value(Value::Object(Map::from_iter(fields))) {
        Ok(frame) => (Some(frame), breaches),
        Err(error) => {
            note(
                Rule::FrameFields,
                &format!("no frame of the protocol ({error})"),
            );
            (None, breaches)
        }
    }
}

fn misordered(fields: &[(String, Value)]) -> Option<&'static str> {
    let at = |name| fields.iter().position(|(field, _)| field == name);
    let behind = |later: Option<usize>, earlier| later.is_some_and(|later| later > earlier);
    if fields.first().is_some_and(|(name, _)| name != "type") {
        return Some("'type' is not first");
    }
    let is_rows = fields.first().is_some_and(|(_, of)| of == "rows");
    match at("rows") {
        Some(rows) if is_rows && behind(at("id"), rows) => Some("'id' behind 'rows'"),
        Some(rows) if is_rows && at("done").is_some_and(|done| done < rows) => {
            Some("'done' before 'rows'")
        }
        _ => None,
    }
}

/// The fields of an object in their order.
struct Fields(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_has_its_rule() {
        let long = [
            b"{\"type\":\"log\"".as_slice(),
            &vec![b' '; LINE_OUT_BYTES],
            b"}\n",
        ]
        .concat();
        let cases: [(&[u8], &[Rule]); 12] = [
            (b"{\"type\":\"bye\",\"inputs\":0,\"rows\":0,\"errors\":0}\n", &[]),
            (b"{\"type\":\"bye\",\"inputs\":0,\"rows\":0,\"errors\":0}", &[Rule::LineForm]),
            (b"\xFF\n", &[Rule::LineForm]),
            (&long, &[Rule::LineForm]),
            (b"starting up\n", &[Rule::OnlyFrames]),
            (b"\n", &[Rule::OnlyFrames]),
            (b"[1]\n", &[Rule::OnlyFrames]),
            (b"{\"type\":\"hi\"}\n", &[Rule::FrameFields]),
            (b"{\"inputs\":0,\"rows\":0,\"errors\":0,\"type\":\"bye\"}\n", &[Rule::FieldOrder]),
            (b"{\"type\":\"rows\",\"rows\":[],\"id\":1}\n", &[Rule::FieldOrder]),
            (
                b"{\"type\":\"rows\",\"id\":1,\"done\":{\"status\":\"SUCCEEDED\",\"rows\":0},\"rows\":[]}\n",
                &[Rule::FieldOrder],
            ),
            (
                b"{\"type\":\"rows\",\"id\":1,\"rows\":[],\"done\":{\"status\":\"fine\",\"rows\":0}}\n",
                &[Rule::FrameFields],
            ),
        ];
        for (line, expected) in cases {
            let (_, breaches) = read(line);
            let rules: Vec<_> = breaches.iter().map(|breach| breach.rule).collect();
            assert_eq!(rules, expected, "{breaches:?}");
        }
    }
}
