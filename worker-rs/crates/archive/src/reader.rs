//! One archive, the input itself or one in it: the tar stream and what it comes out of.

use std::sync::Arc;

use crate::decompress::Decompressor;
use crate::tar::TarReader;
use crate::walk::Walk;
use crate::{Anomalies, Anomaly, ArchiveError, Compression, Format, Summary, Visitor};

/// Reads one archive.
pub(crate) struct Reader {
    source: Source,
    tar: TarReader,
    /// Those that go with errors.
    anomalies: Anomalies,
}

enum Source {
    Plain,
    /// A gzip stream of one member without anything behind it, inflated already.
    Inflated,
    Compressed(Box<Decompressor>),
}

impl Reader {
    /// A reader of the archive within `parents`.
    pub(crate) fn new(
        compression: Option<Compression>,
        parents: Arc<[String]>,
        walk: &Walk,
    ) -> Self {
        let counts = parents.is_empty() || compression.is_some();
        let source = match compression {
            None => Source::Plain,
            Some(compression) => Source::Compressed(Box::new(Decompressor::new(compression, walk))),
        };
        Self::of(source, TarReader::new(walk, parents, counts))
    }

    /// A reader of the content of a gzip stream that has one member and nothing behind it.
    pub(crate) fn inflated(walk: &Walk) -> Self {
        let tar = TarReader::new(walk, Arc::from(Vec::new()), true);
        Self::of(Source::Inflated, tar)
    }

    fn of(source: Source, tar: TarReader) -> Self {
        Self {
            source,
            tar,
            anomalies: Anomalies::default(),
        }
    }

    pub(crate) fn is_tar(&self) -> bool {
        self.tar.is_tar()
    }

    pub(crate) fn parents(&self) -> &[String] {
        self.tar.parents()
    }

    /// Takes the next bytes. Not to be called again after an error.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let result = match &mut self.source {
            Source::Plain | Source::Inflated => self.tar.push(bytes, walk, visitor),
            Source::Compressed(stream) => stream.push(bytes, &mut self.tar, walk, visitor),
        };
        result.map_err(|error| self.fail(error, walk, visitor))
    }

    /// The archive has ended.
    pub(crate) fn finish(
        &mut self,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        self.try_finish(walk, visitor)
            .map_err(|error| self.fail(error, walk, visitor))
    }

    fn try_finish(
        &mut self,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        if let Source::Compressed(stream) = &mut self.source {
            stream.finish(&mut self.tar, walk, visitor)?;
        }
        walk.check_ratio(if self.tar.is_outermost() {
            walk.body
        } else {
            walk.outermost
        })?;
        self.tar.finish(walk)
    }

    /// Nothing more comes, though the archive has not ended: shows what has come.
    pub(crate) fn abandon(&mut self, walk: &mut Walk, visitor: &mut impl Visitor) {
        if let Source::Compressed(stream) = &mut self.source {
            // There is an error already, further out.
            drop(stream.drain(&mut self.tar, walk, visitor));
        }
        self.tar.abandon(walk, visitor);
    }

    /// Oddities of the archive, not of its entries.
    pub(crate) fn anomalies(&self, walk: &Walk) -> Anomalies {
        let mut anomalies = self.anomalies;
        anomalies.extend(self.tar.anomalies());
        if let Source::Compressed(stream) = &self.source {
            if stream.compression() == Compression::Gzip && stream.streams() > 1 {
                walk.tell(&mut anomalies, Anomaly::MultiMemberGzip);
            }
            if stream.trailing() > 0 {
                walk.tell(&mut anomalies, Anomaly::TrailingGarbage);
            }
        }
        anomalies
    }

    /// What is known of the archive as the input.
    pub(crate) fn summary(&self, walk: &Walk) -> Summary {
        let mut anomalies = walk.anomalies;
        anomalies.extend(self.anomalies(walk));
        let mut root_dirs = self.tar.roots().to_vec();
        root_dirs.truncate(if walk.wanted.root_dirs {
            walk.limits.root_dirs
        } else {
            0
        });
        let compression = self.compression();
        Summary {
            format: self.tar.is_tar().then(|| Format::of(compression)),
            uncompressed_bytes: walk.outermost,
            entry_count: walk.ended,
            file_count: walk.files,
            gzip_members: match &self.source {
                Source::Compressed(stream) if compression == Some(Compression::Gzip) => {
                    Some(stream.streams())
                }
                Source::Inflated => Some(1),
                Source::Plain | Source::Compressed(_) => None,
            },
            trailing_bytes: match &self.source {
                Source::Plain => self.tar.trailing(),
                Source::Inflated => 0,
                Source::Compressed(stream) => stream.trailing(),
            },
            root_dirs,
            anomalies,
        }
    }

    fn compression(&self) -> Option<Compression> {
        match &self.source {
            Source::Plain => None,
            Source::Inflated => Some(Compression::Gzip),
            Source::Compressed(stream) => Some(stream.compression()),
        }
    }

    fn fail(
        &mut self,
        error: ArchiveError,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> ArchiveError {
        self.tar.abandon(walk, visitor);
        if let Some(anomaly) = error.anomaly() {
            walk.tell(&mut self.anomalies, anomaly);
        }
        error.inside(self.compression())
    }
}
