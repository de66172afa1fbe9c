//! The types that fields of records may have, and how each is written and read.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use rustpipe_protocol::RowsWriter;
use serde_json::Value as Json;

use crate::read::ReadError;

/// A value of a field, of one of the types that the protocol knows.
///
/// | Rust | Spark |
/// |---|---|
/// | `String` | `string` |
/// | `bool` | `boolean` |
/// | `i8`, `i16`, `i32`, `i64` | `tinyint`, `smallint`, `int`, `bigint` |
/// | `f32`, `f64` | `float`, `double` |
/// | [`Decimal<P, S>`](crate::Decimal) | `decimal(P,S)` |
/// | [`Timestamp`](crate::Timestamp), [`Date`](crate::Date) | `timestamp`, `date` |
/// | [`Binary`](crate::Binary) | `binary` |
/// | `Vec<T>` | `array<t>` |
/// | `HashMap<K, V>`, `BTreeMap<K, V>` | `map<k,v>` |
/// | a struct with `#[derive(Record)]` | `struct<...>` |
/// | `Option<T>` | the same, nullable |
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no place in a column",
    label = "no type of Spark's",
    note = "fields are String, bool, i8 to i64, f32, f64, Decimal, Timestamp, Date, Binary, Vec, HashMap, BTreeMap, Option, or structs that derive Record; Spark has no unsigned integers, and bytes are Binary"
)]
pub trait Value: Sized {
    /// The type, as Spark SQL writes it.
    fn type_name() -> String;

    /// Whether it may be null.
    #[must_use]
    fn nullable() -> bool {
        false
    }

    /// Writes the value.
    fn write(&self, row: &mut RowsWriter);

    /// Reads the value.
    ///
    /// # Errors
    /// When it is not one of this type.
    fn read(json: Json) -> Result<Self, ReadError>;

    /// What stands for a field that is not there.
    ///
    /// # Errors
    /// When nothing does.
    fn missing() -> Result<Self, ReadError> {
        Err(ReadError::missing(Self::type_name()))
    }
}

impl Value for String {
    fn type_name() -> String {
        "string".to_owned()
    }

    fn write(&self, row: &mut RowsWriter) {
        row.string(self);
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        match json {
            Json::String(text) => Ok(text),
            other => Err(ReadError::new("string", &other)),
        }
    }
}

impl Value for bool {
    fn type_name() -> String {
        "boolean".to_owned()
    }

    fn write(&self, row: &mut RowsWriter) {
        row.boolean(*self);
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        json.as_bool()
            .ok_or_else(|| ReadError::new("boolean", &json))
    }
}

macro_rules! integers {
    ($($rust:ty = $spark:literal),+) => {$(
        impl Value for $rust {
            fn type_name() -> String {
                $spark.to_owned()
            }

            fn write(&self, row: &mut RowsWriter) {
                row.integer(i64::from(*self));
            }

            fn read(json: Json) -> Result<Self, ReadError> {
                let number = json.as_i64().and_then(|number| Self::try_from(number).ok());
                number.ok_or_else(|| ReadError::new($spark, &json))
            }
        }
    )+};
}

integers!(
    i8 = "tinyint",
    i16 = "smallint",
    i32 = "int",
    i64 = "bigint"
);

impl Value for f64 {
    fn type_name() -> String {
        "double".to_owned()
    }

    fn write(&self, row: &mut RowsWriter) {
        row.double(*self);
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        float(&json).ok_or_else(|| ReadError::new("double", &json))
    }
}

impl Value for f32 {
    fn type_name() -> String {
        "float".to_owned()
    }

    fn write(&self, row: &mut RowsWriter) {
        row.float(*self);
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it was one before it was text, and reads back as the same"
        )]
        let number = float(&json).map(|number| number as Self);
        number.ok_or_else(|| ReadError::new("float", &json))
    }
}

/// A number, or one of the words for what JSON does not have.
fn float(json: &Json) -> Option<f64> {
    match json.as_str() {
        None => json.as_f64(),
        Some("NaN") => Some(f64::NAN),
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        Some(_) => None,
    }
}

impl<T: Value> Value for Option<T> {
    fn type_name() -> String {
        T::type_name()
    }

    fn nullable() -> bool {
        true
    }

    fn write(&self, row: &mut RowsWriter) {
        match self {
            Some(value) => value.write(row),
            None => row.null(),
        }
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        match json {
            Json::Null => Ok(None),
            other => T::read(other).map(Some),
        }
    }

    fn missing() -> Result<Self, ReadError> {
        Ok(None)
    }
}

impl<T: Value> Value for Vec<T> {
    fn type_name() -> String {
        format!("array<{}>", T::type_name())
    }

    fn write(&self, row: &mut RowsWriter) {
        row.begin_list();
        for value in self {
            value.write(row);
        }
        row.end_list();
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        let Json::Array(values) = json else {
            return Err(ReadError::new(Self::type_name(), &json));
        };
        let values = values.into_iter().map(T::read);
        values
            .collect::<Result<_, _>>()
            .map_err(|error| error.within("element"))
    }
}

macro_rules! maps {
    ($([$($bounds:tt)*] $map:ty),+) => {$(
        impl<K: Value + $($bounds)*> Value for $map {
            fn type_name() -> String {
                format!("map<{},{}>", K::type_name(), V::type_name())
            }

            fn write(&self, row: &mut RowsWriter) {
                row.begin_list();
                for (key, value) in self {
                    row.begin_list();
                    key.write(row);
                    value.write(row);
                    row.end_list();
                }
                row.end_list();
            }

            fn read(json: Json) -> Result<Self, ReadError> {
                entries(json, Self::type_name)?.collect()
            }
        }
    )+};
}

maps!([Eq + Hash, V: Value, S: BuildHasher + Default] HashMap<K, V, S>, [Ord, V: Value] BTreeMap<K, V>);

/// The entries of a map, each of them a list of two.
fn entries<K: Value, V: Value>(
    json: Json,
    expected: fn() -> String,
) -> Result<impl Iterator<Item = Result<(K, V), ReadError>>, ReadError> {
    let Json::Array(pairs) = json else {
        return Err(ReadError::new(expected(), &json));
    };
    Ok(pairs.into_iter().map(move |pair| match pair {
        Json::Array(pair) => match <[Json; 2]>::try_from(pair) {
            Ok([key, value]) => Ok((
                K::read(key).map_err(|error| error.within("key"))?,
                V::read(value).map_err(|error| error.within("value"))?,
            )),
            Err(other) => Err(ReadError::new(expected(), &Json::Array(other))),
        },
        other => Err(ReadError::new(expected(), &other)),
    }))
}
