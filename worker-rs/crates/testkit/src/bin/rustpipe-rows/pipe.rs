//! The rows as JSON objects, as a good program behind `RDD.pipe` would write them: no flush before the end, large
//! writes, no value in between.

use std::io::{self, BufRead, Write};

use crate::span;
use crate::table::Table;
use crate::values::{Objects, Values};

/// Bytes for one write: four pipes full.
const WRITE_BYTES: usize = 256 << 10;

/// Writes the rows that standard input asks for.
pub(crate) fn run(table: Table) -> io::Result<()> {
    write(table, io::stdin().lock(), &mut io::stdout().lock())
}

fn write(table: Table, inputs: impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let mut objects = Objects::default();
    for url in inputs.lines() {
        let url = url?;
        let wrong = || io::Error::other(format!("'{url}' is not rows:COUNT or rows:COUNT@FIRST"));
        for row in span::parse(&url).ok_or_else(wrong)? {
            objects.row(|object| {
                for (column, (name, _)) in table.columns().iter().enumerate() {
                    object.field(name, |value| table.write(column, row, value));
                }
            });
            if objects.lines().len() >= WRITE_BYTES {
                // The lines end with a line feed, so that standard output passes them on as they are.
                output.write_all(objects.lines())?;
                objects.clear();
            }
        }
    }
    output.write_all(objects.lines())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use rustpipe_protocol::{FromWorker, RowsWriter};
    use serde_json::{Value, json};

    use super::*;
    use crate::instant::{MICROS_PER_SECOND, rfc3339};

    fn lines(table: Table, inputs: &str) -> Vec<Value> {
        let mut output = Vec::new();
        write(table, inputs.as_bytes(), &mut output).unwrap();
        let lines = output.split_inclusive(|&byte| byte == b'\n');
        lines
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect()
    }

    #[test]
    fn objects_have_the_values_that_the_worker_sends_by_position() {
        for table in Table::ALL {
            for (row, object) in (0..200).zip(lines(table, "rows:200")) {
                let mut writer = RowsWriter::new(1, 0);
                writer.begin_row();
                for column in 0..table.columns().len() {
                    table.write(column, row, &mut writer);
                }
                writer.end_row();
                let Ok(FromWorker::Rows { rows, .. }) =
                    serde_json::from_slice(&writer.finish(None))
                else {
                    panic!("no rows")
                };
                for ((name, r#type), value) in table.columns().iter().zip(&rows[0]) {
                    let named = by_name(r#type, value);
                    assert_eq!(
                        object.get(name).unwrap_or(&Value::Null),
                        &named,
                        "{row} {name}"
                    );
                }
            }
        }
    }

    /// A value by position as it looks in an object; knows the types of the tables here and no others.
    fn by_name(r#type: &str, value: &Value) -> Value {
        match (r#type, value) {
            ("timestamp", Value::Number(micros)) => match micros.as_i64().unwrap() {
                micros if micros % MICROS_PER_SECOND == 0 => json!(micros / MICROS_PER_SECOND),
                micros => json!(rfc3339(micros)),
            },
            ("struct<x:double,y:double,label:string>", Value::Array(point)) => {
                json!({"x": point[0], "y": point[1], "label": point[2]})
            }
            ("map<string,bigint>", Value::Array(entries)) => entries
                .iter()
                .map(|entry| (entry[0].as_str().unwrap().to_owned(), entry[1].clone()))
                .collect(),
            ("array<struct<name:string,size:bigint>>", Value::Array(parts)) => parts
                .iter()
                .map(|part| json!({"name": part[0], "size": part[1]}))
                .collect(),
            _ => value.clone(),
        }
    }

    #[test]
    fn plain_rows_have_247_bytes_on_average() {
        let mut output = Vec::new();
        write(Table::Plain, &b"rows:1000000"[..], &mut output).unwrap();
        let average = output.len() / 1_000_000;
        assert_eq!(average, 247);
    }

    #[test]
    fn rows_are_those_of_the_span() {
        let all = lines(Table::Unicode, "rows:10");
        assert_eq!(lines(Table::Unicode, "rows:4@0\nrows:6@4"), all);
        assert_ne!(all[0], all[1]);
    }

    #[test]
    fn most_values_of_nulls_are_null_and_none_of_the_others_has_a_column_without_values() {
        for table in Table::ALL {
            let rows = lines(table, "rows:1000");
            for (name, _) in table.columns() {
                let filled = rows.iter().filter(|row| row.get(name).is_some()).count();
                let expected = if table == Table::Nulls && *name != "id" {
                    50..150
                } else {
                    900..1001
                };
                assert!(expected.contains(&filled), "{name}: {filled}");
            }
        }
    }

    #[test]
    fn an_input_that_is_no_span_is_an_error_that_shows_it() {
        let error = write(Table::Plain, &b"rows:x"[..], &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("'rows:x'"), "{error}");
    }
}
