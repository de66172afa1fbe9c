//! The rows of one input on their way into frames.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustpipe_protocol::{
    Done, ErrorCode, FRAME_BYTES, FromWorker, LINE_OUT_BYTES, LONGEST_ROW_BYTES, RowsDone,
    RowsWriter, Status,
};

use crate::engine::{Finished, Output};
use crate::failure::{Failure, shortened};
use crate::record::Record;

/// Room for the first rows of an input. Most inputs have few.
const FIRST_CAPACITY: usize = 4 << 10;
/// Rows that wait for the next mark of a worker that makes marks: beyond this they leave without one.
const UNMARKED_BYTES: usize = 4 << 20;
/// The longest mark, which with a number before it must fit what the connector takes for a token.
const LONGEST_MARK_BYTES: usize = 4 << 10;
/// The longest frame of rows: a line's limit less a mark of characters that all need an escape, and the frame's own text.
const LONGEST_FRAME_BYTES: usize = LINE_OUT_BYTES - 6 * LONGEST_MARK_BYTES - (1 << 10);

/// Where the rows of an input go. Clones are the same outlet.
#[derive(Clone, Debug)]
pub(crate) struct Outlet {
    id: u64,
    output: Output,
    /// The columns wanted, by their places in the record.
    columns: Arc<[usize]>,
    frames: Arc<Mutex<Frames>>,
}

#[derive(Debug)]
struct Frames {
    writer: RowsWriter,
    /// Rows that have left, those that a worker before has sent included.
    left: u64,
    /// The mark behind all rows so far.
    mark: Option<String>,
    has_marks: bool,
    is_over: bool,
}

impl Outlet {
    pub(crate) fn new(id: u64, output: Output, columns: Arc<[usize]>) -> Self {
        let frames = Frames {
            writer: RowsWriter::new(id, FIRST_CAPACITY),
            left: 0,
            mark: None,
            has_marks: false,
            is_over: false,
        };
        Self {
            id,
            output,
            columns,
            frames: Arc::new(Mutex::new(frames)),
        }
    }

    /// Goes on behind the rows that a worker before has sent. Gives its mark.
    pub(crate) fn resume(&self, token: &str) -> Result<String, Failure> {
        let (rows, mark) = token.split_once('.').ok_or_else(|| foreign(token))?;
        // Counts are of the type bigint: so none of them overflows.
        let rows = rows.parse::<i64>().map(u64::try_from);
        let Ok(Ok(rows)) = rows else {
            return Err(foreign(token));
        };
        self.frames().left = rows;
        Ok(mark.to_owned())
    }

    /// Adds a row, and waits where its frame is full and the output as well.
    pub(crate) async fn send(&self, row: &impl Record) -> Result<(), Failure> {
        while !self.frames().add(row, &self.columns)? {
            self.leave().await;
        }
        self.leave_if_full().await;
        Ok(())
    }

    /// Marks the rows so far as those behind which another worker can go on.
    pub(crate) async fn mark(&self, mark: &str) -> Result<(), Failure> {
        self.frames().mark(mark)?;
        self.leave_if_full().await;
        Ok(())
    }

    async fn leave_if_full(&self) {
        let is_full = self.frames().is_full();
        if is_full {
            self.leave().await;
        }
    }

    /// Waits for room, and only then lets the rows so far leave: they are counted once they can't be held up, so a
    /// caller that gives up waiting loses none, and none leaves behind the input's end.
    async fn leave(&self) {
        let (left, bytes) = {
            let frames = self.frames();
            (frames.left, frames.writer.bytes())
        };
        let room = self.output.room(bytes).await;
        let mut frames = self.frames();
        // Another caller may have waited for the same.
        if frames.left == left && !frames.is_over {
            room.pass(frames.leave(self.id, None));
        }
    }

    /// The end of the input. Nothing can be added any more.
    pub(crate) fn finish(
        &self,
        result: Result<(), Failure>,
        counters: Vec<(&'static str, u64)>,
    ) -> Finished {
        let mut frames = self.frames();
        frames.is_over = true;
        let failed = result.is_err();
        let mut lines = Vec::new();
        match result {
            Ok(()) => {
                let rows = frames.left + frames.writer.rows();
                let done = RowsDone {
                    status: Status::Succeeded,
                    rows,
                };
                if frames.writer.rows() > 0 {
                    lines = frames.leave(self.id, Some(done));
                } else {
                    let done = FromWorker::Done(Done {
                        id: self.id,
                        status: done.status,
                        rows,
                    });
                    lines.extend(done.to_line());
                }
            }
            Err(failure) => {
                if frames.writer.rows() > 0 {
                    lines = frames.leave(self.id, None);
                }
                let error = FromWorker::Error {
                    id: self.id,
                    code: failure.code,
                    message: shortened(failure.message),
                    retryable: failure.retryable,
                    rows: frames.left,
                };
                lines.extend(error.to_line());
            }
        }
        Finished {
            lines,
            rows: frames.left,
            failed,
            counters,
        }
    }

    /// A row that a panic has cut short is dropped with the next one that begins.
    fn frames(&self) -> MutexGuard<'_, Frames> {
        self.frames.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Frames {
    /// Adds a row if it fits beside those that are there.
    fn add(&mut self, row: &impl Record, columns: &[usize]) -> Result<bool, Failure> {
        self.require_open()?;
        if self.is_full() {
            return Ok(false);
        }
        self.writer.begin_row();
        for &column in columns {
            Record::write(row, column, &mut self.writer);
        }
        let bytes = self.writer.row_bytes();
        if bytes > LONGEST_ROW_BYTES {
            return Err(Failure::new(
                ErrorCode::Limit,
                format!(
                    "a row has {bytes} bytes, but the limit is {LONGEST_ROW_BYTES}; select fewer columns, or make more rows of it"
                ),
            ));
        }
        let fits = self.writer.bytes() + bytes <= LONGEST_FRAME_BYTES;
        if fits {
            self.writer.end_row();
            self.mark = None;
        }
        Ok(fits)
    }

    fn mark(&mut self, mark: &str) -> Result<(), Failure> {
        self.require_open()?;
        if mark.len() > LONGEST_MARK_BYTES {
            return Err(Failure::new(
                ErrorCode::Internal,
                format!(
                    "a mark has {} bytes, but the limit is {LONGEST_MARK_BYTES}",
                    mark.len()
                ),
            ));
        }
        self.has_marks = true;
        self.mark = Some(mark.to_owned());
        Ok(())
    }

    /// Whether the rows so far should leave.
    fn is_full(&self) -> bool {
        let most = if self.has_marks && self.mark.is_none() {
            UNMARKED_BYTES
        } else {
            FRAME_BYTES
        };
        self.writer.bytes() >= most
    }

    fn require_open(&self) -> Result<(), Failure> {
        if self.is_over {
            return Err(Failure::new(
                ErrorCode::Internal,
                "the input has ended, and with it its rows",
            ));
        }
        Ok(())
    }

    /// The line of the rows so far, which leave with it.
    fn leave(&mut self, id: u64, done: Option<RowsDone>) -> Vec<u8> {
        let capacity = self.writer.bytes() + FIRST_CAPACITY;
        let full = std::mem::replace(&mut self.writer, RowsWriter::new(id, capacity));
        self.left += full.rows();
        match self.mark.take() {
            Some(mark) if done.is_none() => full.finish_with(&format!("{}.{mark}", self.left)),
            _ => full.finish(done),
        }
    }
}

/// The failure of an input whose token is not one of this worker's.
pub(crate) fn foreign(token: &str) -> Failure {
    Failure::new(
        ErrorCode::BadInput,
        format!("'{token}' is no resume token of this worker"),
    )
}
