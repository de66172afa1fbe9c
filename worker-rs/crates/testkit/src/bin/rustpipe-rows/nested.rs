//! Rows of structs, arrays and maps, empty ones and nulls among them.

use crate::table::{Column, among, chance, fraction};
use crate::values::Values;

pub(crate) const COLUMNS: [Column; 5] = [
    ("id", "bigint"),
    ("point", "struct<x:double,y:double,label:string>"),
    ("tags", "array<string>"),
    ("counts", "map<string,bigint>"),
    ("parts", "array<struct<name:string,size:bigint>>"),
];

const WORDS: [&str; 8] = [
    "amber", "birch", "cobalt", "delta", "ember", "fjord", "garnet", "harbour",
];

#[inline]
#[expect(clippy::cast_possible_wrap, reason = "row numbers stay below 2^63")]
pub(crate) fn write(column: usize, row: u64, values: &mut impl Values) {
    match column {
        0 => values.integer(row as i64),
        1 if chance(row, 0).is_multiple_of(16) => values.null(),
        1 => values.members(|point| {
            point.field("x", |x| x.double(fraction(row, 1)));
            point.field("y", |y| y.double(-fraction(row, 2)));
            point.field("label", |label| label.string(word(row, 3)));
        }),
        2 => values.array(|tags| {
            for tag in 0..chance(row, 4) % 4 {
                tags.string(word(row, 5 + tag));
            }
        }),
        3 => values.members(|counts| {
            // Each word once: the keys of a map differ.
            let first = chance(row, 10);
            for key in 0..chance(row, 11) % 4 {
                let count = among(row, 12 + key, 0..1_000_000);
                counts.entry(nth(first + key), |value| value.integer(count));
            }
        }),
        _ => values.array(|parts| {
            for part in 0..chance(row, 20) % 4 {
                parts.members(|members| {
                    members.field("name", |name| name.string(word(row, 21 + part)));
                    members.field("size", |size| {
                        size.integer(among(row, 25 + part, 0..1 << 40));
                    });
                });
            }
        }),
    }
}

fn word(row: u64, purpose: u64) -> &'static str {
    nth(chance(row, purpose))
}

fn nth(number: u64) -> &'static str {
    WORDS[usize::try_from(number % WORDS.len() as u64).unwrap_or_default()]
}
