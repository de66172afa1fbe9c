//! `rustpipe-echo`: a worker that gives each input back as one row. Tests send values of every type through it and
//! compare them with what comes back, so it has to change none.

use std::process::ExitCode;
use std::sync::Arc;

use rustpipe::engine::{self, Finished, Opened, Output, Refusal, Selection, Service, Session};
use rustpipe_protocol::{
    Column, Description, Input, Open, RowsDone, RowsWriter, Status, Table, TableRows,
};
use serde_json::Value;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let echo = arguments.first().map(|columns| Echo::new(columns));
    match (echo, arguments.get(1).map(String::as_str)) {
        (Some(Ok(echo)), Some("describe")) => engine::describe(&echo),
        (Some(Ok(echo)), Some("run")) => engine::run(&echo),
        _ => {
            eprintln!(
                r#"usage: rustpipe-echo COLUMNS describe|run, where COLUMNS is JSON such as [["id","bigint"]]"#
            );
            ExitCode::from(2)
        }
    }
}

/// A table of given columns.
struct Echo {
    table: Table,
}

impl Echo {
    /// The columns are pairs of name and type. No field of the inputs is listed: they are what the columns are.
    fn new(columns: &str) -> serde_json::Result<Self> {
        let columns: Vec<(String, String)> = serde_json::from_str(columns)?;
        let column = |(name, r#type)| Column {
            name,
            r#type,
            nullable: true,
            comment: "The input's field of this name".to_owned(),
            cost: "none".to_owned(),
        };
        Ok(Self {
            table: Table {
                name: "echo".to_owned(),
                comment: "The inputs".to_owned(),
                rows_per_input: TableRows::Many,
                input: None,
                columns: columns.into_iter().map(column).collect(),
            },
        })
    }
}

impl Service for Echo {
    type Session = Wanted;

    fn description(&self) -> Description {
        let tables = vec![self.table.clone()];
        engine::description(
            "rustpipe-echo",
            env!("CARGO_PKG_VERSION"),
            tables,
            Vec::new(),
        )
    }

    fn open(&self, open: &Open, _: &Output) -> Result<Opened<Wanted>, Refusal> {
        Ok(Opened {
            columns: Selection::of(std::slice::from_ref(&self.table), open)?.columns,
            concurrency: 64,
            session: Wanted(open.columns.clone()),
        })
    }
}

/// The columns that are wanted.
struct Wanted(Vec<String>);

impl Session for Wanted {
    async fn run(self: Arc<Self>, input: Input) -> Finished {
        let mut rows = RowsWriter::new(input.id, 256);
        rows.begin_row();
        for column in &self.0 {
            write(input.input.get(column).unwrap_or(&Value::Null), &mut rows);
        }
        rows.end_row();
        let done = RowsDone {
            status: Status::Succeeded,
            rows: 1,
        };
        Finished {
            lines: rows.finish(Some(done)),
            rows: 1,
            failed: false,
            counters: Vec::new(),
        }
    }
}

/// As rows have it: structs by position. Their fields come in the order of the columns, and stay in it.
fn write(value: &Value, rows: &mut RowsWriter) {
    match value {
        Value::Null => rows.null(),
        Value::Bool(value) => rows.boolean(*value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => rows.integer(integer),
            (None, double) => rows.double(double.unwrap_or(f64::NAN)),
        },
        Value::String(value) => rows.string(value),
        Value::Array(values) => write_list(values.iter(), rows),
        Value::Object(fields) => write_list(fields.values(), rows),
    }
}

fn write_list<'a>(values: impl Iterator<Item = &'a Value>, rows: &mut RowsWriter) {
    rows.begin_list();
    for value in values {
        write(value, rows);
    }
    rows.end_list();
}
