//! The worker: rows as frames.

use std::sync::Arc;

use rustpipe::engine::{self, Finished, Opened, Output, Refusal, Selection, Service, Session};
use rustpipe_protocol::{
    Description, Done, ErrorCode, FRAME_BYTES, FromWorker, Input, Open, RowsDone, RowsWriter,
    Status,
};
use serde_json::Value;

use crate::span;
use crate::table::Table;

/// Inputs take turns anyway; with so many the window is never what is waited for.
const CONCURRENCY: usize = 512;

/// Tables of invented rows.
pub(crate) struct Rows;

/// The rows of one table.
pub(crate) struct Invented {
    table: Table,
    /// Indices of the columns wanted, in the order of the rows.
    columns: Vec<usize>,
    output: Output,
}

impl Service for Rows {
    type Session = Invented;

    fn description(&self) -> Description {
        let tables = Table::ALL.map(Table::describe).to_vec();
        engine::description(
            "rustpipe-rows",
            env!("CARGO_PKG_VERSION"),
            tables,
            Vec::new(),
        )
    }

    fn open(&self, open: &Open, output: &Output) -> Result<Opened<Invented>, Refusal> {
        let described = Table::ALL.map(Table::describe);
        let selection = Selection::of(&described, open)?;
        let found = Table::ALL
            .into_iter()
            .find(|it| it.name() == selection.table.name);
        Ok(Opened {
            columns: selection.columns,
            concurrency: CONCURRENCY,
            session: Invented {
                table: found.expect("it is one of those that are described"),
                columns: selection.places,
                output: output.clone(),
            },
        })
    }
}

impl Session for Invented {
    async fn run(self: Arc<Self>, input: Input) -> Finished {
        let url = input.input.get("url").and_then(Value::as_str);
        let url = url.unwrap_or_default();
        let Some(span) = span::parse(url) else {
            let error = FromWorker::Error {
                id: input.id,
                code: ErrorCode::BadUrl,
                message: format!("'{url}' is not rows:COUNT or rows:COUNT@FIRST"),
                retryable: false,
                rows: 0,
            };
            return finished(error.to_line(), 0, true);
        };
        let rows = span.end - span.start;
        let status = Status::Succeeded;
        let mut writer = None;
        for row in span {
            let frame = writer.get_or_insert_with(|| RowsWriter::new(input.id, FRAME_BYTES + 4096));
            frame.begin_row();
            for &column in &self.columns {
                self.table.write(column, row, frame);
            }
            frame.end_row();
            if frame.bytes() >= FRAME_BYTES
                && let Some(full) = writer.take()
            {
                self.output.send(full.finish(None)).await;
            }
        }
        let lines = match writer {
            Some(last) => last.finish(Some(RowsDone { status, rows })),
            None => FromWorker::Done(Done {
                id: input.id,
                status,
                rows,
            })
            .to_line(),
        };
        finished(lines, rows, false)
    }
}

fn finished(lines: Vec<u8>, rows: u64, failed: bool) -> Finished {
    Finished {
        lines,
        rows,
        failed,
        counters: Vec::new(),
    }
}
