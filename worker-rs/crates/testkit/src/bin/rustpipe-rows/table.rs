//! The tables: their columns, and which function writes a value.

use std::ops::Range;

use clap::ValueEnum;
use rustpipe_protocol::{self as protocol, TableRows};

use crate::values::Values;
use crate::{nested, nulls, plain, text};

/// A kind of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    /// What tables of files look like
    Plain,
    /// The same with timestamps of whole seconds
    Seconds,
    /// Structs, arrays and maps
    Nested,
    /// Columns that are seldom filled
    Nulls,
    /// Strings that JSON has to escape
    Escaped,
    /// Strings beyond ASCII
    Unicode,
}

/// Name and type of a column.
pub(crate) type Column = (&'static str, &'static str);

impl Table {
    /// All tables.
    pub(crate) const ALL: [Self; 6] = [
        Self::Plain,
        Self::Seconds,
        Self::Nested,
        Self::Nulls,
        Self::Escaped,
        Self::Unicode,
    ];

    /// The table's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Seconds => "seconds",
            Self::Nested => "nested",
            Self::Nulls => "nulls",
            Self::Escaped => "escaped",
            Self::Unicode => "unicode",
        }
    }

    /// The table's columns.
    pub(crate) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Plain | Self::Seconds => &plain::COLUMNS,
            Self::Nested => &nested::COLUMNS,
            Self::Nulls => &nulls::COLUMNS,
            Self::Escaped => &text::ESCAPED,
            Self::Unicode => &text::UNICODE,
        }
    }

    /// Writes a value.
    #[inline]
    pub(crate) fn write(self, column: usize, row: u64, values: &mut impl Values) {
        match self {
            Self::Plain => plain::write(column, row, values),
            Self::Seconds => plain::write_seconds(column, row, values),
            Self::Nested => nested::write(column, row, values),
            Self::Nulls => nulls::write(column, row, values),
            Self::Escaped => text::write_escaped(column, row, values),
            Self::Unicode => text::write_unicode(column, row, values),
        }
    }

    /// The table as the worker's description has it.
    pub(crate) fn describe(self) -> protocol::Table {
        let column = |&(name, r#type): &Column| protocol::Column {
            name: name.to_owned(),
            r#type: r#type.to_owned(),
            nullable: true,
            comment: "Invented".to_owned(),
            cost: "none".to_owned(),
        };
        protocol::Table {
            name: self.name().to_owned(),
            comment: "Invented rows".to_owned(),
            rows_per_input: TableRows::Many,
            input: None,
            columns: self.columns().iter().map(column).collect(),
        }
    }
}

/// Strings repeat after so many rows: making them up again and again would cost more than writing them.
const PERIOD: u64 = 4096;

/// The strings of a column.
pub(crate) struct Pool(Vec<String>);

impl Pool {
    /// Makes the strings up.
    pub(crate) fn new(text: impl Fn(u64) -> String) -> Self {
        Self((0..PERIOD).map(text).collect())
    }

    /// A row's string.
    #[inline]
    pub(crate) fn of(&self, row: u64) -> &str {
        &self.0[usize::try_from(row % PERIOD).unwrap_or_default()]
    }
}

/// A number that looks like chance, the same for the same row and purpose.
#[inline]
pub(crate) const fn chance(row: u64, purpose: u64) -> u64 {
    let mut bits = row
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(purpose.wrapping_mul(0xD1B5_4A32_D192_ED03));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A number within the range that looks like chance.
#[inline]
pub(crate) fn among(row: u64, purpose: u64, range: Range<i64>) -> i64 {
    let width = range.end.abs_diff(range.start);
    range.start + i64::try_from(chance(row, purpose) % width).unwrap_or_default()
}

/// A number from 0 up to 1 with six decimals that looks like chance.
#[inline]
#[expect(clippy::cast_precision_loss, reason = "below a million")]
pub(crate) fn fraction(row: u64, purpose: u64) -> f64 {
    among(row, purpose, 0..1_000_000) as f64 / 1e6
}
