//! One tar header block: its fields by position, for v7, ustar (POSIX.1-1988) and GNU.

use std::ops::Range;

use crate::number::header_number;
use crate::pax::escape;
use crate::{TarFault, TarFormat};

/// Bytes in a tar block.
pub(crate) const BLOCK: usize = 512;

const NAME: Range<usize> = 0..100;
const MODE: Range<usize> = 100..108;
const UID: Range<usize> = 108..116;
const GID: Range<usize> = 116..124;
const SIZE: Range<usize> = 124..136;
const MTIME: Range<usize> = 136..148;
const CHECKSUM: Range<usize> = 148..156;
const TYPEFLAG: usize = 156;
const LINK_NAME: Range<usize> = 157..257;
const MAGIC: Range<usize> = 257..263;
const VERSION: Range<usize> = 263..265;
const UNAME: Range<usize> = 265..297;
const GNAME: Range<usize> = 297..329;
const PREFIX: Range<usize> = 345..500;
const GNU_IS_EXTENDED: usize = 482;
const GNU_REAL_SIZE: Range<usize> = 483..495;
const GNU_MAP_IS_EXTENDED: usize = 504;
const STAR_MARK: Range<usize> = 508..512;

/// A header block whose checksum is right.
pub(crate) struct Header<'a>(&'a [u8; BLOCK]);

impl<'a> Header<'a> {
    /// Checks the checksum: the sum of all bytes with the field itself as spaces. Some old programs summed signed
    /// bytes.
    pub(crate) fn new(block: &'a [u8; BLOCK]) -> Result<Self, TarFault> {
        let spaces = u32::from(b' ') * 8;
        // Such a sum can't overflow; a check of it for each byte would keep vector instructions out.
        let add = |sum: u32, byte: &u8| sum.wrapping_add(u32::from(*byte));
        let sum = |bytes: &[u8]| bytes.iter().fold(0, add);
        let unsigned = sum(block) - sum(&block[CHECKSUM]) + spaces;
        let stored = header_number(&block[CHECKSUM]);
        let signed = || {
            let high = |bytes: &[u8]| bytes.iter().map(|byte| i128::from(byte >> 7)).sum::<i128>();
            i128::from(unsigned) - 256 * (high(block) - high(&block[CHECKSUM]))
        };
        if stored == Some(unsigned.into()) || stored == Some(signed()) {
            Ok(Self(block))
        } else {
            Err(TarFault::Checksum {
                stored: escape(&block[CHECKSUM]),
                computed: unsigned,
            })
        }
    }

    pub(crate) fn typeflag(&self) -> u8 {
        self.0[TYPEFLAG]
    }

    /// The dialect, PAX headers aside.
    pub(crate) fn format(&self) -> TarFormat {
        if self.is_gnu() {
            TarFormat::Gnu
        } else if !self.is_ustar() {
            TarFormat::V7
        } else if self.0[STAR_MARK] == *b"tar\0" {
            TarFormat::Star
        } else {
            TarFormat::Ustar
        }
    }

    /// The name with ustar's prefix in front.
    pub(crate) fn path(&self) -> Vec<u8> {
        let name = until_nul(&self.0[NAME]);
        match until_nul(&self.0[PREFIX]) {
            [] => name.to_vec(),
            prefix if self.is_ustar() => [prefix, b"/", name].concat(),
            _ => name.to_vec(),
        }
    }

    pub(crate) fn link_name(&self) -> &[u8] {
        until_nul(&self.0[LINK_NAME])
    }

    pub(crate) fn size(&self) -> Result<u64, TarFault> {
        self.number("size", SIZE)
    }

    pub(crate) fn uid(&self) -> Option<u64> {
        self.unsigned(UID)
    }

    pub(crate) fn gid(&self) -> Option<u64> {
        self.unsigned(GID)
    }

    /// The mode as stored; it fits an `INT`.
    pub(crate) fn mode(&self) -> Option<u32> {
        let mode = i32::try_from(self.unsigned(MODE)?).ok()?;
        Some(mode.cast_unsigned())
    }

    pub(crate) fn mtime_micros(&self) -> Option<i64> {
        let seconds = i64::try_from(header_number(&self.0[MTIME])?).ok()?;
        seconds.checked_mul(1_000_000)
    }

    pub(crate) fn uname(&self) -> Option<&[u8]> {
        self.owner_name(UNAME)
    }

    pub(crate) fn gname(&self) -> Option<&[u8]> {
        self.owner_name(GNAME)
    }

    /// For GNU's type flag `S`: the size with holes, and whether blocks of the sparse map follow. Other programs'
    /// `S` has no such fields.
    pub(crate) fn gnu_sparse(&self) -> Result<Option<(u64, bool)>, TarFault> {
        if !self.is_gnu() {
            return Ok(None);
        }
        Ok(Some((
            self.number("realsize", GNU_REAL_SIZE)?,
            self.0[GNU_IS_EXTENDED] != 0,
        )))
    }

    fn is_ustar(&self) -> bool {
        self.0[MAGIC] == *b"ustar\0"
    }

    fn is_gnu(&self) -> bool {
        self.0[MAGIC] == *b"ustar " && self.0[VERSION] == *b" \0"
    }

    fn owner_name(&self, field: Range<usize>) -> Option<&[u8]> {
        Some(until_nul(&self.0[field]))
            .filter(|name| !name.is_empty() && (self.is_ustar() || self.is_gnu()))
    }

    /// A number without which the walk can't go on.
    fn number(&self, name: &'static str, field: Range<usize>) -> Result<u64, TarFault> {
        self.unsigned(field.clone())
            .ok_or_else(|| TarFault::Number {
                field: name,
                value: escape(&self.0[field]),
            })
    }

    /// A number that fits a `BIGINT` and is not negative.
    fn unsigned(&self, field: Range<usize>) -> Option<u64> {
        let number = i64::try_from(header_number(&self.0[field])?).ok()?;
        number.try_into().ok()
    }
}

/// Whether a block that came only in part, or in whole, has the magic number of ustar and GNU; `None` if too little
/// came to tell.
pub(crate) fn has_magic(block: &[u8]) -> Option<bool> {
    let field = block.get(MAGIC)?;
    Some(field == b"ustar\0" || field == b"ustar ")
}

/// Whether a block of GNU's sparse map is followed by another one.
pub(crate) fn sparse_map_continues(block: &[u8; BLOCK]) -> bool {
    block[GNU_MAP_IS_EXTENDED] != 0
}

/// A text field or a GNU long name, which end at a NUL or at their full length.
pub(crate) fn until_nul(field: &[u8]) -> &[u8] {
    &field[..memchr::memchr(0, field).unwrap_or(field.len())]
}
