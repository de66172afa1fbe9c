//! What is tested: a program, one of its tables, and the inputs that it gets.

use std::collections::BTreeMap;
use std::time::Duration;

use rustpipe_protocol::{HelloColumn, SparkType, Table, TableRows};
use serde_json::{Map, Value, json};

use crate::process::Program;

/// The fields of one input.
pub(crate) type Fields = Map<String, Value>;

/// A program that has described itself.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) program: Program,
    pub(crate) table: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) one_row: bool,
    /// At least one.
    pub(crate) inputs: Vec<Fields>,
    pub(crate) options: BTreeMap<String, String>,
    /// For a greeting, for an input and for an end.
    pub(crate) timeout: Duration,
}

/// A column with its type read.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// As the description has it, which `hello` has to repeat.
    pub(crate) text: String,
    /// `None` if the text is no type.
    pub(crate) r#type: Option<SparkType>,
    pub(crate) nullable: bool,
}

impl Column {
    /// The column as `hello` has to have it.
    pub(crate) fn said(&self) -> HelloColumn {
        HelloColumn {
            name: self.name.clone(),
            r#type: self.text.clone(),
        }
    }
}

impl Subject {
    pub(crate) fn new(
        program: Program,
        table: &Table,
        inputs: Vec<Fields>,
        options: BTreeMap<String, String>,
        timeout: Duration,
    ) -> Self {
        let columns = table.columns.iter().map(|column| Column {
            name: column.name.clone(),
            text: column.r#type.clone(),
            r#type: column.r#type.parse().ok(),
            nullable: column.nullable,
        });
        Self {
            program,
            table: table.name.clone(),
            columns: columns.collect(),
            one_row: table.rows_per_input == TableRows::One,
            inputs: if inputs.is_empty() {
                made_up(table)
            } else {
                inputs
            },
            options,
            timeout,
        }
    }

    pub(crate) fn all_columns(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|column| column.name.clone())
            .collect()
    }

    /// The given inputs, as often as it takes to have this many.
    pub(crate) fn inputs(&self, count: usize) -> Vec<Fields> {
        self.inputs.iter().cycle().take(count).cloned().collect()
    }

    /// Inputs that a worker can hardly use: no field at all, and what no field expects.
    pub(crate) fn bad_inputs(&self) -> Vec<Fields> {
        let all = |value: Value| {
            let names = self.inputs[0].keys().cloned();
            names.map(|name| (name, value.clone())).collect()
        };
        vec![
            Map::new(),
            all(Value::Null),
            all(json!({"no": ["such", "value"]})),
            all(json!(-0.5)),
            all(json!("\u{0}\u{1F600}")),
        ]
    }
}

/// An address that nothing answers at, and none but this machine is asked for.
const NOWHERE: &str = "http://127.0.0.1:9/";
/// So that values differ.
const MADE_UP: i64 = 3;

/// Inputs from the types of the fields that the table reads; of one that does not say, inputs with a URL.
fn made_up(table: &Table) -> Vec<Fields> {
    let Some(fields) = &table.input else {
        return vec![Map::from_iter([("url".to_owned(), json!(NOWHERE))])];
    };
    let input = |number: i64| {
        let values = fields.iter().filter_map(|field| {
            let r#type: SparkType = field.r#type.parse().ok()?;
            let value = match (&r#type, field.name.as_str()) {
                _ if field.nullable && number % 2 == 0 => Value::Null,
                (SparkType::String, "url") => json!(NOWHERE),
                _ => sample(&r#type, number),
            };
            Some((field.name.clone(), value))
        });
        values.collect()
    };
    (1..=MADE_UP).map(input).collect()
}

/// A value as an input has it: like that of a row, but with structs as objects.
fn sample(r#type: &SparkType, number: i64) -> Value {
    match r#type {
        SparkType::String => json!(format!("sample {number}")),
        SparkType::TinyInt
        | SparkType::SmallInt
        | SparkType::Int
        | SparkType::BigInt
        | SparkType::Date => json!(number),
        SparkType::Timestamp => json!(number * 1_000_000),
        SparkType::Float | SparkType::Double => {
            json!(f64::from(i32::try_from(number).unwrap_or(0)) + 0.5)
        }
        SparkType::Decimal { precision, scale } => {
            let whole = if precision > scale { number % 10 } else { 0 };
            let point = if *scale > 0 { "." } else { "" };
            json!(format!("{whole}{point}{}", "0".repeat((*scale).into())))
        }
        SparkType::Boolean => json!(number % 2 == 1),
        SparkType::Binary => json!("AAEC"),
        SparkType::Array(element) => json!([sample(element, number)]),
        SparkType::Map(key, value) => json!([[sample(key, number), sample(value, number)]]),
        SparkType::Struct(fields) => fields
            .iter()
            .map(|field| (field.name.clone(), sample(&field.r#type, number)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_made_up_fit_their_types() {
        for text in [
            "string",
            "tinyint",
            "double",
            "decimal(3,3)",
            "decimal(5,0)",
            "decimal(10,2)",
            "boolean",
            "timestamp",
            "binary",
            "array<map<string,float>>",
        ] {
            let r#type: SparkType = text.parse().unwrap();
            for number in 1..=MADE_UP {
                let value = sample(&r#type, number);
                assert_eq!(r#type.check(&value), Ok(()), "{text} {value}");
            }
        }
        let r#struct: SparkType = "struct<a:int>".parse().unwrap();
        assert_eq!(sample(&r#struct, 1), json!({"a": 1}));
    }
}
