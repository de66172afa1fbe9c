//! The examples of `docs/protocol.md` are the golden lines: each one parses, and is written again to the same bytes.

use rustpipe_protocol::{Description, FromConnector, FromWorker, RowsWriter};
use serde_json::Value;

const PAGE: &str = include_str!("../../../../docs/protocol.md");

/// The lines of all fenced blocks of a kind.
fn lines(kind: &str) -> Vec<&'static str> {
    let fence = format!("```{kind}\n");
    let blocks = PAGE
        .split(fence.as_str())
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default());
    let lines: Vec<_> = blocks.flat_map(str::lines).collect();
    assert!(
        !lines.is_empty(),
        "docs/protocol.md has no `{kind}` example"
    );
    lines
}

#[test]
fn descriptions_read_and_write_the_same_bytes() {
    for line in lines("describe") {
        let description: Description = serde_json::from_str(line).expect(line);
        assert_eq!(serde_json::to_string(&description).unwrap(), line);
    }
}

#[test]
fn connector_frames_read_and_write_the_same_bytes() {
    for line in lines("connector").into_iter().chain(lines("replay")) {
        let frame = FromConnector::parse(line.as_bytes()).expect(line);
        assert_eq!(serde_json::to_string(&frame).unwrap(), line);
    }
}

#[test]
fn worker_frames_read_and_write_the_same_bytes() {
    for line in lines("worker") {
        let frame: FromWorker = serde_json::from_str(line).expect(line);
        assert_eq!(frame.to_line(), format!("{line}\n").into_bytes());
        if let FromWorker::Rows {
            id,
            rows,
            resume,
            done,
        } = frame
        {
            let mut writer = RowsWriter::new(id, 0);
            for row in rows {
                writer.begin_row();
                for value in &row {
                    write(&mut writer, value);
                }
                writer.end_row();
            }
            let written = match resume {
                Some(token) => writer.finish_with(&token),
                None => writer.finish(done),
            };
            assert_eq!(written, format!("{line}\n").into_bytes());
        }
    }
}

fn write(writer: &mut RowsWriter, value: &Value) {
    match value {
        Value::Null => writer.null(),
        Value::Bool(value) => writer.boolean(*value),
        Value::Number(value) => writer.integer(value.as_i64().expect("an integer")),
        Value::String(value) => writer.string(value),
        other => panic!("no writer for {other}"),
    }
}
