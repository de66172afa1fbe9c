//! Sizes that bound this crate's memory, with the reason beside each number.

/// Memory for bodies that are collected before they are analysed, all inputs together: half of a worker's budget.
const DEFAULT_BODY_MEMORY: usize = 256 << 20;
/// A body up to this size is always collected: below it, a body costs less than the buffers of a stream.
const DEFAULT_SMALLEST_COLLECTED: usize = 256 << 10;
/// No body beyond this size is collected: more of it in one piece is no faster, and holds a thread for longer.
const DEFAULT_LARGEST_COLLECTED: usize = 4 << 20;
/// Bytes of a streamed body for one job: some milliseconds of work, so that the way to the pool and back costs nothing.
pub(crate) const DEFAULT_JOB_BYTES: usize = 256 << 10;
/// A frame leaves once it has this many bytes. The protocol: rows of an input below 256 KiB travel in one frame.
pub(crate) const DEFAULT_FRAME_BYTES: usize = 256 << 10;
/// Strings of `fetches` that a server or a URL determines are cut here, so that a row stays far below a line's limit.
pub(crate) const DEFAULT_TEXT_BYTES: usize = 1 << 20;

/// The largest body that is collected when `concurrency` inputs are worked on at once.
pub(crate) fn collected_bytes(concurrency: usize) -> usize {
    (DEFAULT_BODY_MEMORY / concurrency.max(1))
        .clamp(DEFAULT_SMALLEST_COLLECTED, DEFAULT_LARGEST_COLLECTED)
}

/// The text up to the limit, at a character's border.
pub(crate) fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(DEFAULT_TEXT_BYTES)]
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
    }
}
