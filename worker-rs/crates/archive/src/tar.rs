//! The tar stream as a push parser. It knows blocks and their order; fields are the header's, names the assembly's.
//!
//! ```text
//!      +------------------------- padding <-------------------+
//!      v                             ^                        |
//!   header --- x, X, g, L, K ---> extension                   |
//!    |  |                                                     |
//!    |  +----- other types -----> [sparse map] -----------> content ---> what may be an archive in it
//!    |
//!    +--- zeros ---> half end mark --- zeros ---> end: all that follows is read and ignored
//! ```

use std::sync::Arc;

use crate::assemble::{Assembled, Origin, Pending, Stored, assemble};
use crate::extension::Extension;
use crate::header::{BLOCK, Header, sparse_map_continues};
use crate::nested::Nested;
use crate::paths::{Paths, Roots};
use crate::pax::PaxAttributes;
use crate::walk::{Walk, within};
use crate::{Anomalies, Anomaly, ArchiveError, EntryType, TarFault, TarPart, Visitor, Wanted};

/// Reads a tar stream from pieces of any size.
pub(crate) struct TarReader {
    state: State,
    /// The first `filled` bytes of a block that came in pieces.
    block: [u8; BLOCK],
    filled: usize,
    /// Bytes read.
    offset: u64,
    /// Whether they count as decompressed bytes: those of an archive that lies in another one as it is, don't.
    counts: bool,
    /// Whether a header or an end mark has proved that this is tar.
    is_tar: bool,
    /// Paths of the archives that this one is in.
    parents: Arc<[String]>,
    global: PaxAttributes,
    pending: Pending,
    extension: Vec<u8>,
    current: Current,
    nested: Nested,
    paths: Paths,
    roots: Roots,
    /// Bytes behind the end mark, from the first one that is not zero.
    trailing: u64,
    /// Oddities of the archive, not of its entries.
    anomalies: Anomalies,
}

/// The entry whose content is being read.
#[derive(Default)]
struct Current {
    index: u64,
    is_file: bool,
    anomalies: Anomalies,
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
    /// A reader of the archive within `parents`; `counts`: its bytes have been decompressed, or are the input itself.
    pub(crate) fn new(walk: &Walk, parents: Arc<[String]>, counts: bool) -> Self {
        let Wanted {
            pax,
            anomalies,
            root_dirs,
        } = walk.wanted;
        let most_roots = if root_dirs && parents.is_empty() {
            walk.limits.root_dirs.max(1)
        } else {
            usize::from(anomalies)
        };
        Self {
            state: State::Header,
            block: [0; BLOCK],
            filled: 0,
            offset: 0,
            counts,
            is_tar: false,
            global: PaxAttributes::new(pax),
            pending: Pending::default(),
            extension: Vec::new(),
            current: Current::default(),
            nested: Nested::new(Arc::clone(&parents)),
            paths: Paths::default(),
            roots: Roots::new(most_roots),
            parents,
            trailing: 0,
            anomalies: Anomalies::default(),
        }
    }

    pub(crate) fn is_tar(&self) -> bool {
        self.is_tar
    }

    /// Whether this is the input itself, not an archive in it.
    pub(crate) fn is_outermost(&self) -> bool {
        self.parents.is_empty()
    }

    pub(crate) fn parents(&self) -> &[String] {
        &self.parents
    }

    pub(crate) fn trailing(&self) -> u64 {
        self.trailing
    }

    pub(crate) fn roots(&self) -> &[String] {
        self.roots.first_ones()
    }

    pub(crate) fn anomalies(&self) -> Anomalies {
        self.anomalies
    }

    /// Takes the next bytes. Not to be called again after an error.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let allowed = walk.limits.uncompressed_bytes;
            let room = if self.counts {
                allowed - walk.uncompressed
            } else {
                u64::MAX
            };
            // One more, however many came with it, so that the message doesn't depend on how the bytes were cut.
            if room == 0 {
                within("uncompressed_bytes", allowed, allowed + 1)?;
            }
            let taken = self.step(split(rest, room).0, walk, visitor)?;
            rest = &rest[taken..];
        }
        Ok(())
    }

    /// The stream has ended.
    pub(crate) fn finish(&mut self, walk: &Walk) -> Result<(), ArchiveError> {
        let block_missing = (BLOCK - self.filled) as u64;
        let (part, missing) = match self.state {
            State::End => return Ok(()),
            // Some programs end an archive without an end mark, or with a shorter one.
            State::Header | State::HalfEndMark
                if is_zero(&self.block[..self.filled]) && self.offset >= BLOCK as u64 =>
            {
                self.is_tar = true;
                self.no_orphans(self.offset, walk)?;
                walk.tell(&mut self.anomalies, Anomaly::MissingEof);
                return Ok(());
            }
            State::HalfEndMark => return Err(self.lone_zero_block(walk)),
            State::Header if !self.is_tar => {
                return Err(not_an_archive(&self.block[..self.filled]));
            }
            State::Header => (TarPart::Header, block_missing),
            State::Extension { remaining, .. } => (TarPart::Extension, remaining),
            State::SparseMap { .. } => (TarPart::SparseMap, block_missing),
            State::Content { remaining, .. } => (TarPart::Content, remaining),
            State::Padding => (TarPart::Padding, self.to_block_end()),
        };
        let fault = TarFault::Truncated { part, missing };
        Err(self.bad_tar(self.offset, fault, walk))
    }

    /// Nothing more comes, though the stream has not ended: shows what has come of the archives in it.
    pub(crate) fn abandon(&mut self, walk: &mut Walk, visitor: &mut impl Visitor) {
        self.nested.abandon(walk, visitor);
    }

    /// Reads on; gives the number of bytes read.
    fn step(
        &mut self,
        bytes: &[u8],
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<usize, ArchiveError> {
        let wanted = match self.state {
            State::Header | State::HalfEndMark | State::SparseMap { .. } => {
                return self.step_block(bytes, walk, visitor);
            }
            State::Extension { remaining, .. } | State::Content { remaining, .. } => remaining,
            State::Padding => self.to_block_end(),
            State::End => u64::MAX,
        };
        let (taken, _) = split(bytes, wanted);
        self.advance(taken.len(), walk);
        let still_wanted = wanted - taken.len() as u64;
        match self.state {
            State::Extension { kind, .. } => {
                self.extension.extend_from_slice(taken);
                self.continue_extension(kind, still_wanted, walk)?;
            }
            State::Content { is_hidden, .. } => {
                let depth = self.parents.len();
                if !is_hidden && visitor.wants_data(depth) {
                    visitor.data(depth, taken);
                }
                self.nested
                    .push(taken, &mut self.current.anomalies, walk, visitor)?;
                self.continue_content(still_wanted, is_hidden, walk, visitor)?;
            }
            State::Padding if still_wanted == 0 => self.state = State::Header,
            State::End => self.read_behind_end(taken, walk),
            _ => {}
        }
        Ok(taken.len())
    }

    fn step_block(
        &mut self,
        bytes: &[u8],
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<usize, ArchiveError> {
        if self.filled == 0
            && let Some((block, _)) = bytes.split_first_chunk()
        {
            self.advance(BLOCK, walk);
            self.take_block(block, walk, visitor)?;
            return Ok(BLOCK);
        }
        let (taken, _) = split(bytes, (BLOCK - self.filled) as u64);
        self.block[self.filled..][..taken.len()].copy_from_slice(taken);
        self.filled += taken.len();
        self.advance(taken.len(), walk);
        if self.filled == BLOCK {
            self.filled = 0;
            let block = self.block;
            self.take_block(&block, walk, visitor)?;
        }
        Ok(taken.len())
    }

    fn advance(&mut self, bytes: usize, walk: &mut Walk) {
        let bytes = bytes as u64;
        self.offset += bytes;
        if self.counts {
            walk.uncompressed += bytes;
        }
        if self.is_outermost() {
            walk.outermost += bytes;
        }
    }

    fn take_block(
        &mut self,
        block: &[u8; BLOCK],
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        match self.state {
            State::SparseMap { .. } if sparse_map_continues(block) => {}
            State::SparseMap { stored } => {
                self.continue_content(stored.bytes, stored.is_hidden, walk, visitor)?;
            }
            State::HalfEndMark if is_zero(block) => {
                self.is_tar = true;
                self.state = State::End;
            }
            State::HalfEndMark => return Err(self.lone_zero_block(walk)),
            // Zeros are an empty archive, but in an entry they are what they are.
            _ if is_zero(block) && (self.is_tar || self.is_outermost()) => {
                self.no_orphans(self.block_start(), walk)?;
                self.state = State::HalfEndMark;
            }
            _ => return self.take_header(block, walk, visitor),
        }
        Ok(())
    }

    fn take_header(
        &mut self,
        block: &[u8; BLOCK],
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let start = self.block_start();
        let header = match Header::new(block) {
            Ok(header) => header,
            Err(_) if !self.is_tar => return Err(not_an_archive(block)),
            Err(fault) => return Err(self.bad_tar(start, fault, walk)),
        };
        self.is_tar = true;
        let Some(kind) = Extension::of(header.typeflag()) else {
            return self.begin_entry(&header, walk, visitor);
        };
        let size = header
            .size()
            .map_err(|fault| self.bad_tar(start, fault, walk))?;
        let (limit, allowed) = kind.limit(&walk.limits);
        within(limit, allowed, size)?;
        if !matches!(kind, Extension::Global) {
            self.pending.start.get_or_insert(start);
        }
        self.continue_extension(kind, size, walk)
    }

    fn continue_extension(
        &mut self,
        kind: Extension,
        remaining: u64,
        walk: &Walk,
    ) -> Result<(), ArchiveError> {
        if remaining > 0 {
            self.state = State::Extension { kind, remaining };
            return Ok(());
        }
        let content = std::mem::take(&mut self.extension);
        if matches!(kind, Extension::Global) {
            let start = self.offset - content.len() as u64;
            self.global
                .apply(&content)
                .map_err(|fault| self.bad_tar(start, fault, walk))?;
            let limits = &walk.limits;
            within(
                "global_value",
                limits.global_value,
                self.global.longest_text(),
            )?;
            let bytes = self.global.record_bytes();
            within("global_header", limits.global_header, bytes)?;
            if self.global.overrides() {
                walk.tell(&mut self.anomalies, Anomaly::GlobalPaxOverride);
            }
        } else {
            self.pending.add(kind, content);
        }
        self.begin_padding();
        Ok(())
    }

    fn begin_entry(
        &mut self,
        header: &Header<'_>,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        within("entries", walk.limits.entries, walk.begun + 1)?;
        let pending = std::mem::take(&mut self.pending);
        let origin = Origin {
            index: walk.begun,
            parents: Arc::clone(&self.parents),
            header_offset: pending.start.unwrap_or(self.block_start()),
            data_offset: self.offset,
        };
        let Assembled {
            entry,
            stored,
            mut anomalies,
        } = assemble(origin, header, pending, &self.global, walk.wanted)
            .map_err(|fault| self.bad_tar(self.block_start(), fault, walk))?;
        walk.entry_text += entry.text_bytes();
        within("entry_text", walk.limits.entry_text, walk.entry_text)?;
        if walk.wanted.anomalies {
            self.paths.add(&entry, &mut anomalies);
            if stored.bytes > walk.limits.uncompressed_bytes {
                anomalies.insert(Anomaly::NegativeOrHugeSize);
            }
        }
        if self.roots.are_wanted() && !self.roots.add(&entry.path) {
            walk.tell(&mut self.anomalies, Anomaly::MultipleRoots);
        }
        walk.anomalies.extend(anomalies);
        walk.begun += 1;
        self.current = Current {
            index: entry.index,
            is_file: matches!(entry.entry_type, EntryType::Regular | EntryType::Sparse),
            anomalies,
        };
        if entry.entry_type == EntryType::Regular {
            self.nested.begin(&entry.path, stored.bytes, walk);
        }
        visitor.entry(entry);
        if stored.has_sparse_map {
            self.state = State::SparseMap { stored };
            Ok(())
        } else {
            self.continue_content(stored.bytes, stored.is_hidden, walk, visitor)
        }
    }

    fn continue_content(
        &mut self,
        remaining: u64,
        is_hidden: bool,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        if remaining > 0 {
            self.state = State::Content {
                remaining,
                is_hidden,
            };
            return Ok(());
        }
        let anomalies = &mut self.current.anomalies;
        self.nested.finish(anomalies, walk, visitor)?;
        walk.ended += 1;
        walk.files += u64::from(self.current.is_file);
        visitor.end(self.parents.len(), *anomalies);
        self.begin_padding();
        Ok(())
    }

    fn read_behind_end(&mut self, bytes: &[u8], walk: &Walk) {
        if self.trailing > 0 {
            self.trailing += bytes.len() as u64;
        } else if !is_zero(bytes) {
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            self.trailing = (bytes.len() - zeros) as u64;
            walk.tell(&mut self.anomalies, Anomaly::DataAfterEof);
        }
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

    fn no_orphans(&self, offset: u64, walk: &Walk) -> Result<(), ArchiveError> {
        if self.pending.is_empty() {
            Ok(())
        } else {
            Err(self.bad_tar(offset, TarFault::OrphanExtension, walk))
        }
    }

    fn lone_zero_block(&self, walk: &Walk) -> ArchiveError {
        if self.is_tar {
            self.bad_tar(
                (self.offset - 1) / BLOCK as u64 * BLOCK as u64 - BLOCK as u64,
                TarFault::LoneZeroBlock,
                walk,
            )
        } else {
            not_an_archive(&[0; BLOCK])
        }
    }

    fn bad_tar(&self, offset: u64, fault: TarFault, walk: &Walk) -> ArchiveError {
        ArchiveError::BadTar {
            entry_index: match self.state {
                State::Content { .. } | State::SparseMap { .. } => self.current.index,
                _ => walk.begun,
            },
            offset,
            fault,
        }
    }
}

fn not_an_archive(bytes: &[u8]) -> ArchiveError {
    ArchiveError::NotAnArchive {
        compression: None,
        start: bytes[..bytes.len().min(16)].to_vec(),
    }
}

/// Looks at many bytes at once, which is what vector instructions are for.
fn is_zero(bytes: &[u8]) -> bool {
    let is_zero = |bytes: &[u8]| bytes.iter().fold(0, |any, byte| any | byte) == 0;
    bytes.chunks(64).all(is_zero)
}

/// At most `wanted` bytes, and the others.
fn split(bytes: &[u8], wanted: u64) -> (&[u8], &[u8]) {
    bytes.split_at(usize::try_from(wanted).map_or(bytes.len(), |wanted| wanted.min(bytes.len())))
}
