//! Workers for Spark.
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
pub use failure::Failure;
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
