//! The walk over a whole body in hand: inflating in one go takes a quarter less time than in steps.
//!
//! One difference to the steps is left: libdeflate reads codes that RFC 1951 says never occur, for example the length
//! codes 286 and 287 as 258, where the [`Walker`](crate::Walker) finds invalid data. No compressor writes them, and the content's
//! checksum holds either way.

use libdeflater::Decompressor;
use memchr::memmem;

use crate::decompress::OUTPUT_BYTES;
use crate::gzip_header::{FHCRC, MAGIC};
use crate::header::BLOCK;
use crate::input::{Input, PIECE_BYTES};
use crate::limits::RATIO_STEP;
use crate::{ArchiveError, Limits, Summary, Visitor, Wanted};

/// Header and trailer of the smallest gzip member.
const SMALLEST_MEMBER: usize = 18;

/// Most bytes inflated in one go: 16 MiB, because every thread keeps a buffer of that size. Larger archives are inflated
/// in steps: a large buffer that isn't kept costs more, in page faults, than one go saves.
const ONE_GO_BYTES: u64 = 16 << 20;

const _: () = assert!(
    ONE_GO_BYTES < RATIO_STEP,
    "the steps would look at the ratio on the way"
);

/// Reads archives whose body is in memory; keeps a buffer of the largest content so far, at most 16 MiB, from one
/// archive to the next.
pub struct WholeWalker {
    decompressor: Decompressor,
    output: Vec<u8>,
}

impl Default for WholeWalker {
    fn default() -> Self {
        Self {
            decompressor: Decompressor::new(),
            output: Vec::new(),
        }
    }
}

impl WholeWalker {
    /// A walker for any number of archives, one after the other.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one archive. Events, summary and errors are those of a [`Walker`](crate::Walker) over the same bytes, but for deflate
    /// codes that never occur: here they may be read.
    pub fn walk(
        &mut self,
        body: &[u8],
        limits: &Limits,
        wanted: Wanted,
        visitor: &mut impl Visitor,
    ) -> (Summary, Result<(), ArchiveError>) {
        let mut input;
        let result = if let Some(content) = self.inflate(body, limits) {
            input = Input::inflated(*limits, wanted, body.len() as u64);
            // The pieces that the steps would make of it.
            let (first, others) = content.split_at(content.len().min(BLOCK));
            let mut pieces = std::iter::once(first).chain(others.chunks(OUTPUT_BYTES));
            pieces.try_for_each(|piece| input.push_content(piece, visitor))
        } else {
            input = Input::new(*limits, wanted);
            let mut pieces = body.chunks(PIECE_BYTES);
            pieces.try_for_each(|piece| input.push(piece, visitor))
        };
        let result = result.and_then(|()| input.finish(visitor));
        (input.summary(), result)
    }

    /// The content of a gzip body with one sound member; `None` where there is any doubt, so that all errors are those of
    /// the steps.
    fn inflate(&mut self, body: &[u8], limits: &Limits) -> Option<&[u8]> {
        let (member, length_field) = body.split_last_chunk()?;
        let length = u64::from(u32::from_le_bytes(*length_field));
        let is_one_go = body.len() >= SMALLEST_MEMBER
            && member.starts_with(&MAGIC)
            // The library doesn't check the header's own checksum.
            && body[3] & FHCRC == 0
            // The length bounds the buffer, so a lie costs no more than an honest archive of that ratio.
            && (1..=ONE_GO_BYTES).contains(&length)
            && !limits.ratio_exceeded(body.len() as u64, length)
            // It doesn't look behind the first member either. That one gives `length` bytes if it is accepted, so
            // its trailer ends with the same four bytes: if those are the body's last only, nothing is behind it.
            && memmem::find(body, length_field) == Some(member.len());
        if !is_one_go {
            return None;
        }
        let length = usize::try_from(length).ok()?;
        if self.output.len() < length {
            self.output.resize(length, 0);
        }
        let content = &mut self.output[..length];
        let written = self.decompressor.gzip_decompress(body, content).ok()?;
        (written == length).then_some(content)
    }
}

#[cfg(test)]
mod tests {
    use rustpipe_testkit::archive::gzip;

    use super::*;

    #[test]
    fn the_buffer_stays_within_its_bound() {
        let limits = Limits {
            ratio: u64::MAX,
            ..Limits::default()
        };
        for (length, is_one_go) in [(16 << 20, true), ((16 << 20) + 1, false)] {
            let mut walker = WholeWalker::new();
            let content = walker.inflate(&gzip(vec![0; length]), &limits).is_some();
            assert_eq!(
                (content, walker.output.len() == length),
                (is_one_go, is_one_go)
            );
        }
    }

    #[test]
    fn whatever_is_behind_a_member_is_left_to_the_steps() {
        let body = gzip("content");
        let trailer = &body[body.len() - 8..];
        let behind = |bytes: &[u8]| [&body, bytes, trailer].concat();
        let is_one_go = |body: &[u8]| {
            WholeWalker::new()
                .inflate(body, &Limits::default())
                .is_some()
        };
        assert!(is_one_go(&body));
        for bytes in [
            &b""[..],
            b"garbage",
            b"\x1f\x8b",
            b"\x1f\x8b\x07",
            b"\x1f\x8b\x08",
        ] {
            assert!(!is_one_go(&behind(bytes)), "{}", bytes.escape_ascii());
        }
    }
}
