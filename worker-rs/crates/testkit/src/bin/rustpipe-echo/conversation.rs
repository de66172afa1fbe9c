//! The worker: a description, and one conversation with a connector, one input after the other.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use rustpipe_protocol::{
    Column, Description, FromConnector, FromWorker, HelloColumn, LINE_IN_BYTES, LINE_OUT_BYTES,
    Limits, Open, RowsDone, RowsWriter, Status, Table, TableRows, VERSION, Window,
};
use serde::Deserialize;

use crate::value::Value;

/// Names and types of the table's columns.
pub(crate) type Columns = Vec<(String, String)>;

const NAME: &str = "rustpipe-echo";
const WINDOW: Window = Window {
    inputs: 1024,
    bytes: 4 << 20,
};

/// An `in` frame once more, with the order of its input's fields.
#[derive(Deserialize)]
struct Ordered {
    input: Value,
}

/// Prints the description. It lists no fields of inputs: they are what the columns are.
pub(crate) fn describe(columns: Columns) -> io::Result<()> {
    let column = |(name, r#type)| Column {
        name,
        r#type,
        nullable: true,
        comment: "The input's field of this name".to_owned(),
        cost: "none".to_owned(),
    };
    let description = Description {
        name: NAME.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: vec![VERSION],
        platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        tables: vec![Table {
            name: "echo".to_owned(),
            comment: "The inputs".to_owned(),
            rows_per_input: TableRows::Many,
            input: None,
            columns: columns.into_iter().map(column).collect(),
        }],
        filters: Vec::new(),
        options: Vec::new(),
        limits: Limits {
            line_in_bytes: LINE_IN_BYTES,
            line_out_bytes: LINE_OUT_BYTES,
        },
    };
    println!("{}", serde_json::to_string(&description)?);
    Ok(())
}

/// Talks with the connector until all is done.
pub(crate) fn run(columns: &Columns, stdin: impl Read, stdout: impl Write) -> io::Result<()> {
    let mut stdin = BufReader::new(stdin);
    let mut stdout = BufWriter::new(stdout);
    let mut line = Vec::new();
    let FromConnector::Open(open) = read(&mut stdin, &mut line)? else {
        return Err(io::Error::other("the first frame is not 'open'"));
    };
    stdout.write_all(&hello(columns, &open)?.to_line())?;
    let mut inputs = 0;
    loop {
        if stdin.buffer().is_empty() {
            stdout.flush()?;
        }
        match read(&mut stdin, &mut line)? {
            FromConnector::In(input) => {
                let ordered: Ordered = serde_json::from_slice(&line)?;
                stdout.write_all(&echo(input.id, &open.columns, &ordered.input))?;
                inputs += 1;
            }
            FromConnector::End => break,
            FromConnector::Open(_) => return Err(io::Error::other("'open' came twice")),
        }
    }
    let bye = FromWorker::Bye {
        inputs,
        rows: inputs,
        errors: 0,
    };
    stdout.write_all(&bye.to_line())?;
    stdout.flush()
}

fn read(stdin: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<FromConnector> {
    line.clear();
    if stdin.read_until(b'\n', line)? == 0 {
        return Err(io::Error::other("standard input ended without 'end'"));
    }
    FromConnector::parse(line).map_err(io::Error::other)
}

fn hello(columns: &Columns, open: &Open) -> io::Result<FromWorker> {
    let offered = |wanted: &String| {
        let found = columns.iter().find(|(name, _)| name == wanted);
        let (name, r#type) =
            found.ok_or_else(|| io::Error::other(format!("no column '{wanted}'")))?;
        Ok(HelloColumn {
            name: name.clone(),
            r#type: r#type.clone(),
        })
    };
    Ok(FromWorker::Hello {
        version: VERSION,
        name: NAME.to_owned(),
        worker_version: env!("CARGO_PKG_VERSION").to_owned(),
        columns: open
            .columns
            .iter()
            .map(offered)
            .collect::<io::Result<_>>()?,
        window: WINDOW,
    })
}

/// The input's fields as one row; a field that is not there is null.
fn echo(id: u64, columns: &[String], input: &Value) -> Vec<u8> {
    let fields = match input {
        Value::Object(fields) => fields.as_slice(),
        _ => &[],
    };
    let mut rows = RowsWriter::new(id, 256);
    rows.begin_row();
    for column in columns {
        let field = fields.iter().find(|(name, _)| name == column);
        field
            .map_or(&Value::Null, |(_, value)| value)
            .write(&mut rows);
    }
    rows.end_row();
    rows.finish(Some(RowsDone {
        status: Status::Succeeded,
        rows: 1,
    }))
}
