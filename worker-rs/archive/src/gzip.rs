//! The gzip stream as a push decompressor that feeds the tar reader: every member, each with its checksum and length,
//! to the very end of the body. It knows nothing of what the bytes mean.

use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::Crc;

use crate::gzip_header::{MAGIC, MemberHeader};
use crate::limits::RATIO_STEP;
use crate::tar::TarReader;
use crate::{ArchiveError, GzipFault, GzipPart, Limits, Visitor};

/// Bytes inflated at once: small enough to stay in the second-level cache until they are parsed.
const OUTPUT_BYTES: usize = 128 << 10;

/// Checksum and length at the end of a member.
const TRAILER_BYTES: usize = 8;

/// Decompresses a gzip stream from pieces of any size.
pub(crate) struct GzipReader {
    limits: Limits,
    state: State,
    inflate: Decompress,
    output: Box<[u8]>,
    /// Of the current member's content.
    crc: Crc,
    /// The current member, from 1.
    member: u64,
    /// Bytes of the body read, what is behind the last member included.
    compressed: u64,
    /// Bytes that all members have given.
    uncompressed: u64,
}

enum State {
    Header(MemberHeader),
    Data,
    Trailer {
        bytes: [u8; TRAILER_BYTES],
        filled: usize,
    },
    /// Behind a member, with this many bytes of [`MAGIC`] seen. Both begin another member, which must then be sound;
    /// anything else is garbage or padding, which gzip ignores.
    Between {
        matched: usize,
    },
    Garbage,
}

impl GzipReader {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            state: State::Header(MemberHeader::default()),
            inflate: Decompress::new(false),
            output: vec![0; OUTPUT_BYTES].into_boxed_slice(),
            crc: Crc::new(),
            member: 1,
            compressed: 0,
            uncompressed: 0,
        }
    }

    /// Takes the next bytes of the body. Not to be called again after an error.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        tar: &mut TarReader,
        visitor: &mut impl Visitor,
    ) -> Result<(), ArchiveError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let before = rest.len();
            rest = match &mut self.state {
                State::Header(header) => match header.take(rest) {
                    Ok(None) => &[],
                    Ok(Some(behind)) => {
                        self.begin_data();
                        behind
                    }
                    Err(fault) => return Err(self.bad_gzip(fault)),
                },
                State::Data => {
                    // It counts what it reads by itself, because it looks at the ratio on the way.
                    rest = self.inflate(rest, tar, visitor)?;
                    continue;
                }
                State::Trailer { bytes, filled } => {
                    let (taken, behind) = rest.split_at(rest.len().min(TRAILER_BYTES - *filled));
                    bytes[*filled..][..taken.len()].copy_from_slice(taken);
                    *filled += taken.len();
                    if *filled == TRAILER_BYTES {
                        let trailer = *bytes;
                        self.end_member(trailer)?;
                    }
                    behind
                }
                State::Between { matched } => {
                    if rest[0] == MAGIC[*matched] {
                        *matched += 1;
                        if *matched == MAGIC.len() {
                            self.begin_member()?;
                        }
                    } else {
                        self.state = State::Garbage;
                    }
                    &rest[1..]
                }
                State::Garbage => &[],
            };
            self.compressed += (before - rest.len()) as u64;
        }
        Ok(())
    }

    /// The body has ended.
    pub(crate) fn finish(&mut self, tar: &mut TarReader) -> Result<(), ArchiveError> {
        let part = match self.state {
            State::Header(_) => GzipPart::Header,
            State::Data => GzipPart::Data,
            State::Trailer { .. } => GzipPart::Trailer,
            State::Between { .. } | State::Garbage => {
                self.check_ratio()?;
                return tar.finish();
            }
        };
        Err(self.bad_gzip(GzipFault::Truncated(part)))
    }

    fn begin_member(&mut self) -> Result<(), ArchiveError> {
        self.member += 1;
        let mut header = MemberHeader::default();
        header.take(&MAGIC).map_err(|fault| self.bad_gzip(fault))?;
        self.state = State::Header(header);
        Ok(())
    }

    fn begin_data(&mut self) {
        self.inflate.reset(false);
        self.crc = Crc::new();
        self.state = State::Data;
    }

    /// Inflates `bytes` and gives those behind the member's data; without any, all that they hold has been pushed on.
    fn inflate<'a>(
        &mut self,
        bytes: &'a [u8],
        tar: &mut TarReader,
        visitor: &mut impl Visitor,
    ) -> Result<&'a [u8], ArchiveError> {
        let mut rest = bytes;
        loop {
            let to_step = RATIO_STEP - self.uncompressed % RATIO_STEP;
            let room = usize::try_from(to_step).map_or(OUTPUT_BYTES, |step| step.min(OUTPUT_BYTES));
            let (in_before, out_before) = (self.inflate.total_in(), self.inflate.total_out());
            let status =
                self.inflate
                    .decompress(rest, &mut self.output[..room], FlushDecompress::None);
            let read = usize_of(self.inflate.total_in() - in_before);
            let written = usize_of(self.inflate.total_out() - out_before);
            rest = &rest[read..];
            self.compressed += read as u64;
            self.uncompressed += written as u64;

            let output = &self.output[..written];
            self.crc.update(output);
            tar.push(output, visitor)?;
            if written == usize_of(to_step) {
                self.check_ratio()?;
            }
            match status {
                Ok(Status::StreamEnd) => {
                    self.state = State::Trailer {
                        bytes: [0; TRAILER_BYTES],
                        filled: 0,
                    };
                    return Ok(rest);
                }
                Ok(Status::Ok | Status::BufError) if written == room => {}
                Ok(Status::Ok | Status::BufError) if rest.is_empty() => return Ok(rest),
                Ok(Status::Ok | Status::BufError) if read > 0 => {}
                Ok(Status::Ok | Status::BufError) | Err(_) => {
                    return Err(self.bad_gzip(GzipFault::Deflate));
                }
            }
        }
    }

    fn end_member(&mut self, trailer: [u8; TRAILER_BYTES]) -> Result<(), ArchiveError> {
        let [c0, c1, c2, c3, l0, l1, l2, l3] = trailer;
        let (stored, computed) = (u32::from_le_bytes([c0, c1, c2, c3]), self.crc.sum());
        if stored != computed {
            return Err(self.bad_gzip(GzipFault::Checksum { stored, computed }));
        }
        let (stored, computed) = (
            u32::from_le_bytes([l0, l1, l2, l3]),
            (self.inflate.total_out() & 0xffff_ffff) as u32,
        );
        if stored != computed {
            return Err(self.bad_gzip(GzipFault::Length { stored, computed }));
        }
        self.state = State::Between { matched: 0 };
        Ok(())
    }

    fn check_ratio(&self) -> Result<(), ArchiveError> {
        if !self
            .limits
            .ratio_exceeded(self.compressed, self.uncompressed)
        {
            return Ok(());
        }
        let seen = self.uncompressed / self.compressed.max(1);
        Err(ArchiveError::Limit {
            limit: "ratio",
            allowed: self.limits.ratio,
            seen,
        })
    }

    fn bad_gzip(&self, fault: GzipFault) -> ArchiveError {
        ArchiveError::BadGzip {
            member: self.member,
            uncompressed_bytes: self.uncompressed,
            fault,
        }
    }
}

/// A count of bytes within a buffer in memory.
fn usize_of(count: u64) -> usize {
    usize::try_from(count).expect("a count of bytes in memory fits")
}
