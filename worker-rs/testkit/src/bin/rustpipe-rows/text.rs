//! Rows of strings that cost: those that JSON escapes, and those beyond ASCII.

use crate::table::{Column, chance};
use crate::values::Values;

pub(crate) const ESCAPED: [Column; 5] = [
    ("id", "bigint"),
    ("quotes", "string"),
    ("backslashes", "string"),
    ("controls", "string"),
    ("document", "string"),
];

pub(crate) const UNICODE: [Column; 5] = [
    ("id", "bigint"),
    ("two_bytes", "string"),
    ("three_bytes", "string"),
    ("four_bytes", "string"),
    ("mixed", "string"),
];

const PIECES: [[&str; 4]; 4] = [
    ["\"quoted\" ", "say \"ah\", ", "\"\"\"", "no quote, "],
    [
        "C:\\Users\\ann\\",
        "\\\\server\\share\\",
        "\\d+\\.\\w*",
        "plain/path/",
    ],
    ["line\n", "cell\t", "\u{1}\u{1f}bell\u{7}", "\r\n\u{c}\u{8}"],
    [
        "{\"a\":\"b\\nc\"},",
        "[\"x\",null],",
        "<a href=\"y\">\n",
        "text ",
    ],
];

const LETTERS: [[&str; 4]; 4] = [
    ["Grüße ", "привет ", "καλημέρα ", "señor "],
    ["東京都", "안녕하세요", "日本語の列", "€ ∑ ≤ "],
    ["🦀🚀", "𝒳𝒴", "🧪🔬🧬", "𠜎𠜱"],
    ["naïve 東 🦀 ", "ascii only ", "œuvre ", "x² + y² 𝛑 "],
];

#[inline]
pub(crate) fn write_escaped(column: usize, row: u64, values: &mut impl Values) {
    write(&PIECES, column, row, values);
}

#[inline]
pub(crate) fn write_unicode(column: usize, row: u64, values: &mut impl Values) {
    write(&LETTERS, column, row, values);
}

/// A row's number, or a string of four to seven pieces.
#[expect(clippy::cast_possible_wrap, reason = "row numbers stay below 2^63")]
fn write(pieces: &[[&str; 4]; 4], column: usize, row: u64, values: &mut impl Values) {
    let Some(kind) = column.checked_sub(1) else {
        values.integer(row as i64);
        return;
    };
    let mut bits = chance(row, column as u64);
    let mut text = String::with_capacity(128);
    for _ in 0..4 + bits % 4 {
        bits >>= 2;
        text.push_str(pieces[kind][(bits & 3) as usize]);
    }
    values.string(&text);
}
