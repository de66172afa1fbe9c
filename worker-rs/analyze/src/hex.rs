//! Digests as text.

/// A SHA-256 digest in lower-case hexadecimal digits.
pub(crate) fn hex(digest: &[u8]) -> [u8; HEX_LENGTH] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; HEX_LENGTH];
    for (pair, byte) in text.chunks_exact_mut(2).zip(digest) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    text
}

/// Characters of a SHA-256 digest.
pub(crate) const HEX_LENGTH: usize = 64;
