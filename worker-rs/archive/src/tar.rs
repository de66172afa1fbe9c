//! The tar stream as a push parser. It knows blocks and their order; fields are the header's, names the assembly's.
//!
//! ```text
//!      +------------------------- padding <-------------------+
//!      v                             ^                        |
//!   header --- x, X, g, L, K ---> extension                   |
//!    |  |                                                     |
//!    |  +----- other types -----> [sparse map] -----------> content
//!    |
//!    +--- zeros ---> half end mark --- zeros ---> end: all that follows is read and ignored
//! ```

use crate::assemble::{Pending, Stored, assemble};
use crate::extension::Extension;
use crate::header::{BLOCK, Header, sparse_map_continues, until_nul};
use crate::pax::PaxAttributes;
use crate::{
    Anomalies, ArchiveError, Entry, EntryType, Format, Limits, Summary, TarFault, TarPart, Visitor,
    Wanted,
};

/// Reads a tar stream from pieces of any size.
pub(crate) struct TarReader {
    limits: Limits,
    wanted: Wanted,
    /// Where the first header block of the entry to come begins.
    header_offset: u64,
    state: State,
    /// The first `filled` bytes of a block that came in pieces.
    block: [u8; BLOCK],
    filled: usize,
    /// Bytes read.
    offset: u64,
    /// Whether a header or an end mark has proved that this is tar.
    is_tar: bool,
    global: PaxAttributes,
    pending: Pending,
    extension: Vec<u8>,
    current_is_file: bool,
    /// Bytes of the texts of all entries.
    entry_text: u64,
    entry_count: u64,
    file_count: u64,
}

#[derive(Clone, Copy)]
enum State {
    Header,
    HalfEndMark,
    Extension { kind: Extension, remaining: u64 },
    SparseMap { stored: Stored },
    Content { remaining: u64, is_hidden: bool },
    Padding,
    End,
}

impl TarReader {
    pub(crate) fn new(limits: Limits, wanted: Wanted) -> Self {
        Self {
            limits,
            wanted,
            header_offset: 0,
            state: State::Header,
            block: [0; BLOCK],
            filled: 0,
            offset: 0,
            is_tar: false,
            global: PaxAttributes::default(),
            pending: Pending::default(),
            extension: Vec::new(),
            current_is_file: false,
            entry_text: 0,
            entry_count: 0,
            file_count: 0,
        }
    }

    /// What was read whole until now; `format` holds if this is tar at all.
    pub(crate) fn summary(&self, format: Format) -> Summary {
        Summary {
            format: self.is_tar.then_some(format),
            uncompressed_bytes: self.offset,
            entry_count: self.entry_count,
            file_count: self.file_count,
            ..Summary::default()
        }
    }

    /// Takes the next bytes. Not to be called again after an error.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let allowed = self.limits.uncompressed_bytes;
        let (mut rest, beyond) = split(bytes, allowed - self.offset);
        while !rest.is_empty() {
            rest = self.step(rest, visitor)?;
        }
        // One more, however many came with it, so that the message doesn't depend on how the bytes were cut.
        let seen = self.offset + u64::from(!beyond.is_empty());
        within("uncompressed_bytes", allowed, seen)
    }

    /// The stream has ended.
    pub(crate) fn finish(&mut self) -> Result<(), ArchiveError> {
        let block_missing = (BLOCK - self.filled) as u64;
        let (part, missing) = match self.state {
            State::End => return Ok(()),
            // Some programs end an archive without an end mark, or with a shorter one.
            State::Header | State::HalfEndMark
                if is_zero(&self.block[..self.filled]) && self.offset >= BLOCK as u64 =>
            {
                self.is_tar = true;
                return self.no_orphans(self.offset);
            }
            State::HalfEndMark => return Err(self.lone_zero_block()),
            State::Header if !self.is_tar => {
                return Err(not_an_archive(&self.block[..self.filled]));
            }
            State::Header => (TarPart::Header, block_missing),
            State::Extension { remaining, .. } => (TarPart::Extension, remaining),
            State::SparseMap { .. } => (TarPart::SparseMap, block_missing),
            State::Content { remaining, .. } => (TarPart::Content, remaining),
            State::Padding => (TarPart::Padding, self.to_block_end()),
        };
        Err(self.bad_tar(self.offset, TarFault::Truncated { part, missing }))
    }

    fn step<'a>(
        &mut self,
        bytes: &'a [u8],
        visitor: &mut impl Visitor,
    ) -> Result<&'a [u8], ArchiveError> {
        let wanted = match self.state {
            State::Header | State::HalfEndMark | State::SparseMap { .. } => {
                return self.step_block(bytes, visitor);
            }
            State::Extension { remaining, .. } | State::Content { remaining, .. } => remaining,
            State::Padding => self.to_block_end(),
            State::End => u64::MAX,
        };
        let (taken, rest) = split(bytes, wanted);
        self.offset += taken.len() as u64;
        let still_wanted = wanted - taken.len() as u64;
        match self.state {
            State::Extension { kind, .. } => {
                self.extension.extend_from_slice(taken);
                self.continue_extension(kind, still_wanted)?;
            }
            State::Content { is_hidden, .. } => {
                if !is_hidden && visitor.wants_data(0) {
                    visitor.data(0, taken);
                }
                self.continue_content(still_wanted, is_hidden, visitor);
            }
            State::Padding if still_wanted == 0 => self.state = State::Header,
            _ => {}
        }
        Ok(rest)
    }

    fn step_block<'a>(
        &mut self,
        bytes: &'a [u8],
        visitor: &mut impl Visitor,
    ) -> Result<&'a [u8], ArchiveError> {
        if self.filled == 0
            && let Some((block, rest)) = bytes.split_first_chunk()
        {
            self.offset += BLOCK as u64;
            self.take_block(block, visitor)?;
            return Ok(rest);
        }
        let (taken, rest) = split(bytes, (BLOCK - self.filled) as u64);
        self.block[self.filled..][..taken.len()].copy_from_slice(taken);
        self.filled += taken.len();
        self.offset += taken.len() as u64;
        if self.filled == BLOCK {
            self.filled = 0;
            let block = self.block;
            self.take_block(&block, visitor)?;
        }
        Ok(rest)
    }

    fn take_block(
        &mut self,
        block: &[u8; BLOCK],
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        match self.state {
            State::SparseMap { .. } if sparse_map_continues(block) => {}
            State::SparseMap { stored } => {
                self.continue_content(stored.bytes, stored.is_hidden, visitor);
            }
            State::HalfEndMark if is_zero(block) => {
                self.is_tar = true;
                self.state = State::End;
            }
            State::HalfEndMark => return Err(self.lone_zero_block()),
            _ if is_zero(block) => {
                self.no_orphans(self.block_start())?;
                self.state = State::HalfEndMark;
            }
            _ => return self.take_header(block, visitor),
        }
        Ok(())
    }

    fn take_header(
        &mut self,
        block: &[u8; BLOCK],
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let header = match Header::new(block) {
            Ok(header) => header,
            Err(_) if !self.is_tar => return Err(not_an_archive(block)),
            Err(fault) => return Err(self.bad_tar(self.block_start(), fault)),
        };
        self.is_tar = true;
        if self.pending.is_empty() {
            self.header_offset = self.block_start();
        }
        let Some(kind) = Extension::of(header.typeflag()) else {
            return self.begin_entry(&header, visitor);
        };
        let size = header
            .size()
            .map_err(|fault| self.bad_tar(self.block_start(), fault))?;
        let (limit, allowed) = kind.limit(&self.limits);
        within(limit, allowed, size)?;
        self.continue_extension(kind, size)
    }

    fn continue_extension(&mut self, kind: Extension, remaining: u64) -> Result<(), ArchiveError> {
        if remaining > 0 {
            self.state = State::Extension { kind, remaining };
            return Ok(());
        }
        let content = std::mem::take(&mut self.extension);
        match kind {
            Extension::Pax => self.pending.pax = Some(content),
            Extension::Global => {
                let start = self.offset - content.len() as u64;
                self.global
                    .apply(&content)
                    .map_err(|fault| self.bad_tar(start, fault))?;
                let longest = self.global.longest_text();
                within("global_value", self.limits.global_value, longest)?;
            }
            Extension::LongName => self.pending.long_name = Some(until_nul(&content).to_vec()),
            Extension::LongLink => self.pending.long_link = Some(until_nul(&content).to_vec()),
        }
        self.begin_padding();
        Ok(())
    }

    fn begin_entry(
        &mut self,
        header: &Header<'_>,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        within("entries", self.limits.entries, self.entry_count + 1)?;
        let pending = std::mem::take(&mut self.pending);
        let (entry, stored) = assemble(self.entry_count, header, pending, &self.global)
            .map_err(|fault| self.bad_tar(self.block_start(), fault))?;
        let entry = Entry {
            header_offset: self.header_offset,
            data_offset: self.offset,
            ..entry
        };
        self.entry_text += entry.text_bytes();
        within("entry_text", self.limits.entry_text, self.entry_text)?;
        self.current_is_file = matches!(entry.entry_type, EntryType::Regular | EntryType::Sparse);
        visitor.entry(entry);
        if stored.has_sparse_map {
            self.state = State::SparseMap { stored };
        } else {
            self.continue_content(stored.bytes, stored.is_hidden, visitor);
        }
        Ok(())
    }

    fn continue_content(&mut self, remaining: u64, is_hidden: bool, visitor: &mut impl Visitor) {
        if remaining > 0 {
            self.state = State::Content {
                remaining,
                is_hidden,
            };
            return;
        }
        self.entry_count += 1;
        self.file_count += u64::from(self.current_is_file);
        visitor.end(0, Anomalies::default());
        self.begin_padding();
    }

    fn begin_padding(&mut self) {
        self.state = if self.to_block_end() == 0 {
            State::Header
        } else {
            State::Padding
        };
    }

    fn to_block_end(&self) -> u64 {
        self.offset.next_multiple_of(BLOCK as u64) - self.offset
    }

    fn block_start(&self) -> u64 {
        self.offset - BLOCK as u64
    }

    fn no_orphans(&self, offset: u64) -> Result<(), ArchiveError> {
        if self.pending.is_empty() {
            Ok(())
        } else {
            Err(self.bad_tar(offset, TarFault::OrphanExtension))
        }
    }

    fn lone_zero_block(&self) -> ArchiveError {
        if self.is_tar {
            self.bad_tar(
                (self.offset - 1) / BLOCK as u64 * BLOCK as u64 - BLOCK as u64,
                TarFault::LoneZeroBlock,
            )
        } else {
            not_an_archive(&[0; BLOCK])
        }
    }

    fn bad_tar(&self, offset: u64, fault: TarFault) -> ArchiveError {
        ArchiveError::BadTar {
            entry_index: self.entry_count,
            offset,
            fault,
        }
    }
}

fn not_an_archive(bytes: &[u8]) -> ArchiveError {
    ArchiveError::NotAnArchive {
        in_gzip: false,
        start: bytes[..bytes.len().min(16)].to_vec(),
    }
}

fn within(limit: &'static str, allowed: u64, seen: u64) -> Result<(), ArchiveError> {
    if seen <= allowed {
        return Ok(());
    }
    Err(ArchiveError::Limit {
        limit,
        allowed,
        seen,
    })
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// At most `wanted` bytes, and the others.
fn split(bytes: &[u8], wanted: u64) -> (&[u8], &[u8]) {
    bytes.split_at(usize::try_from(wanted).map_or(bytes.len(), |wanted| wanted.min(bytes.len())))
}
