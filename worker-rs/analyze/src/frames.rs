//! The way of an input's rows into frames, and of frames into the output.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustpipe_protocol::{Done, FromWorker, RowsDone, RowsWriter, Status};

use crate::failure::Failure;
use crate::limits::{DEFAULT_FRAME_BYTES, DEFAULT_HELD_BYTES, LONGEST_ROW_BYTES};
use crate::output::Output;

/// Room for the first rows of an input. Most inputs have few.
const FIRST_CAPACITY: usize = 4 << 10;

/// The output as one input sees it: where lines go, and the number of its rows that went in.
#[derive(Clone, Debug)]
pub(crate) struct Outlet {
    id: u64,
    output: Output,
    rows_left: Arc<AtomicU64>,
}

impl Outlet {
    pub(crate) fn new(id: u64, output: Output) -> Self {
        Self {
            id,
            output,
            rows_left: Arc::default(),
        }
    }

    /// Rows that have left and can't be taken back.
    pub(crate) fn rows_left(&self) -> u64 {
        self.rows_left.load(Ordering::Relaxed)
    }

    /// Sends a frame's rows. Waits where the output is full: the pool then rests until rows are wanted again, which
    /// bounds the memory that rows take. Must not be called on a thread of the asynchronous runtime.
    fn send(&self, frame: RowsWriter) {
        self.rows_left.fetch_add(frame.rows(), Ordering::Relaxed);
        self.output.blocking_send(frame.finish(None));
    }

    /// The input's last line after a failure.
    fn error(&self, failure: &Failure) -> Vec<u8> {
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
    /// Full frames that wait for the body's digest; none where rows leave at once.
    held: Option<Vec<RowsWriter>>,
    held_bytes: usize,
}

/// Why no more rows fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Overflow {
    /// One row is too long for a line.
    #[error(
        "the row of entry {entry_index} is longer than {LONGEST_ROW_BYTES} bytes; leave out columns with its names, such as pax"
    )]
    Row { entry_index: u64 },
    /// The rows that wait for the body's digest are too many.
    #[error(
        "rows of more than {DEFAULT_HELD_BYTES} bytes wait for archive_sha256, which is known at the end of the body; leave that column out, or join with fetches, whose sha256 it is"
    )]
    Held,
}

impl Frames {
    /// Rows that leave as frames fill.
    pub(crate) fn new(outlet: Outlet) -> Self {
        Self {
            writer: RowsWriter::new(outlet.id, FIRST_CAPACITY),
            outlet,
            held: None,
            held_bytes: 0,
        }
    }

    /// Rows that wait for the body's digest.
    pub(crate) fn held(outlet: Outlet) -> Self {
        Self {
            held: Some(Vec::new()),
            ..Self::new(outlet)
        }
    }

    /// The writer of the current row.
    pub(crate) fn row(&mut self) -> &mut RowsWriter {
        &mut self.writer
    }

    /// By how many bytes the current row is too long.
    pub(crate) fn excess(&self) -> usize {
        self.writer.row_bytes().saturating_sub(LONGEST_ROW_BYTES)
    }

    /// Ends the row, and waits where its frame must leave and the output is full.
    pub(crate) fn end_row(&mut self) -> Result<(), Overflow> {
        self.writer.end_row();
        if self.writer.bytes() < DEFAULT_FRAME_BYTES {
            return Ok(());
        }
        let capacity = DEFAULT_FRAME_BYTES + FIRST_CAPACITY;
        let full = std::mem::replace(&mut self.writer, RowsWriter::new(self.outlet.id, capacity));
        let Some(held) = &mut self.held else {
            self.outlet.send(full);
            return Ok(());
        };
        self.held_bytes += full.bytes();
        held.push(full);
        if self.held_bytes > DEFAULT_HELD_BYTES {
            return Err(Overflow::Held);
        }
        Ok(())
    }

    /// The body's digest is known, or never will be: rows that waited for it leave, as those from now on do.
    pub(crate) fn release(&mut self, digest: Option<&[u8]>) {
        for mut frame in self.held.take().into_iter().flatten() {
            frame.fill_digests(digest);
            self.outlet.send(frame);
        }
        self.writer.fill_digests(digest);
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
        let Self { writer, outlet, .. } = self;
        let mut lines = Vec::new();
        if writer.rows() > 0 {
            outlet.rows_left.fetch_add(writer.rows(), Ordering::Relaxed);
            lines = writer.finish(None);
        }
        lines.extend_from_slice(&outlet.error(failure));
        lines
    }
}
