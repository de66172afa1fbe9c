//! Frames from a worker. `rows` frames are written by [`RowsWriter`](crate::RowsWriter), which skips the generic
//! values; the variant here is what a reader sees.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ErrorCode, Window};

/// A frame from a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FromWorker {
    /// The answer to `open`.
    Hello {
        /// The protocol version chosen.
        version: u32,
        /// The worker's name.
        name: String,
        /// The worker's version.
        worker_version: String,
        /// The columns that rows will carry, in order.
        columns: Vec<HelloColumn>,
        /// The window that the worker can hold.
        window: Window,
    },
    /// Rows of one input, as arrays by position.
    Rows {
        /// The input.
        id: u64,
        /// The rows.
        rows: Vec<Vec<Value>>,
        /// A token: given it back, the worker continues behind these rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<String>,
        /// The input's end, where these are its last rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        done: Option<RowsDone>,
    },
    /// The input's good end.
    Done(Done),
    /// The input's bad end.
    Error {
        /// The input.
        id: u64,
        /// The failure's class.
        code: ErrorCode,
        /// What happened, to what, against which limit, and what to do.
        message: String,
        /// Whether the same input may work later.
        retryable: bool,
        /// All rows sent for the input.
        rows: u64,
    },
    /// Cumulative counters.
    Metrics {
        /// By name.
        counters: BTreeMap<String, u64>,
    },
    /// A line for the connector's log.
    Log {
        /// How bad it is.
        level: Level,
        /// The line.
        message: String,
    },
    /// The last frame.
    Bye {
        /// Inputs ended.
        inputs: u64,
        /// Rows sent.
        rows: u64,
        /// Inputs ended by `error`.
        errors: u64,
    },
}

/// Name and type of a column that rows will carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloColumn {
    /// The column's name.
    pub name: String,
    /// The type as Spark SQL writes it.
    pub r#type: String,
}

/// The good end of an input, as a frame of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The input.
    pub id: u64,
    /// How it ended.
    pub status: Status,
    /// All rows sent for the input.
    pub rows: u64,
}

/// The good end of an input, riding on its last `rows` frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsDone {
    /// How it ended.
    pub status: Status,
    /// All rows sent for the input, those of this frame included.
    pub rows: u64,
}

/// How an input ended that has all its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// All worked.
    Succeeded,
    /// The input arrived whole but could not be read to its end.
    PartiallySucceeded,
    /// The input did not arrive; its row says why.
    Failed,
}

impl Status {
    /// The status as rows and frames carry it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::PartiallySucceeded => "PARTIALLY_SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

/// The level of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something was lost.
    Error,
    /// Something looks wrong.
    Warn,
    /// Of interest to who runs it.
    Info,
    /// Of interest to who mends it.
    Debug,
}

impl FromWorker {
    /// The frame as a line, with its `\n`.
    ///
    /// # Panics
    /// Never: all keys are strings, and no value of the frame can fail to serialise.
    #[must_use]
    pub fn to_line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).expect("frames serialise");
        line.push(b'\n');
        line
    }
}
