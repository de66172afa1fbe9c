//! The walk over bytes as they arrive.

use crate::gzip::GzipReader;
use crate::gzip_header::MAGIC;
use crate::tar::TarReader;
use crate::{ArchiveError, Format, Limits, Summary, Visitor, Wanted};

/// Reads one archive from bytes pushed in pieces of any size, compressed or plain. Holds less than 256 KiB
/// (and the extension headers of one entry), whatever the archive.
pub struct Walker {
    limits: Limits,
    source: Source,
    tar: TarReader,
    failure: Option<ArchiveError>,
}

enum Source {
    /// Too little has come to tell gzip from tar: nothing, or one byte that may begin gzip.
    Unknown {
        half_magic: bool,
    },
    Tar,
    Gzip(Box<GzipReader>),
}

impl Walker {
    /// A walker for one archive.
    #[must_use]
    pub fn new(limits: Limits, wanted: Wanted) -> Self {
        Self {
            limits,
            source: Source::Unknown { half_magic: false },
            tar: TarReader::new(limits, wanted),
            failure: None,
        }
    }

    /// Takes the next bytes of the body. After an error, every further call gives the same error.
    ///
    /// # Errors
    /// The archive is broken or over a limit.
    pub fn push(&mut self, bytes: &[u8], visitor: &mut impl Visitor) -> Result<(), ArchiveError> {
        self.unless_failed(|walker| walker.route(bytes, visitor))
    }

    /// The body has ended.
    ///
    /// # Errors
    /// The archive ends where it may not, or an earlier call has failed.
    pub fn finish(&mut self, visitor: &mut impl Visitor) -> Result<(), ArchiveError> {
        self.unless_failed(|walker| match &mut walker.source {
            Source::Gzip(gzip) => gzip.finish(&mut walker.tar),
            Source::Unknown { half_magic: true } => {
                walker.tar.push(&MAGIC[..1], visitor)?;
                walker.tar.finish()
            }
            Source::Unknown { half_magic: false } | Source::Tar => walker.tar.finish(),
        })
    }

    /// What was read whole until now.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let format = if matches!(self.source, Source::Gzip(_)) {
            Format::TarGzip
        } else {
            Format::Tar
        };
        self.tar.summary(format)
    }

    fn route(&mut self, bytes: &[u8], visitor: &mut impl Visitor) -> Result<(), ArchiveError> {
        loop {
            match &mut self.source {
                Source::Tar => return self.tar.push(bytes, visitor),
                Source::Gzip(gzip) => return gzip.push(bytes, &mut self.tar, visitor),
                Source::Unknown { half_magic } => {
                    let seen = &MAGIC[..usize::from(*half_magic)];
                    match [seen, &bytes[..bytes.len().min(2)]].concat()[..] {
                        [] => return Ok(()),
                        [first] if first == MAGIC[0] => {
                            *half_magic = true;
                            return Ok(());
                        }
                        [first, second, ..] if [first, second] == MAGIC => {
                            let mut gzip = Box::new(GzipReader::new(self.limits));
                            gzip.push(seen, &mut self.tar, visitor)?;
                            self.source = Source::Gzip(gzip);
                        }
                        _ => {
                            self.tar.push(seen, visitor)?;
                            self.source = Source::Tar;
                        }
                    }
                }
            }
        }
    }

    fn unless_failed(
        &mut self,
        call: impl FnOnce(&mut Self) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let result = call(self).map_err(|error| match self.source {
            Source::Gzip(_) => error.in_gzip(),
            Source::Unknown { .. } | Source::Tar => error,
        });
        self.failure = result.clone().err();
        result
    }
}
