//! What a worker says of itself: the one object that `worker describe` prints.

use serde::{Deserialize, Serialize};

/// The description of a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// The worker's name.
    pub name: String,
    /// The worker's version.
    pub version: String,
    /// The protocol versions that it speaks.
    pub protocol: Vec<u32>,
    /// Operating system and architecture, as in `linux-x86_64`.
    pub platform: String,
    /// The tables that it offers.
    pub tables: Vec<Table>,
    /// The filter operators that it evaluates.
    pub filters: Vec<String>,
    /// The options that it takes in `open`.
    pub options: Vec<WorkerOption>,
    /// The longest lines.
    pub limits: Limits,
}

/// A table that a worker offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The table's name, the value of the `table` option.
    pub name: String,
    /// What a row is.
    pub comment: String,
    /// How many rows an input gives.
    pub rows_per_input: TableRows,
    /// The fields that it reads of an input. `None`: it takes whatever there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Vec<InputField>>,
    /// All columns.
    pub columns: Vec<Column>,
}

/// A field of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputField {
    /// The field's name.
    pub name: String,
    /// The type as Spark SQL writes it.
    pub r#type: String,
    /// Whether it may be null, or not be there.
    pub nullable: bool,
    /// What the value means.
    pub comment: String,
}

/// How many rows an input gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableRows {
    /// Exactly one; none of an input that ends with an `error` frame.
    One,
    /// Any number; an input that fails ends with an `error` frame.
    Many,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// The type as Spark SQL writes it, as in `array<string>`.
    pub r#type: String,
    /// Whether the worker may send `null`.
    pub nullable: bool,
    /// What the value means.
    pub comment: String,
    /// What the worker has to do for it: a word of the worker's own, compared by nobody.
    pub cost: String,
}

/// An option of the worker. Values travel as strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerOption {
    /// The option's name.
    pub name: String,
    /// The type that its value is read as.
    pub r#type: String,
    /// The value if none is given.
    pub default: String,
    /// What it does.
    pub description: String,
}

/// The longest lines, in bytes without their `\n`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// To the worker.
    pub line_in_bytes: usize,
    /// From the worker.
    pub line_out_bytes: usize,
}
