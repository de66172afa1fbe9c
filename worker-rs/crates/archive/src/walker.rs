//! The walk over bytes as they arrive.

use crate::input::{Input, PIECE_BYTES};
use crate::{ArchiveError, Limits, Summary, Visitor, Wanted};

/// Reads one archive from bytes pushed in pieces of any size, compressed or plain. What it tells of them comes at most
/// 64 KiB late.
pub struct Walker {
    input: Input,
    /// What has come of the next piece.
    pending: Vec<u8>,
    failure: Option<ArchiveError>,
}

impl Walker {
    /// A walker for one archive.
    #[must_use]
    pub fn new(limits: Limits, wanted: Wanted) -> Self {
        Self {
            input: Input::new(limits, wanted),
            pending: Vec::new(),
            failure: None,
        }
    }

    /// Takes the next bytes of the body. After an error, every further call gives the same error.
    ///
    /// # Errors
    /// The archive is broken or over a limit.
    pub fn push(&mut self, bytes: &[u8], visitor: &mut impl Visitor) -> Result<(), ArchiveError> {
        self.unless_failed(|walker| walker.push_pieces(bytes, visitor))
    }

    /// The body has ended.
    ///
    /// # Errors
    /// The archive ends where it may not, or an earlier call has failed.
    pub fn finish(&mut self, visitor: &mut impl Visitor) -> Result<(), ArchiveError> {
        self.unless_failed(|walker| {
            let last = std::mem::take(&mut walker.pending);
            if !last.is_empty() {
                walker.input.push(&last, visitor)?;
            }
            walker.input.finish(visitor)
        })
    }

    /// What was read whole until now.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.input.summary()
    }

    /// Whether an archive within the input has come in xz or zstd, whose decompressors hold MiB.
    #[must_use]
    pub fn has_large_window(&self) -> bool {
        self.input.has_large_window()
    }

    fn push_pieces(
        &mut self,
        bytes: &[u8],
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let mut rest = bytes;
        if !self.pending.is_empty() {
            let (taken, behind) = rest.split_at(rest.len().min(PIECE_BYTES - self.pending.len()));
            self.pending.extend_from_slice(taken);
            if self.pending.len() < PIECE_BYTES {
                return Ok(());
            }
            self.input.push(&self.pending, visitor)?;
            self.pending.clear();
            rest = behind;
        }
        while let Some((piece, behind)) = rest.split_at_checked(PIECE_BYTES) {
            self.input.push(piece, visitor)?;
            rest = behind;
        }
        self.pending.extend_from_slice(rest);
        Ok(())
    }

    fn unless_failed(
        &mut self,
        call: impl FnOnce(&mut Self) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let result = call(self);
        self.failure = result.clone().err();
        result
    }
}
