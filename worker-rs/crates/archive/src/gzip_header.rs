//! The header of a gzip member (RFC 1952, section 2.3), read from pieces of any size. Its fields are checked and
//! skipped, never kept.

use libdeflater::Crc;

use crate::GzipFault;

/// The first bytes of every gzip member.
pub(crate) const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// The only compression method there is.
const DEFLATE: u8 = 8;
/// Flag: the header ends with a checksum of its own.
pub(crate) const FHCRC: u8 = 1 << 1;

const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0xe0;

/// Bytes before the optional fields.
const FIXED_BYTES: usize = 10;

/// Reads one header.
#[derive(Default)]
pub(crate) struct MemberHeader {
    part: Part,
    flags: u8,
    /// The first `filled` bytes of a fixed-size part.
    field: [u8; FIXED_BYTES],
    filled: usize,
    crc: Crc,
}

#[derive(Clone, Copy, Default)]
enum Part {
    #[default]
    Fixed,
    ExtraLength,
    Extra {
        remaining: usize,
    },
    Name,
    Comment,
    Checksum,
}

impl MemberHeader {
    /// Takes the header's next bytes; gives those behind the header once it is complete.
    pub(crate) fn take<'a>(&mut self, mut bytes: &'a [u8]) -> Result<Option<&'a [u8]>, GzipFault> {
        loop {
            let rest = match self.part {
                Part::Fixed => self.gather(bytes, FIXED_BYTES),
                Part::ExtraLength if self.flags & FEXTRA != 0 => self.gather(bytes, 2),
                Part::Name if self.flags & FNAME != 0 => behind_nul(bytes),
                Part::Comment if self.flags & FCOMMENT != 0 => behind_nul(bytes),
                Part::Checksum if self.flags & FHCRC != 0 => self.gather(bytes, 2),
                Part::Extra { remaining } => self.skip_extra(bytes, remaining),
                _ => Some(bytes),
            };
            if !matches!(self.part, Part::Checksum) {
                self.crc
                    .update(&bytes[..bytes.len() - rest.map_or(0, <[u8]>::len)]);
            }
            let Some(rest) = rest else { return Ok(None) };
            bytes = rest;
            match self.next_part()? {
                Some(part) => self.part = part,
                None => return Ok(Some(rest)),
            }
        }
    }

    /// Checks the part that is complete; gives the one behind it.
    fn next_part(&mut self) -> Result<Option<Part>, GzipFault> {
        Ok(Some(match self.part {
            Part::Fixed => {
                let (method, flags) = (self.field[2], self.field[3]);
                if method != DEFLATE {
                    return Err(GzipFault::Method(method));
                }
                if flags & RESERVED != 0 {
                    return Err(GzipFault::ReservedFlags(flags));
                }
                self.flags = flags;
                Part::ExtraLength
            }
            Part::ExtraLength if self.flags & FEXTRA != 0 => Part::Extra {
                remaining: self.field_u16().into(),
            },
            Part::ExtraLength | Part::Extra { .. } => Part::Name,
            Part::Name => Part::Comment,
            Part::Comment => Part::Checksum,
            Part::Checksum => {
                let (stored, computed) = (self.field_u16(), (self.crc.sum() & 0xffff) as u16);
                if self.flags & FHCRC != 0 && stored != computed {
                    return Err(GzipFault::HeaderChecksum { stored, computed });
                }
                return Ok(None);
            }
        }))
    }

    /// Fills `field` with a part of `length` bytes; gives what is behind it once it is complete.
    fn gather<'a>(&mut self, bytes: &'a [u8], length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = bytes.split_at(bytes.len().min(length - self.filled));
        self.field[self.filled..][..taken.len()].copy_from_slice(taken);
        self.filled += taken.len();
        if self.filled < length {
            return None;
        }
        self.filled = 0;
        Some(rest)
    }

    fn skip_extra<'a>(&mut self, bytes: &'a [u8], remaining: usize) -> Option<&'a [u8]> {
        let rest = bytes.get(remaining..);
        if rest.is_none() {
            self.part = Part::Extra {
                remaining: remaining - bytes.len(),
            };
        }
        rest
    }

    fn field_u16(&self) -> u16 {
        u16::from_le_bytes([self.field[0], self.field[1]])
    }
}

fn behind_nul(bytes: &[u8]) -> Option<&[u8]> {
    memchr::memchr(0, bytes).map(|nul| &bytes[nul + 1..])
}
