//! gzip (RFC 1952): a member's header, data and trailer, whose checksum and length count.

use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::Crc;

use crate::decompress::{Codec, Fault, Step};
use crate::gzip_header::MemberHeader;
use crate::{GzipFault, GzipPart};

/// Checksum and length at the end of a member.
const TRAILER_BYTES: usize = 8;

/// Decodes members.
pub(crate) struct Gzip {
    part: Part,
    inflate: Decompress,
    /// Of the current member's content.
    crc: Crc,
}

enum Part {
    Header(MemberHeader),
    Data,
    Trailer {
        bytes: [u8; TRAILER_BYTES],
        filled: usize,
    },
}

impl Gzip {
    pub(crate) fn new() -> Self {
        Self {
            part: Part::Header(MemberHeader::default()),
            inflate: Decompress::new(false),
            crc: Crc::new(),
        }
    }

    fn inflate(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let (in_before, out_before) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self
            .inflate
            .decompress(input, output, FlushDecompress::None);
        let read = usize_of(self.inflate.total_in() - in_before);
        let written = usize_of(self.inflate.total_out() - out_before);
        self.crc.update(&output[..written]);
        let ended = match status {
            Ok(Status::StreamEnd) => {
                self.part = Part::Trailer {
                    bytes: [0; TRAILER_BYTES],
                    filled: 0,
                };
                Ok(false)
            }
            Ok(Status::Ok | Status::BufError) => Ok(false),
            Err(_) => Err(Fault::Gzip(GzipFault::Deflate)),
        };
        Step {
            read,
            written,
            ended,
        }
    }

    fn check(&self, trailer: [u8; TRAILER_BYTES]) -> Result<bool, GzipFault> {
        let [c0, c1, c2, c3, l0, l1, l2, l3] = trailer;
        let (stored, computed) = (u32::from_le_bytes([c0, c1, c2, c3]), self.crc.sum());
        if stored != computed {
            return Err(GzipFault::Checksum { stored, computed });
        }
        let (stored, computed) = (
            u32::from_le_bytes([l0, l1, l2, l3]),
            (self.inflate.total_out() & 0xffff_ffff) as u32,
        );
        if stored != computed {
            return Err(GzipFault::Length { stored, computed });
        }
        Ok(true)
    }
}

impl Codec for Gzip {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let (behind, ended) = match &mut self.part {
            Part::Data => return self.inflate(input, output),
            Part::Header(header) => match header.take(input) {
                Ok(None) => (&[][..], Ok(false)),
                Ok(Some(behind)) => {
                    self.inflate.reset(false);
                    self.crc = Crc::new();
                    self.part = Part::Data;
                    (behind, Ok(false))
                }
                Err(fault) => (input, Err(fault)),
            },
            Part::Trailer { bytes, filled } => {
                let (taken, behind) = input.split_at(input.len().min(TRAILER_BYTES - *filled));
                bytes[*filled..][..taken.len()].copy_from_slice(taken);
                *filled += taken.len();
                if *filled == TRAILER_BYTES {
                    let trailer = *bytes;
                    (behind, self.check(trailer))
                } else {
                    (behind, Ok(false))
                }
            }
        };
        Step {
            read: input.len() - behind.len(),
            written: 0,
            ended: ended.map_err(Fault::Gzip),
        }
    }

    fn restart(&mut self) {
        self.part = Part::Header(MemberHeader::default());
    }

    fn truncated(&self) -> Fault {
        Fault::Gzip(GzipFault::Truncated(match self.part {
            Part::Header(_) => GzipPart::Header,
            Part::Data => GzipPart::Data,
            Part::Trailer { .. } => GzipPart::Trailer,
        }))
    }
}

/// A count of bytes within a buffer in memory.
pub(crate) fn usize_of(count: u64) -> usize {
    usize::try_from(count).expect("a count of bytes in memory fits")
}
