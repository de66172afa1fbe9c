//! The types that columns and inputs can have, as Spark SQL writes them.

mod parse;
mod value;

use std::fmt;

pub use parse::TypeError;
pub use value::Misfit;

/// A type that the protocol has values for. Reads itself from Spark's text, in any case, and checks values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SparkType {
    /// Text.
    String,
    /// An integer of 8 bits.
    TinyInt,
    /// An integer of 16 bits.
    SmallInt,
    /// An integer of 32 bits.
    Int,
    /// An integer of 64 bits.
    BigInt,
    /// A number of 32 bits.
    Float,
    /// A number of 64 bits.
    Double,
    /// A number with a fixed count of digits.
    Decimal {
        /// All its digits, 38 at most.
        precision: u8,
        /// Those behind the point.
        scale: u8,
    },
    /// True or false.
    Boolean,
    /// A point in time.
    Timestamp,
    /// A day.
    Date,
    /// Bytes.
    Binary,
    /// Values of one type, each of which may be null.
    Array(Box<SparkType>),
    /// Fields by position.
    Struct(Vec<StructField>),
    /// Keys, none of them null, with values, which may be null.
    Map(Box<SparkType>, Box<SparkType>),
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructField {
    /// Its name.
    pub name: String,
    /// Its type.
    pub r#type: SparkType,
    /// Whether it may be null, as all are whose text does not say `not null`.
    pub nullable: bool,
}

impl fmt::Display for SparkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::TinyInt => f.write_str("tinyint"),
            Self::SmallInt => f.write_str("smallint"),
            Self::Int => f.write_str("int"),
            Self::BigInt => f.write_str("bigint"),
            Self::Float => f.write_str("float"),
            Self::Double => f.write_str("double"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision},{scale})"),
            Self::Boolean => f.write_str("boolean"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Date => f.write_str("date"),
            Self::Binary => f.write_str("binary"),
            Self::Array(element) => write!(f, "array<{element}>"),
            Self::Map(key, value) => write!(f, "map<{key},{value}>"),
            Self::Struct(fields) => {
                f.write_str("struct<")?;
                for (at, field) in fields.iter().enumerate() {
                    let comma = if at == 0 { "" } else { "," };
                    write!(f, "{comma}{field}")?;
                }
                f.write_str(">")
            }
        }
    }
}

impl fmt::Display for StructField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !self.name.is_empty() && self.name.chars().all(is_plain) {
            f.write_str(&self.name)?;
        } else {
            write!(f, "`{}`", self.name.replace('`', "``"))?;
        }
        let null = if self.nullable { "" } else { " not null" };
        write!(f, ":{}{null}", self.r#type)
    }
}
