//! Structs whose fields are columns.

use std::borrow::Cow;

use rustpipe_protocol::RowsWriter;
use serde_json::{Map, Value as Json};

use crate::read::ReadError;
use crate::value::Value;

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type, as Spark SQL writes it.
    pub r#type: String,
    /// Whether it may be null.
    pub nullable: bool,
    /// What it means.
    pub comment: &'static str,
}

impl Field {
    /// A field of this type.
    #[must_use]
    pub fn of<T: Value>(name: &'static str, comment: &'static str) -> Self {
        Self {
            name,
            r#type: T::type_name(),
            nullable: T::nullable(),
            comment,
        }
    }
}

/// An input, a row of a table, or a struct in one. `#[derive(Record)]` makes it of a struct: the documentation of a field
/// is the comment of its column, and `#[record(name = "...")]` gives it another name than it has in Rust.
///
/// ```
/// #[derive(rustpipe::Record)]
/// struct Quote {
///     /// The price of the last trade
///     close: f64,
///     /// Shares traded, where the exchange tells
///     #[record(name = "tradingVolume")]
///     volume: Option<i64>,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no record",
    note = "an input and a row are structs with `#[derive(rustpipe::Record)]`"
)]
pub trait Record: Sized {
    /// How many fields there are.
    const FIELDS: usize;

    /// The fields, in order.
    fn fields() -> Vec<Field>;

    /// Writes the field at this place of [`fields`](Self::fields).
    fn write(&self, field: usize, row: &mut RowsWriter);

    /// Reads all fields, and ignores others.
    ///
    /// # Errors
    /// When a field is missing or does not fit its type.
    fn read(fields: Map<String, Json>) -> Result<Self, ReadError>;
}

/// Within an input a struct is an object, within a row it is a list.
impl<R: Record> Value for R {
    fn type_name() -> String {
        let fields = R::fields();
        let fields = fields
            .iter()
            .map(|it| format!("{}:{}", quoted(it.name), it.r#type));
        format!("struct<{}>", fields.collect::<Vec<_>>().join(","))
    }

    fn write(&self, row: &mut RowsWriter) {
        row.begin_list();
        for field in 0..R::FIELDS {
            Record::write(self, field, row);
        }
        row.end_list();
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        match json {
            Json::Object(fields) => <R as Record>::read(fields),
            other => Err(ReadError::new(Self::type_name(), &other)),
        }
    }
}

/// A name within a type: between backticks if it has characters that Spark SQL takes for something else.
fn quoted(name: &str) -> Cow<'_, str> {
    let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    if name.chars().all(is_word) && !name.starts_with(|it: char| it.is_ascii_digit()) {
        name.into()
    } else {
        format!("`{}`", name.replace('`', "``")).into()
    }
}
