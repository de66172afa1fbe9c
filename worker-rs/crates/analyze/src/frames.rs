//! The way of an input's rows into frames, and of frames into the output.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustpipe::engine::Output;
use rustpipe_protocol::{
    Done, FRAME_BYTES, FromWorker, LONGEST_ROW_BYTES, RowsDone, RowsWriter, Status,
};

use crate::failure::Failure;
use crate::limits::DEFAULT_HELD_BYTES;
use crate::resume::{Reached, Resume};

/// Room for the first rows of an input. Most inputs have few.
const FIRST_CAPACITY: usize = 4 << 10;

/// The output as one input sees it: where lines go, and what of its rows went in, in all attempts together.
#[derive(Clone, Debug)]
pub(crate) struct Outlet {
    id: u64,
    output: Output,
    left: Arc<Mutex<Left>>,
}

/// Rows that have left and can't be taken back.
#[derive(Debug, Default)]
struct Left {
    rows: u64,
    /// The point behind them.
    resume: Option<Resume>,
}

impl Outlet {
    pub(crate) fn new(id: u64, output: Output) -> Self {
        Self {
            id,
            output,
            left: Arc::default(),
        }
    }

    /// Rows up to this point have left in another process.
    pub(crate) fn continue_behind(&self, resume: Resume) {
        *self.left() = Left {
            rows: resume.rows,
            resume: Some(resume),
        };
    }

    /// Rows that have left and can't be taken back.
    pub(crate) fn rows_left(&self) -> u64 {
        self.left().rows
    }

    /// The point behind the rows that have left; none where none have.
    pub(crate) fn resume(&self) -> Option<Resume> {
        self.left().resume.clone()
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a frame's rows. Waits where the output is full: the pool then rests until rows are wanted again, which
    /// bounds the memory that rows take. Must not be called on a thread of the asynchronous runtime.
    fn send(&self, frame: RowsWriter, reached: &mut Reached) {
        let line = self.leave(frame, reached);
        self.output.blocking_send(line);
    }

    /// The line of rows that leave before the input's end, from now on.
    fn leave(&self, frame: RowsWriter, reached: &mut Reached) -> Vec<u8> {
        let mut left = self.left();
        left.rows += frame.rows();
        let Some(resume) = reached.resume(left.rows) else {
            return frame.finish(None);
        };
        let line = frame.finish_with(&resume.token());
        left.resume = Some(resume);
        line
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
    /// How many of the next rows have left before.
    again: u64,
    /// Bytes of such rows that were dropped from the current frame. They count for its size, so that frames and limits are
    /// those of a first attempt.
    dropped: usize,
    reached: Reached,
    /// Whether the body has shown to be the one that those rows come from.
    is_verified: bool,
    is_surplus: bool,
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
        let (again, is_verified) = {
            let left = outlet.left();
            (left.rows, left.resume.is_none())
        };
        Self {
            writer: RowsWriter::new(outlet.id, FIRST_CAPACITY),
            held: None,
            held_bytes: 0,
            again,
            dropped: 0,
            reached: Reached::Nowhere,
            is_verified,
            is_surplus: false,
            outlet,
        }
    }

    /// Rows that wait for the body's digest.
    pub(crate) fn held(outlet: Outlet) -> Self {
        Self {
            held: Some(Vec::new()),
            ..Self::new(outlet)
        }
    }

    /// The rows to come are read from the body up to there.
    pub(crate) fn reach(&mut self, reached: Reached, is_verified: bool) {
        self.reached = reached;
        self.is_verified = is_verified;
    }

    /// Whether a row was to leave that has not left before, though the body is not verified.
    pub(crate) fn is_surplus(&self) -> bool {
        self.is_surplus
    }

    /// How many rows fewer there are than have left before.
    pub(crate) fn missing(&self) -> u64 {
        self.again
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
        if self.again > 0 {
            self.again -= 1;
            self.dropped += self.writer.clear();
        } else if !self.is_verified && self.held.is_none() {
            self.is_surplus = true;
            self.dropped += self.writer.clear();
        }
        let bytes = self.writer.bytes() + self.dropped;
        if bytes < FRAME_BYTES {
            return Ok(());
        }
        self.dropped = 0;
        let mut full = None;
        if self.writer.rows() > 0 {
            let capacity = FRAME_BYTES + FIRST_CAPACITY;
            let next = RowsWriter::new(self.outlet.id, capacity);
            full = Some(std::mem::replace(&mut self.writer, next));
        }
        if let Some(held) = &mut self.held {
            self.held_bytes += bytes;
            held.extend(full);
            if self.held_bytes > DEFAULT_HELD_BYTES {
                return Err(Overflow::Held);
            }
        } else if let Some(full) = full {
            self.outlet.send(full, &mut self.reached);
        }
        Ok(())
    }

    /// The body's digest is known, or never will be: rows that waited for it leave, as those from now on do.
    pub(crate) fn release(&mut self, digest: Option<&[u8]>) {
        let Some(held) = self.held.take() else { return };
        if digest.is_none() {
            // Fetched again, the body may have one.
            self.reached = Reached::Nowhere;
        }
        for mut frame in held {
            frame.fill_digests(digest);
            self.outlet.send(frame, &mut self.reached);
        }
        self.writer.fill_digests(digest);
    }

    /// The input is going to fail: its last rows leave before its end. Makes the digest that their token needs in the
    /// pool.
    pub(crate) fn settle(&mut self) {
        if self.writer.rows() > 0 {
            self.reached.resume(0);
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
        let Self {
            writer,
            outlet,
            mut reached,
            ..
        } = self;
        let mut lines = Vec::new();
        if writer.rows() > 0 {
            lines = outlet.leave(writer, &mut reached);
        }
        lines.extend_from_slice(&outlet.error(failure));
        lines
    }
}
