//! The line protocol between the connector and a worker: one JSON object a line, UTF-8, ended by `\n`.
//!
//! `docs/protocol.md` is the specification; its examples are this crate's golden test. The crate knows frames,
//! types and bytes. It knows no pipes, no tables and nothing of what a worker does.

mod connector;
mod describe;
mod error_code;
mod rows;
mod spark_type;
mod worker;

pub use connector::{FrameError, FromConnector, Input, Open, Window};
pub use describe::{Column, Description, InputField, Limits, Table, TableRows, WorkerOption};
pub use error_code::ErrorCode;
pub use rows::RowsWriter;
pub use spark_type::{Misfit, SparkType, StructField, TypeError};
pub use worker::{Done, FromWorker, HelloColumn, Level, RowsDone, Status};

/// The version of the protocol that this crate speaks.
pub const VERSION: u32 = 1;
/// The longest line that a worker accepts, in bytes without its `\n`.
pub const LINE_IN_BYTES: usize = 1 << 20;
/// The longest line that a connector accepts, in bytes without its `\n`.
pub const LINE_OUT_BYTES: usize = 16 << 20;
/// A `rows` frame leaves once it has this many bytes: rows of an input below it travel in one frame with its end.
pub const FRAME_BYTES: usize = 256 << 10;
/// The longest row: a line's limit less the rows before it in its frame, and the frame's own text.
pub const LONGEST_ROW_BYTES: usize = LINE_OUT_BYTES - FRAME_BYTES - (1 << 10);
