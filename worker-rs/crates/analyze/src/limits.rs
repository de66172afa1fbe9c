//! Sizes that bound this crate's memory, with the reason beside each number.

/// Memory for bodies that are collected before they are analysed, all inputs together: half of a worker's budget.
const DEFAULT_BODY_MEMORY: usize = 256 << 20;
/// A body up to this size is always collected: below it, a body costs less than the buffers of a stream.
const DEFAULT_SMALLEST_COLLECTED: usize = 256 << 10;
/// No body beyond this size is collected. What it unpacks to is inflated in one go up to 16 MiB only, so a larger one
/// in one piece is no faster, and holds a thread for longer.
const DEFAULT_LARGEST_COLLECTED: usize = 4 << 20;
/// Bytes of a streamed body for one job: some milliseconds of work, so that the way to the pool and back costs nothing.
pub(crate) const DEFAULT_JOB_BYTES: usize = 256 << 10;
/// Rows of one streamed body that wait for its digest: 16 MiB, some 80,000 rows of a dozen columns.
pub(crate) const DEFAULT_HELD_BYTES: usize = 16 << 20;
/// Large bodies at once that make the worker hold much: rows that wait for a digest, 8 MiB of content at each depth, the
/// window of an xz or zstd decompressor. One takes some 16 MiB; a hostile one takes what the limits allow.
pub(crate) const DEFAULT_PLACES: usize = 8;
/// A body with one of these places is collected up to this size.
pub(crate) const DEFAULT_PLACED_BYTES: usize = 16 << 20;
/// Bytes of an entry's content in a row. As base64 they leave a third of a line for the other columns.
pub(crate) const DEFAULT_CONTENT_BYTES: usize = 8 << 20;
/// Texts of `fetches` that a server or a URL determines are cut here: a row has up to a hundred of them, and JSON takes
/// up to six bytes for each of theirs.
const DEFAULT_TEXT_BYTES: usize = 64 << 10;
/// Texts in lists of `fetches` are cut here: a list has up to a hundred.
const DEFAULT_SHORT_TEXT_BYTES: usize = 2 << 10;
/// Archives in an archive that can't be read and are listed one by one.
pub(crate) const DEFAULT_LISTED_ERRORS: usize = 100;

/// The largest body that is collected when `concurrency` inputs are worked on at once.
pub(crate) fn collected_bytes(concurrency: usize) -> usize {
    (DEFAULT_BODY_MEMORY / concurrency.max(1))
        .clamp(DEFAULT_SMALLEST_COLLECTED, DEFAULT_LARGEST_COLLECTED)
}

/// The text up to the limit, at a character's border.
pub(crate) fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(DEFAULT_TEXT_BYTES)]
}

/// As [`cut`], for one of many texts.
pub(crate) fn cut_short(text: &str) -> &str {
    &text[..text.floor_char_boundary(DEFAULT_SHORT_TEXT_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collected_bodies_share_the_memory_within_bounds() {
        assert_eq!(collected_bytes(0), 4 << 20);
        assert_eq!(collected_bytes(64), 4 << 20);
        assert_eq!(collected_bytes(256), 1 << 20);
        assert_eq!(collected_bytes(4096), 256 << 10);
    }

    #[test]
    fn a_cut_respects_characters() {
        assert_eq!(cut("short"), "short");
        let long = "é".repeat(DEFAULT_TEXT_BYTES);
        assert_eq!(cut(&format!("x{long}")).len(), DEFAULT_TEXT_BYTES - 1);
        assert_eq!(cut_short(&long).len(), DEFAULT_SHORT_TEXT_BYTES);
    }
}
