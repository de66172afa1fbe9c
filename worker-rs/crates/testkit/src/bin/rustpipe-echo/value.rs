//! The values of an input, with the fields of objects in the order in which they came: a row has the fields of a struct
//! by position.

use std::fmt;

use rustpipe_protocol::RowsWriter;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value as JSON has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Double(f64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Writes the value as rows have it.
    pub(crate) fn write(&self, rows: &mut RowsWriter) {
        match self {
            Self::Null => rows.null(),
            Self::Boolean(value) => rows.boolean(*value),
            Self::Integer(value) => rows.integer(*value),
            Self::Double(value) => rows.double(*value),
            Self::Text(value) => rows.string(value),
            Self::List(values) => write_list(values, rows),
            Self::Object(fields) => write_list(fields.iter().map(|(_, value)| value), rows),
        }
    }
}

fn write_list<'a>(values: impl IntoIterator<Item = &'a Value>, rows: &mut RowsWriter) {
    rows.begin_list();
    for value in values {
        value.write(rows);
    }
    rows.end_list();
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value)
            .map(Value::Integer)
            .map_err(|_| E::custom(format!("{value} is more than a bigint can be")))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Double(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = members.next_entry()? {
            fields.push(field);
        }
        Ok(Value::Object(fields))
    }
}
