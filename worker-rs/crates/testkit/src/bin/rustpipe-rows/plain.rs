//! Rows like those of a table of files: nine columns, 247 bytes on average as a line of JSON.

use std::sync::LazyLock;

use crate::instant::MICROS_PER_SECOND;
use crate::table::{Column, Pool, among, chance, fraction};
use crate::values::Values;

pub(crate) const COLUMNS: [Column; 9] = [
    ("id", "bigint"),
    ("path", "string"),
    ("sha256", "string"),
    ("size", "bigint"),
    ("mode", "int"),
    ("mtime", "timestamp"),
    ("type", "string"),
    ("score", "double"),
    ("flag", "boolean"),
];

static PATHS: LazyLock<Pool> = LazyLock::new(|| Pool::new(path));
static DIGESTS: LazyLock<Pool> = LazyLock::new(|| Pool::new(digest));

const FOLDERS: [&str; 4] = ["src", "lib/internal", "vendor/pad", "test/fixtures"];
const NAMES: [&str; 4] = ["component", "index", "reader-of-manifests", "util-strings"];
const TYPES: [&str; 3] = ["REGULAR", "DIRECTORY", "SYMLINK"];

#[inline]
#[expect(clippy::cast_possible_wrap, reason = "row numbers stay below 2^63")]
pub(crate) fn write(column: usize, row: u64, values: &mut impl Values) {
    match column {
        0 => values.integer(row as i64),
        1 => values.string(PATHS.of(row)),
        2 => values.string(DIGESTS.of(row)),
        3 => values.integer(among(row, 3, 0..1 << among(row, 4, 1..24))),
        4 => values.integer(if chance(row, 5).is_multiple_of(8) {
            493
        } else {
            420
        }),
        5 => values.timestamp(among(row, 6, 1_500_000_000_000_000..1_700_000_000_000_000)),
        6 => values.string(pick(&TYPES, chance(row, 7) % 16 / 7)),
        7 => values.double(fraction(row, 8)),
        _ => values.boolean(chance(row, 9).is_multiple_of(2)),
    }
}

/// As [`write`], but with timestamps of whole seconds.
#[inline]
pub(crate) fn write_seconds(column: usize, row: u64, values: &mut impl Values) {
    if column == 5 {
        values.timestamp(among(row, 6, 1_500_000_000..1_700_000_000) * MICROS_PER_SECOND);
    } else {
        write(column, row, values);
    }
}

fn path(row: u64) -> String {
    let bits = chance(row, 1);
    let mut path = String::with_capacity(96);
    path.push_str("pkg-");
    path.push_str(itoa::Buffer::new().format(row % 50));
    path.push('/');
    path.push_str(pick(&FOLDERS, bits >> 8));
    path.push('/');
    path.push_str(pick(&NAMES, bits >> 16));
    path.push('-');
    path.push_str(itoa::Buffer::new().format(bits >> 40));
    path.push_str(".js");
    path
}

fn digest(row: u64) -> String {
    let words = (16..20).map(|purpose| format!("{:016x}", chance(row, purpose)));
    words.collect()
}

#[inline]
fn pick<const N: usize>(words: &[&'static str; N], bits: u64) -> &'static str {
    words[usize::try_from(bits % N as u64).unwrap_or_default()]
}
