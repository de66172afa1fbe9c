//! Compressed streams as push decompressors that feed the tar reader: every stream of the body, each to its end so that
//! its checksum counts. It counts bytes and looks at the ratio; what the bytes mean is the codecs' and the tar reader's.

use crate::bzip2::Bzip2;
use crate::gzip::Gzip;
use crate::header::BLOCK;
use crate::limits::RATIO_STEP;
use crate::sniff::{LONGEST_MAGIC, TooFew};
use crate::tar::TarReader;
use crate::walk::{Walk, within};
use crate::xz::Xz;
use crate::zstd::Zstd;
use crate::{ArchiveError, Compression, GzipFault, StreamFault, Visitor};

/// Bytes decompressed at once: small enough to stay in the second-level cache until they are parsed.
pub(crate) const OUTPUT_BYTES: usize = 128 << 10;

/// What a bzip2 stream counts as: its first byte costs a block of up to 900,000, some milliseconds.
const BZIP2_WEIGHT: u64 = 50;

/// Decodes streams of one compression.
pub(crate) trait Codec: Send {
    /// Reads from `input`, which may be empty, and writes to `output`, which is not. Stops early only at the stream's end.
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step;

    /// Another stream begins.
    fn restart(&mut self);

    /// What is wrong if the body ends here, before the stream does.
    fn truncated(&self) -> Fault {
        Fault::Stream(StreamFault::Truncated)
    }

    /// Bytes that count against the limit on the memory for xz.
    fn xz_memory(&mut self) -> u64 {
        0
    }
}

/// What a codec has done.
pub(crate) struct Step {
    pub(crate) read: usize,
    pub(crate) written: usize,
    /// Whether the stream has ended.
    pub(crate) ended: Result<bool, Fault>,
}

/// What is wrong with a stream.
pub(crate) enum Fault {
    Gzip(GzipFault),
    Stream(StreamFault),
    Limit {
        limit: &'static str,
        allowed: u64,
        seen: u64,
    },
}

/// Decompresses a body from pieces of any size. The pieces that the tar reader gets depend on the content only, and the
/// first one is a block: enough to tell whether this is tar.
pub(crate) struct Decompressor {
    compression: Compression,
    codec: Box<dyn Codec>,
    place: Place,
    output: Vec<u8>,
    /// Bytes of `output` that the tar reader has not seen.
    filled: usize,
    /// The current stream (gzip: member, zstd: frame), from 1.
    streams: u64,
    /// Bytes of the body read, what is behind the last stream included.
    compressed: u64,
    /// Bytes that all streams have given.
    uncompressed: u64,
    /// Bytes behind the last stream, from the first one that is no padding.
    trailing: u64,
}

#[derive(Clone, Copy)]
enum Place {
    Stream,
    /// At the beginning, or behind a stream and this many zeros, with the first `length` bytes of what may begin another stream, which must
    /// then be sound. Anything else is padding or garbage, which most programs ignore.
    Between {
        zeros: u64,
        seen: [u8; LONGEST_MAGIC],
        length: usize,
    },
    Garbage,
}

impl Decompressor {
    pub(crate) fn new(compression: Compression, walk: &Walk) -> Self {
        Self {
            compression,
            codec: match compression {
                Compression::Gzip => Box::new(Gzip::new()),
                Compression::Zstd => Box::new(Zstd::new(walk.limits.zstd_window)),
                Compression::Xz => Box::new(Xz::new(walk.limits.xz_memory, walk.xz_memory)),
                Compression::Bzip2 => Box::new(Bzip2::new()),
            },
            place: between(0),
            output: vec![0; BLOCK],
            filled: 0,
            streams: 0,
            compressed: 0,
            uncompressed: 0,
            trailing: 0,
        }
    }

    pub(crate) fn compression(&self) -> Compression {
        self.compression
    }

    pub(crate) fn streams(&self) -> u64 {
        self.streams
    }

    pub(crate) fn trailing(&self) -> u64 {
        let undecided = match self.place {
            Place::Between { length, .. } => length as u64,
            Place::Stream | Place::Garbage => 0,
        };
        self.trailing + undecided
    }

    /// Takes the next bytes of the body. Not to be called again after an error.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        tar: &mut TarReader,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let result = self.route(bytes, tar, walk, visitor);
        if result.is_err() && self.filled > 0 {
            self.drain(tar, walk, visitor)?;
        }
        result
    }

    /// The body has ended.
    pub(crate) fn finish(
        &mut self,
        tar: &mut TarReader,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        self.drain(tar, walk, visitor)?;
        match self.place {
            Place::Stream => Err(self.broken(self.codec.truncated())),
            Place::Between { .. } | Place::Garbage => Ok(()),
        }
    }

    /// Hands over what was decompressed.
    pub(crate) fn drain(
        &mut self,
        tar: &mut TarReader,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let filled = std::mem::take(&mut self.filled);
        let held = self.codec.xz_memory();
        walk.xz_memory += held;
        let result = tar.push(&self.output[..filled], walk, visitor);
        walk.xz_memory -= held;
        if self.output.len() < OUTPUT_BYTES {
            self.output = vec![0; OUTPUT_BYTES];
        }
        result
    }

    fn route(
        &mut self,
        bytes: &[u8],
        tar: &mut TarReader,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let mut rest = bytes;
        while let Some(byte) = rest.first() {
            match self.place {
                Place::Stream => rest = self.decode(rest, tar, walk, visitor)?,
                Place::Between {
                    zeros, length: 0, ..
                } if *byte == 0 => {
                    self.place = between(zeros + 1);
                    self.compressed += 1;
                    rest = &rest[1..];
                }
                Place::Between {
                    zeros,
                    mut seen,
                    mut length,
                } => {
                    seen[length] = *byte;
                    length += 1;
                    rest = &rest[1..];
                    match self.begins_another(zeros, &seen[..length]) {
                        Err(TooFew) => {
                            self.place = Place::Between {
                                zeros,
                                seen,
                                length,
                            };
                            self.compressed += 1;
                        }
                        Ok(true) => {
                            self.begin_stream(walk)?;
                            // All but the last of them have been counted.
                            self.compressed -= length as u64 - 1;
                            self.decode(&seen[..length], tar, walk, visitor)?;
                        }
                        Ok(false) => {
                            self.place = Place::Garbage;
                            self.trailing = length as u64;
                            self.compressed += 1;
                        }
                    }
                }
                Place::Garbage => {
                    self.trailing += rest.len() as u64;
                    self.compressed += rest.len() as u64;
                    rest = &[];
                }
            }
        }
        Ok(())
    }

    fn begin_stream(&mut self, walk: &mut Walk) -> Result<(), ArchiveError> {
        walk.streams += match self.compression {
            Compression::Bzip2 => BZIP2_WEIGHT,
            Compression::Gzip | Compression::Zstd | Compression::Xz => 1,
        };
        within("streams", walk.limits.streams, walk.streams)?;
        self.streams += 1;
        if self.streams > 1 {
            self.codec.restart();
        }
        self.place = Place::Stream;
        Ok(())
    }

    /// Only xz has padding between streams, in fours.
    fn begins_another(&self, zeros: u64, start: &[u8]) -> Result<bool, TooFew> {
        if zeros == 0 || (self.compression == Compression::Xz && zeros.is_multiple_of(4)) {
            self.compression.begins(start)
        } else {
            Ok(false)
        }
    }

    /// Decodes `bytes` and gives those behind the stream; without any, all that they hold has been decoded.
    fn decode<'a>(
        &mut self,
        bytes: &'a [u8],
        tar: &mut TarReader,
        walk: &mut Walk,
        visitor: &mut impl Visitor,
    ) -> Result<&'a [u8], ArchiveError> {
        let mut rest = bytes;
        let mut was_idle = false;
        loop {
            let to_step = RATIO_STEP - self.uncompressed % RATIO_STEP;
            let room = self.output.len() - self.filled;
            let room = usize::try_from(to_step).map_or(room, |step| step.min(room));
            let output = &mut self.output[self.filled..][..room];
            let Step {
                read,
                written,
                ended,
            } = self.codec.step(rest, output);
            rest = &rest[read..];
            self.compressed += read as u64;
            self.uncompressed += written as u64;
            self.filled += written;
            let ended = ended.map_err(|fault| self.broken(fault))?;
            let at_step = written as u64 == to_step;
            if self.filled == self.output.len() || at_step {
                self.drain(tar, walk, visitor)?;
            }
            if at_step {
                walk.check_ratio(if tar.is_outermost() {
                    self.compressed
                } else {
                    walk.outermost
                })?;
            }
            if ended {
                self.place = between(0);
                return Ok(rest);
            }
            if written == room {
                continue;
            }
            if rest.is_empty() {
                return Ok(rest);
            }
            // A step may do no more than notice that a part is over.
            let is_idle = read == 0 && written == 0;
            if is_idle && was_idle {
                let fault = StreamFault::Invalid("more bytes, but the decompressor takes none");
                return Err(self.broken(Fault::Stream(fault)));
            }
            was_idle = is_idle;
        }
    }

    fn broken(&self, fault: Fault) -> ArchiveError {
        let uncompressed_bytes = self.uncompressed;
        let fault = match fault {
            Fault::Gzip(fault) => {
                return ArchiveError::BadGzip {
                    member: self.streams,
                    uncompressed_bytes,
                    fault,
                };
            }
            Fault::Limit {
                limit,
                allowed,
                seen,
            } => {
                return ArchiveError::Limit {
                    limit,
                    allowed,
                    seen,
                };
            }
            Fault::Stream(fault) => fault,
        };
        match self.compression {
            Compression::Gzip => ArchiveError::BadGzip {
                member: self.streams,
                uncompressed_bytes,
                fault: GzipFault::Deflate,
            },
            Compression::Zstd => ArchiveError::BadZstd {
                frame: self.streams,
                uncompressed_bytes,
                fault,
            },
            Compression::Xz => ArchiveError::BadXz {
                stream: self.streams,
                uncompressed_bytes,
                fault,
            },
            Compression::Bzip2 => ArchiveError::BadBzip2 {
                stream: self.streams,
                uncompressed_bytes,
                fault,
            },
        }
    }
}

fn between(zeros: u64) -> Place {
    Place::Between {
        zeros,
        seen: [0; LONGEST_MAGIC],
        length: 0,
    }
}
