//! The way of an input's rows into frames, and of frames into the output.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustpipe_protocol::{Done, FromWorker, RowsDone, RowsWriter, Status};
use tokio::sync::mpsc::Sender;

use crate::failure::Failure;
use crate::limits::DEFAULT_FRAME_BYTES;

/// Room for the first rows of an input. Most inputs have few.
const FIRST_CAPACITY: usize = 4 << 10;

/// The output as one input sees it: a channel of lines, and the number of its rows that went in.
#[derive(Clone, Debug)]
pub(crate) struct Outlet {
    id: u64,
    lines: Sender<Vec<u8>>,
    rows_left: Arc<AtomicU64>,
}

impl Outlet {
    pub(crate) fn new(id: u64, lines: Sender<Vec<u8>>) -> Self {
        Self {
            id,
            lines,
            rows_left: Arc::default(),
        }
    }

    /// Rows that have left and can't be taken back.
    pub(crate) fn rows_left(&self) -> u64 {
        self.rows_left.load(Ordering::Relaxed)
    }

    /// The input's last line after a failure.
    pub(crate) fn error(&self, failure: &Failure) -> Vec<u8> {
        let frame = FromWorker::Error {
            id: self.id,
            code: failure.code,
            message: failure.message.clone(),
            retryable: failure.retryable,
            rows: self.rows_left(),
        };
        frame.to_line()
    }
}

/// Rows of one input. Whole frames leave as they fill; the last one is for the caller to send.
pub(crate) struct Frames {
    writer: RowsWriter,
    outlet: Outlet,
}

impl Frames {
    pub(crate) fn new(outlet: Outlet) -> Self {
        Self {
            writer: RowsWriter::new(outlet.id, FIRST_CAPACITY),
            outlet,
        }
    }

    /// The writer of the current row.
    pub(crate) fn row(&mut self) -> &mut RowsWriter {
        &mut self.writer
    }

    /// Ends the row. Waits where the output is full: the pool then rests until rows are wanted again, which bounds
    /// the memory that rows take. Must not be called on a thread of the asynchronous runtime.
    pub(crate) fn end_row(&mut self) {
        self.writer.end_row();
        if self.writer.bytes() >= DEFAULT_FRAME_BYTES {
            let capacity = DEFAULT_FRAME_BYTES + FIRST_CAPACITY;
            let full =
                std::mem::replace(&mut self.writer, RowsWriter::new(self.outlet.id, capacity));
            self.outlet
                .rows_left
                .fetch_add(full.rows(), Ordering::Relaxed);
            // A closed channel means that nobody listens; the process is about to end.
            drop(self.outlet.lines.blocking_send(full.finish(None)));
        }
    }

    /// All rows of the input so far.
    pub(crate) fn rows(&self) -> u64 {
        self.outlet.rows_left() + self.writer.rows()
    }

    /// The last line of an input that has all its rows.
    pub(crate) fn done(self, status: Status) -> Vec<u8> {
        let rows = self.rows();
        if self.writer.rows() > 0 {
            self.writer.finish(Some(RowsDone { status, rows }))
        } else {
            FromWorker::Done(Done {
                id: self.outlet.id,
                status,
                rows,
            })
            .to_line()
        }
    }

    /// The last lines of an input that failed: the rows read whole until then, and the error.
    pub(crate) fn failed(self, failure: &Failure) -> Vec<u8> {
        let Self { writer, outlet } = self;
        let mut lines = Vec::new();
        if writer.rows() > 0 {
            outlet.rows_left.fetch_add(writer.rows(), Ordering::Relaxed);
            lines = writer.finish(None);
        }
        lines.extend_from_slice(&outlet.error(failure));
        lines
    }
}
