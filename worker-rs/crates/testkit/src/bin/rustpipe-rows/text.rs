//! Rows of strings that cost: those that JSON escapes, and those beyond ASCII.

use std::sync::LazyLock;

use crate::table::{Column, Pool, chance};
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

static PIECES_POOL: LazyLock<[Pool; 4]> = LazyLock::new(|| pools(&PIECES));
static LETTERS_POOL: LazyLock<[Pool; 4]> = LazyLock::new(|| pools(&LETTERS));

#[inline]
pub(crate) fn write_escaped(column: usize, row: u64, values: &mut impl Values) {
    write(&PIECES_POOL, column, row, values);
}

#[inline]
pub(crate) fn write_unicode(column: usize, row: u64, values: &mut impl Values) {
    write(&LETTERS_POOL, column, row, values);
}

/// A row's number, or a string.
#[inline]
#[expect(clippy::cast_possible_wrap, reason = "row numbers stay below 2^63")]
fn write(pools: &[Pool; 4], column: usize, row: u64, values: &mut impl Values) {
    match column.checked_sub(1) {
        Some(kind) => values.string(pools[kind].of(row)),
        None => values.integer(row as i64),
    }
}

fn pools(pieces: &[[&str; 4]; 4]) -> [Pool; 4] {
    [0, 1, 2, 3].map(|kind| Pool::new(|row| text(&pieces[kind], chance(row, kind as u64))))
}

/// Four to seven pieces.
fn text(pieces: &[&str; 4], mut bits: u64) -> String {
    let count = 4 + bits % 4;
    let mut text = String::new();
    for _ in 0..count {
        bits >>= 2;
        text.push_str(pieces[(bits & 3) as usize]);
    }
    text
}
