//! Types of Spark's that Rust has no type for.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::BASE64;
use rustpipe_protocol::RowsWriter;
use serde_json::Value as Json;

use crate::read::ReadError;
use crate::value::Value;

/// A point in time, in microseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl From<SystemTime> for Timestamp {
    /// To the microsecond before, and to the last one that there is.
    fn from(time: SystemTime) -> Self {
        let micros = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX),
            Err(before) => {
                let micros = before.duration().as_nanos().div_ceil(1000);
                i64::try_from(micros).map_or(i64::MIN, |micros| -micros)
            }
        };
        Self(micros)
    }
}

/// A date, in days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// Bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Binary(pub Vec<u8>);

/// A number with `P` digits, `S` of them behind the point; `P` is at most 38.
///
/// ```
/// let price: rustpipe::Decimal<10, 2> = "-3.5".parse().unwrap();
/// assert_eq!(price.unscaled(), -350);
/// assert_eq!(price.to_string(), "-3.50");
/// assert!("3.505".parse::<rustpipe::Decimal<10, 2>>().is_err(), "nothing is rounded");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal<const P: u8, const S: u8>(i128);

/// A number that is no decimal of the type, because it has too many digits or is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no decimal({precision},{scale})")]
pub struct DecimalError {
    text: String,
    precision: u8,
    scale: u8,
}

impl<const P: u8, const S: u8> Decimal<P, S> {
    /// The number of this many units of the last digit.
    ///
    /// # Errors
    /// When it has more than `P` digits.
    pub fn from_unscaled(unscaled: i128) -> Result<Self, DecimalError> {
        const { assert!(P <= 38 && S <= P, "Spark's decimals have at most 38 digits") };
        if unscaled.unsigned_abs() < 10_u128.pow(u32::from(P)) {
            Ok(Self(unscaled))
        } else {
            Err(Self::error(&unscaled))
        }
    }

    /// The number in units of its last digit.
    #[must_use]
    pub const fn unscaled(self) -> i128 {
        self.0
    }

    fn error(text: &impl Display) -> DecimalError {
        DecimalError {
            text: text.to_string(),
            precision: P,
            scale: S,
        }
    }
}

impl<const P: u8, const S: u8> FromStr for Decimal<P, S> {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_number = whole
            .bytes()
            .chain(fraction.bytes())
            .all(|it| it.is_ascii_digit());
        if !is_number || whole.is_empty() || fraction.len() > usize::from(S) {
            return Err(Self::error(&text));
        }
        let digits = format!("{whole}{fraction:0<width$}", width = usize::from(S));
        let number: i128 = digits.parse().map_err(|_| Self::error(&text))?;
        Self::from_unscaled(if unsigned.len() < text.len() {
            -number
        } else {
            number
        })
        .map_err(|_| Self::error(&text))
    }
}

impl<const P: u8, const S: u8> Display for Decimal<P, S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let unit = 10_u128.pow(u32::from(S));
        let (whole, fraction) = (self.0.unsigned_abs() / unit, self.0.unsigned_abs() % unit);
        write!(out, "{sign}{whole}")?;
        if S > 0 {
            write!(out, ".{fraction:0width$}", width = usize::from(S))?;
        }
        Ok(())
    }
}

impl<const P: u8, const S: u8> Value for Decimal<P, S> {
    fn type_name() -> String {
        format!("decimal({P},{S})")
    }

    fn write(&self, row: &mut RowsWriter) {
        row.string(&self.to_string());
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        let number = json.as_str().and_then(|text| text.parse().ok());
        number.ok_or_else(|| ReadError::new(Self::type_name(), &json))
    }
}

impl Value for Timestamp {
    fn type_name() -> String {
        "timestamp".to_owned()
    }

    fn write(&self, row: &mut RowsWriter) {
        row.integer(self.0);
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        let micros = json.as_i64().map(Self);
        micros.ok_or_else(|| ReadError::new("timestamp in microseconds", &json))
    }
}

impl Value for Date {
    fn type_name() -> String {
        "date".to_owned()
    }

    fn write(&self, row: &mut RowsWriter) {
        row.integer(self.0.into());
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        let days = json.as_i64().and_then(|days| i32::try_from(days).ok());
        days.map(Self)
            .ok_or_else(|| ReadError::new("date in days", &json))
    }
}

impl Value for Binary {
    fn type_name() -> String {
        "binary".to_owned()
    }

    fn write(&self, row: &mut RowsWriter) {
        row.binary(&self.0);
    }

    fn read(json: Json) -> Result<Self, ReadError> {
        let bytes = json
            .as_str()
            .and_then(|text| BASE64.decode(text.as_bytes()).ok());
        bytes
            .map(Self)
            .ok_or_else(|| ReadError::new("binary as base64", &json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_time_is_the_microsecond_that_it_is_in() {
        let time = |nanos: i64| {
            let distance = Duration::from_nanos(nanos.unsigned_abs());
            let time = if nanos < 0 {
                UNIX_EPOCH - distance
            } else {
                UNIX_EPOCH + distance
            };
            Timestamp::from(time).0
        };
        assert_eq!(
            [0, 999, 1000, -1, -1000, -1001].map(time),
            [0, 0, 1, -1, -1, -2]
        );
    }

    #[test]
    fn decimals_keep_every_digit_or_are_errors() {
        type Largest = Decimal<38, 38>;
        let nines = format!("-0.{}", "9".repeat(38));
        assert_eq!(nines.parse::<Largest>().unwrap().to_string(), nines);
        for (text, same) in [
            ("0", "0.00"),
            ("-0.07", "-0.07"),
            ("007.1", "7.10"),
            ("999.99", "999.99"),
        ] {
            assert_eq!(text.parse::<Decimal<5, 2>>().unwrap().to_string(), same);
        }
        for text in ["", "-", ".5", "1.234", "1000", "1e2", "+1", "1.-2", "١"] {
            assert!(text.parse::<Decimal<5, 2>>().is_err(), "{text}");
        }
        assert_eq!("-12".parse::<Decimal<2, 0>>().unwrap().to_string(), "-12");
    }
}
