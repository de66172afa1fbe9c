//! Which JSON values a type has.

use data_encoding::BASE64;
use serde_json::Value;

use super::SparkType;

/// Shown of a value: enough to recognise it.
const SHOWN_CHARS: usize = 100;

/// A value that is none of its type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{expected} can't be {found}", if path.is_empty() { String::new() } else { format!("at {path}: ") })]
pub struct Misfit {
    /// The way to it from the whole value, as in `[2].name`; empty if it is that.
    pub path: String,
    /// The type, and that it is not null where it is.
    pub expected: String,
    /// The value's JSON, or the start of it.
    pub found: String,
}

impl SparkType {
    /// Checks a value of a row. A null is none of any type: whether it may stand here, the column knows.
    ///
    /// # Errors
    /// When the value, or a part of it, is none of the type.
    pub fn check(&self, value: &Value) -> Result<(), Misfit> {
        let fits = match self {
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::TinyInt => is_integer(value, i8::MIN.into(), i8::MAX.into()),
            Self::SmallInt => is_integer(value, i16::MIN.into(), i16::MAX.into()),
            Self::Int | Self::Date => is_integer(value, i32::MIN.into(), i32::MAX.into()),
            Self::BigInt | Self::Timestamp => value.is_i64(),
            Self::Float => is_number(value, |number| {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "too large becomes infinite"
                )]
                let narrow = number as f32;
                narrow.is_finite()
            }),
            Self::Double => is_number(value, f64::is_finite),
            Self::Decimal { precision, scale } => value
                .as_str()
                .is_some_and(|text| is_decimal(text, *precision, *scale)),
            Self::Binary => value
                .as_str()
                .is_some_and(|text| BASE64.decode(text.as_bytes()).is_ok()),
            Self::Array(element) => match value {
                Value::Array(values) => return check_each(values, element),
                _ => false,
            },
            Self::Struct(fields) => match value {
                Value::Array(values) if values.len() == fields.len() => {
                    for (field, value) in fields.iter().zip(values) {
                        check_part(&field.r#type, field.nullable, value)
                            .map_err(|misfit| misfit.within(&format!(".{}", field.name)))?;
                    }
                    true
                }
                _ => false,
            },
            Self::Map(key, of) => match value {
                Value::Array(pairs) => return check_pairs(pairs, key, of),
                _ => false,
            },
        };
        fits.then_some(())
            .ok_or_else(|| Misfit::new(self.to_string(), value))
    }
}

impl Misfit {
    fn new(expected: String, value: &Value) -> Self {
        Self {
            path: String::new(),
            expected,
            found: value.to_string().chars().take(SHOWN_CHARS).collect(),
        }
    }

    fn within(mut self, step: &str) -> Self {
        self.path.insert_str(0, step);
        self
    }
}

/// Checks a value that may be null or may not.
fn check_part(r#type: &SparkType, nullable: bool, value: &Value) -> Result<(), Misfit> {
    match value {
        Value::Null if nullable => Ok(()),
        Value::Null => Err(Misfit::new(format!("{type} that is not null"), value)),
        _ => r#type.check(value),
    }
}

fn check_each(values: &[Value], element: &SparkType) -> Result<(), Misfit> {
    for (at, value) in values.iter().enumerate() {
        check_part(element, true, value).map_err(|misfit| misfit.within(&format!("[{at}]")))?;
    }
    Ok(())
}

fn check_pairs(pairs: &[Value], key: &SparkType, of: &SparkType) -> Result<(), Misfit> {
    for (at, pair) in pairs.iter().enumerate() {
        let parts = match pair {
            Value::Array(parts) if parts.len() == 2 => {
                check_part(key, false, &parts[0]).and_then(|()| check_part(of, true, &parts[1]))
            }
            _ => Err(Misfit::new("a pair of key and value".to_owned(), pair)),
        };
        parts.map_err(|misfit| misfit.within(&format!("[{at}]")))?;
    }
    Ok(())
}

fn is_integer(value: &Value, min: i64, max: i64) -> bool {
    value
        .as_i64()
        .is_some_and(|number| (min..=max).contains(&number))
}

fn is_number(value: &Value, fits: impl Fn(f64) -> bool) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(fits),
        Value::String(text) => matches!(text.as_str(), "NaN" | "Infinity" | "-Infinity"),
        _ => false,
    }
}

/// Digits that need no rounding to have this scale, and are then within this precision.
fn is_decimal(text: &str, precision: u8, scale: u8) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let Some(exponent) = exponent.map_or(Some(0), small_exponent) else {
        return false;
    };
    if !is_digits(whole) || !fraction.is_none_or(is_digits) {
        return false;
    }
    let digits = [whole, fraction.unwrap_or_default()].concat();
    let significant = digits.trim_matches('0').len();
    let behind_last = digits.len() - digits.trim_end_matches('0').len();
    let places = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 4);
    // The power of ten of the last digit that is not zero.
    let lowest = exponent - places(fraction.unwrap_or_default().len()) + places(behind_last);
    significant == 0
        || (lowest >= -i64::from(scale)
            && places(significant) + lowest + i64::from(scale) <= i64::from(precision))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An exponent of up to three digits; a longer one could stand for gigabytes of them.
fn small_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    (is_digits(digits) && digits.len() <= 3)
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(r#type: &str, value: &Value) -> Result<(), Misfit> {
        r#type.parse::<SparkType>().expect(r#type).check(value)
    }

    #[test]
    fn values_of_the_table_in_protocol_md_fit() {
        for (r#type, value) in [
            ("string", json!("")),
            ("tinyint", json!(-128)),
            ("smallint", json!(32_767)),
            ("int", json!(-2_147_483_648)),
            ("bigint", json!(i64::MAX)),
            ("float", json!(1.5)),
            ("double", json!(7)),
            ("double", json!("-Infinity")),
            ("decimal(4,2)", json!("-12.50")),
            ("decimal(4,2)", json!("0012.5000")),
            ("decimal(4,2)", json!("12.5e-1")),
            ("decimal(2,2)", json!("0")),
            ("boolean", json!(false)),
            ("timestamp", json!(-1)),
            ("date", json!(19_000)),
            ("binary", json!("+/8=")),
            ("binary", json!("")),
            ("array<int>", json!([1, null])),
            ("struct<a:int,b:string>", json!([null, "x"])),
            ("map<string,array<int>>", json!([["k", [1]], ["l", null]])),
        ] {
            assert_eq!(check(r#type, &value), Ok(()), "{type} {value}");
        }
    }

    #[test]
    fn all_others_do_not_fit() {
        for (r#type, value) in [
            ("string", json!(1)),
            ("tinyint", json!(128)),
            ("int", json!(2_147_483_648_i64)),
            ("bigint", json!(1.9)),
            ("bigint", json!(1.0)),
            ("bigint", json!(u64::MAX)),
            ("bigint", json!("1")),
            ("float", json!(1e39)),
            ("double", json!("nan")),
            ("decimal(4,2)", json!(12.5)),
            ("decimal(4,2)", json!("123")),
            ("decimal(4,2)", json!("1.234")),
            ("decimal(4,2)", json!("1.")),
            ("decimal(4,2)", json!("1e0000")),
            ("decimal(4,2)", json!("")),
            ("boolean", json!(0)),
            ("timestamp", json!("2024-02-29T12:00:00Z")),
            ("date", json!(3_000_000_000_i64)),
            ("binary", json!("+/8")),
            ("array<int>", json!({})),
            ("struct<a:int>", json!([])),
            ("struct<a:int>", json!({"a": 1})),
            ("map<string,int>", json!({"k": 1})),
            ("string", Value::Null),
        ] {
            assert!(check(r#type, &value).is_err(), "{type} {value}");
        }
    }

    #[test]
    fn the_part_that_does_not_fit_is_named() {
        for (r#type, value, message) in [
            (
                "array<struct<a:int,b:map<string,decimal(4,2)>>>",
                json!([[1, []], [1, [["k", "1.00"], ["l", "1.234"]]]]),
                "at [1].b[1]: decimal(4,2) can't be \"1.234\"",
            ),
            (
                "map<string,int>",
                json!([[null, 1]]),
                "at [0]: string that is not null can't be null",
            ),
            (
                "map<string,int>",
                json!([["k"]]),
                "at [0]: a pair of key and value can't be [\"k\"]",
            ),
            (
                "struct<a:int not null>",
                json!([null]),
                "at .a: int that is not null can't be null",
            ),
            ("int", json!("x"), "int can't be \"x\""),
        ] {
            assert_eq!(check(r#type, &value).unwrap_err().to_string(), message);
        }
    }
}
