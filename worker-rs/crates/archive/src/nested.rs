//! What is inside an entry: nothing to look into, or an archive.

use std::sync::Arc;

use crate::header::{BLOCK, has_magic};
use crate::reader::Reader;
use crate::sniff::TooFew;
use crate::walk::Walk;
use crate::{Anomalies, Anomaly, ArchiveError, Compression, Visitor};

/// Looks into the contents of an archive's entries, one after the other.
pub(crate) struct Nested {
    /// Paths of the archives around the entry.
    parents: Arc<[String]>,
    /// The entry's own path.
    path: String,
    state: State,
}

#[derive(Default)]
enum State {
    /// No archive, or one that can't be read further.
    #[default]
    Nothing,
    /// Too little of a content of `size` bytes has come to tell.
    Sniffing {
        size: u64,
        start: Vec<u8>,
    },
    Archive(Box<Reader>),
}

impl Nested {
    pub(crate) fn new(parents: Arc<[String]>) -> Self {
        Self {
            parents,
            path: String::new(),
            state: State::Nothing,
        }
    }

    /// A file of `size` bytes begins.
    pub(crate) fn begin(&mut self, path: &str, size: u64, walk: &Walk) {
        let is_looked_at = walk.limits.nested_depth > 0
            && (!self.is_too_deep(walk) || walk.wanted.anomalies)
            && size > 0;
        if is_looked_at {
            self.path.clear();
            self.path.push_str(path);
            let start = Vec::new();
            self.state = State::Sniffing { size, start };
        }
    }

    /// Takes the next bytes of the content.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        anomalies: &mut Anomalies,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        match &mut self.state {
            State::Nothing => Ok(()),
            State::Archive(reader) => {
                let result = reader.push(bytes, walk, visitor);
                self.unless_failed(result, anomalies, walk, visitor)
            }
            State::Sniffing { size, start } if start.is_empty() => {
                match kind(bytes, *size) {
                    Err(TooFew) => start.extend_from_slice(bytes),
                    Ok(None) => self.state = State::Nothing,
                    Ok(Some(kind)) => {
                        self.open(kind, anomalies, walk);
                        return self.push(bytes, anomalies, walk, visitor);
                    }
                }
                Ok(())
            }
            State::Sniffing { size, start } => {
                // A block is always enough.
                let (taken, behind) = bytes.split_at(bytes.len().min(BLOCK - start.len()));
                start.extend_from_slice(taken);
                match kind(start, *size) {
                    Err(TooFew) => Ok(()),
                    Ok(None) => {
                        self.state = State::Nothing;
                        Ok(())
                    }
                    Ok(Some(kind)) => {
                        let start = std::mem::take(start);
                        self.open(kind, anomalies, walk);
                        self.push(&start, anomalies, walk, visitor)?;
                        self.push(behind, anomalies, walk, visitor)
                    }
                }
            }
        }
    }

    /// The content has ended.
    pub(crate) fn finish(
        &mut self,
        anomalies: &mut Anomalies,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        if let State::Archive(reader) = &mut self.state {
            let result = reader.finish(walk, visitor);
            self.unless_failed(result, anomalies, walk, visitor)?;
            self.close(anomalies, walk);
        } else {
            self.state = State::Nothing;
        }
        Ok(())
    }

    /// Nothing more comes, though the content has not ended: shows what has come of the archive.
    pub(crate) fn abandon(&mut self, walk: &mut Walk, visitor: &mut impl Visitor) {
        if let State::Archive(reader) = &mut self.state {
            reader.abandon(walk, visitor);
            self.close(&mut Anomalies::default(), walk);
        }
    }

    fn is_too_deep(&self, walk: &Walk) -> bool {
        self.parents.len() as u64 >= walk.limits.nested_depth.into()
    }

    fn open(&mut self, kind: Kind, anomalies: &mut Anomalies, walk: &mut Walk) {
        if self.is_too_deep(walk) {
            anomalies.insert(Anomaly::NestedTooDeep);
            walk.anomalies.insert(Anomaly::NestedTooDeep);
            self.state = State::Nothing;
            return;
        }
        let own = std::iter::once(&self.path);
        let parents = self.parents.iter().chain(own).cloned().collect();
        let compression = match kind {
            Kind::Tar => None,
            Kind::Compressed(compression) => Some(compression),
        };
        walk.has_large_window |= compression.is_some_and(Compression::has_large_window);
        self.state = State::Archive(Box::new(Reader::new(compression, parents, walk)));
    }

    /// A limit on the whole input goes on as an error; anything else ends this archive alone.
    fn unless_failed(
        &mut self,
        result: Result<(), ArchiveError>,
        anomalies: &mut Anomalies,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let Err(error) = result else { return Ok(()) };
        if let State::Archive(reader) = &self.state
            && !error.is_total()
            && (reader.is_tar() || error.is_memory())
        {
            visitor.nested_failed(reader.parents(), &error);
            self.close(anomalies, walk);
        }
        self.state = State::Nothing;
        if error.is_total() { Err(error) } else { Ok(()) }
    }

    /// The archive's oddities are those of the entry that holds it.
    fn close(&mut self, anomalies: &mut Anomalies, walk: &mut Walk) {
        if let State::Archive(reader) = std::mem::take(&mut self.state) {
            let its_own = reader.anomalies(walk);
            anomalies.extend(its_own);
            walk.anomalies.extend(its_own);
        }
    }
}

/// What may be an archive.
#[derive(Clone, Copy)]
enum Kind {
    Tar,
    Compressed(Compression),
}

/// What a content of `size` bytes may be by its first ones.
fn kind(start: &[u8], size: u64) -> Result<Option<Kind>, TooFew> {
    if let Some(compression) = Compression::sniff(start)? {
        return Ok(Some(Kind::Compressed(compression)));
    }
    if size < BLOCK as u64 {
        return Ok(None);
    }
    // A header without the magic number of ustar or GNU, as of v7, may be anything.
    let is_tar = has_magic(start).ok_or(TooFew)?;
    Ok(is_tar.then_some(Kind::Tar))
}
