//! Write a worker for Spark: an input, an output and an async function.
//!
//! A worker is a program that `rustpipe` starts beside each Spark task. Rows of a `DataFrame` come in, typed rows go
//! out, and this crate does all between: standard input and output, the window, several inputs at once, the
//! description from which Spark knows the columns, counters, replays, and the right end when Spark has gone.
//!
//! # A worker
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use rustpipe::{Context, ErrorCode, Failure, Record, Worker};
//!
//! /// What comes in: the columns that the worker reads.
//! #[derive(Record)]
//! struct Text {
//!     text: String,
//! }
//!
//! /// What goes out: the columns of a row, with their comments.
//! #[derive(Record)]
//! struct Count {
//!     /// Words, which are what is between blanks
//!     words: i64,
//!     /// The longest of them; null if there is none
//!     longest: Option<String>,
//! }
//!
//! async fn count(input: Text, _: Context) -> Result<Count, Failure> {
//!     if input.text.contains('\0') {
//!         return Err(Failure::new(ErrorCode::BadInput, "a text has no NUL"));
//!     }
//!     let words: Vec<_> = input.text.split_whitespace().collect();
//!     Ok(Count {
//!         words: words.len().try_into()?,
//!         longest: words
//!             .into_iter()
//!             .max_by_key(|it| it.len())
//!             .map(str::to_owned),
//!     })
//! }
//!
//! fn main() -> ExitCode {
//!     Worker::new("count", env!("CARGO_PKG_VERSION"))
//!         .one("counts", "The words of a text", count)
//!         .run()
//! }
//! ```
//!
//! That is all. `count describe` prints the columns, and in Spark `RustPipe.pipe(df, Map.of("worker", "/path/to/count"))`
//! sends the column `text` of each row and gives it back beside `words` and `longest`. [`Value`] lists the types that fields
//! may have.
//!
//! # Inputs that fail
//!
//! A function that returns a [`Failure`] makes an error row of its input: its columns are null, and `error_code` and
//! `error_message` say why. Any `std::error::Error` becomes a failure by `?`; [`Coded::code`] says of which class it is. A
//! panic costs its input only, unless the profile has `panic = "abort"`. An input that lacks a field, or has one of
//! another type, never reaches the function. When the whole process dies, `rustpipe` starts another and finds out which
//! input it was.
//!
//! # Many rows for an input
//!
//! ```
//! # use rustpipe::{Context, Failure, Record, Rows, Worker};
//! # #[derive(Record)] struct Range { first: i64, last: i64 }
//! # #[derive(Record)] struct Number { number: i64 }
//! async fn numbers(range: Range, rows: Rows<Number>, _: Context) -> Result<(), Failure> {
//!     // Where another worker has died: its rows are in Spark already.
//!     let first = rows.resume().map_or(Ok(range.first), str::parse)?;
//!     for number in first..=range.last {
//!         rows.send(Number { number }).await?;
//!         rows.mark(&(number + 1).to_string()).await?;
//!     }
//!     Ok(())
//! }
//! # let _ =
//! Worker::new("numbers", "1.0.0").many("numbers", "All numbers of a range", numbers)
//! # ;
//! ```
//!
//! Marks are for those who want them: without them an input whose rows have left in part ends in an error when the
//! worker dies, and is never begun again.
//!
//! # Options, counters, waiting and computing
//!
//! [`Worker::option`] declares what users can set by `.option(name, value)`, and [`Context::option`] reads it.
//! [`Context::count`] counts what Spark is to show. As many functions run at once as the option `concurrency` says, all
//! on one thread: what waits should do so with `.await`, and what computes for long belongs into
//! `tokio::task::spawn_blocking`. Standard output belongs to the protocol: print to standard error, which ends up in the
//! executor's log, or use [`Context::log`]. On Linux what is printed to standard output during a conversation goes to
//! standard error as well; elsewhere it breaks the conversation.

pub mod engine;

mod context;
mod failure;
mod function;
mod outlet;
mod read;
mod record;
mod rows;
mod types;
mod value;
mod worker;

pub use context::Context;
pub use failure::{Coded, Failure};
pub use read::ReadError;
pub use record::{Field, Record};
pub use rows::Rows;
pub use rustpipe_derive::Record;
pub use rustpipe_protocol::{ErrorCode, Level, RowsWriter};
pub use types::{Binary, Date, Decimal, DecimalError, Timestamp};
pub use value::Value;
pub use worker::Worker;

/// What the derived code names.
#[doc(hidden)]
pub mod derived {
    pub use crate::read::field;
    pub use rustpipe_protocol::RowsWriter;
    pub type Map = serde_json::Map<String, serde_json::Value>;
}
