//! Rows of which most values are null.

use crate::table::{Column, among, chance, fraction};
use crate::values::Values;

pub(crate) const COLUMNS: [Column; 10] = [
    ("id", "bigint"),
    ("a", "bigint"),
    ("b", "string"),
    ("c", "double"),
    ("d", "boolean"),
    ("e", "timestamp"),
    ("f", "int"),
    ("g", "string"),
    ("h", "bigint"),
    ("i", "array<string>"),
];

#[inline]
#[expect(clippy::cast_possible_wrap, reason = "row numbers stay below 2^63")]
pub(crate) fn write(column: usize, row: u64, values: &mut impl Values) {
    let purpose = column as u64;
    if column > 0 && !chance(row, purpose).is_multiple_of(10) {
        values.null();
        return;
    }
    match column {
        0 => values.integer(row as i64),
        1 | 8 => values.integer(among(row, purpose, 0..1 << 40)),
        2 | 7 => values.string("seldom here"),
        3 => values.double(fraction(row, purpose)),
        4 => values.boolean(row.is_multiple_of(2)),
        5 => values.timestamp(among(row, purpose, 0..1_700_000_000_000_000)),
        6 => values.integer(among(row, purpose, -1000..1000)),
        _ => values.array(|elements| {
            elements.string("one");
            elements.null();
        }),
    }
}
