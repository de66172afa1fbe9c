//! The input as a whole: what is told of it, and how it begins.

use std::sync::Arc;

use crate::reader::Reader;
use crate::walk::Walk;
use crate::{ArchiveError, Compression, Limits, Summary, Visitor, Wanted};

/// Bytes of a body that are read at once. Pieces of this size, whatever the chunks in which the body comes, make each
/// walk over the same bytes the same: how much a decompressor gives before it finds an error, and how much of a nested
/// archive is read before a limit is hit, depend on them.
pub const PIECE_BYTES: usize = 64 << 10;

/// Reads an input.
pub(crate) struct Input {
    walk: Walk,
    /// From the first bytes on.
    reader: Option<Reader>,
}

impl Input {
    pub(crate) fn new(limits: Limits, wanted: Wanted) -> Self {
        Self {
            walk: Walk::new(limits, wanted),
            reader: None,
        }
    }

    /// An input of `body` bytes of gzip, one member and nothing else, whose content will be pushed.
    pub(crate) fn inflated(limits: Limits, wanted: Wanted, body: u64) -> Self {
        let mut input = Self::new(limits, wanted);
        input.walk.body = body;
        input.walk.streams = 1;
        input.reader = Some(Reader::inflated(&input.walk));
        input
    }

    /// Takes the next [`PIECE_BYTES`], or the last one.
    pub(crate) fn push(
        &mut self,
        piece: &[u8],
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        self.walk.body += piece.len() as u64;
        self.push_content(piece, visitor)
    }

    /// Takes bytes that have been counted.
    pub(crate) fn push_content(
        &mut self,
        bytes: &[u8],
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let (walk, reader) = self.reader(bytes);
        reader.push(bytes, walk, visitor)
    }

    /// The body has ended.
    pub(crate) fn finish(&mut self, visitor: &mut impl Visitor) -> Result<(), ArchiveError> {
        let (walk, reader) = self.reader(&[]);
        reader.finish(walk, visitor)
    }

    /// Whether an archive within the input has come whose decompressor holds a large window.
    pub(crate) fn has_large_window(&self) -> bool {
        self.walk.has_large_window
    }

    /// What was read whole until now.
    pub(crate) fn summary(&self) -> Summary {
        let reader = self.reader.as_ref();
        reader.map_or_else(Summary::default, |reader| reader.summary(&self.walk))
    }

    /// The reader for a body that begins with this piece. If that doesn't tell, it is all there is.
    fn reader(&mut self, piece: &[u8]) -> (&mut Walk, &mut Reader) {
        let walk = &mut self.walk;
        let reader = self.reader.get_or_insert_with(|| {
            let compression = Compression::sniff(piece).unwrap_or(None);
            // Not the default, which all threads would share and count.
            Reader::new(compression, Arc::from(Vec::new()), walk)
        });
        (walk, reader)
    }
}
