//! Compressions, told by the first bytes.

use std::fmt;

/// A compression that archives come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// The .xz format.
    Xz,
    /// What bzip2 writes.
    Bzip2,
}

/// For each byte the lowest and the highest one.
type Magic = &'static [(u8, u8)];

impl Compression {
    const ALL: [Self; 4] = [Self::Gzip, Self::Zstd, Self::Xz, Self::Bzip2];

    /// The compression that these first bytes of a body begin; `None` as well if they are too few to tell.
    #[must_use]
    pub fn of(start: &[u8]) -> Option<Self> {
        Self::sniff(start).ok().flatten()
    }

    /// Whether decompressors hold MiB, where those of gzip and bzip2 hold less.
    #[must_use]
    pub const fn has_large_window(self) -> bool {
        matches!(self, Self::Xz | Self::Zstd)
    }

    /// The compression that these first bytes of a body begin; `Err` if more are needed to tell.
    pub(crate) fn sniff(start: &[u8]) -> Result<Option<Self>, TooFew> {
        let mut undecided = false;
        for compression in Self::ALL {
            match compression.begins(start) {
                Ok(true) => return Ok(Some(compression)),
                Ok(false) => {}
                Err(TooFew) => undecided = true,
            }
        }
        if undecided { Err(TooFew) } else { Ok(None) }
    }

    /// Whether these bytes begin a stream of this compression.
    pub(crate) fn begins(self, start: &[u8]) -> Result<bool, TooFew> {
        let mut undecided = false;
        for magic in self.magics() {
            let fits = |(byte, (low, high)): (&u8, &(u8, u8))| (low..=high).contains(&byte);
            if start.iter().zip(*magic).all(fits) {
                if start.len() >= magic.len() {
                    return Ok(true);
                }
                undecided = true;
            }
        }
        if undecided { Err(TooFew) } else { Ok(false) }
    }

    fn magics(self) -> &'static [Magic] {
        match self {
            Self::Gzip => &[&[(0x1f, 0x1f), (0x8b, 0x8b)]],
            Self::Zstd => &[
                &[(0x28, 0x28), (0xb5, 0xb5), (0x2f, 0x2f), (0xfd, 0xfd)],
                // A frame to be skipped.
                &[(0x50, 0x5f), (0x2a, 0x2a), (0x4d, 0x4d), (0x18, 0x18)],
            ],
            Self::Xz => &[&[
                (0xfd, 0xfd),
                (b'7', b'7'),
                (b'z', b'z'),
                (b'X', b'X'),
                (b'Z', b'Z'),
                (0, 0),
            ]],
            Self::Bzip2 => &[&[(b'B', b'B'), (b'Z', b'Z'), (b'h', b'h'), (b'1', b'9')]],
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
        })
    }
}

/// The bytes so far may begin one or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooFew;

/// The longest magic number.
pub(crate) const LONGEST_MAGIC: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_compression_is_told_by_its_whole_magic_number_only() {
        let magics: [(&[u8], Compression); 6] = [
            (b"\x1f\x8b", Compression::Gzip),
            (b"\x28\xb5\x2f\xfd", Compression::Zstd),
            (b"\x50\x2a\x4d\x18", Compression::Zstd),
            (b"\x5f\x2a\x4d\x18", Compression::Zstd),
            (b"\xfd7zXZ\0", Compression::Xz),
            (b"BZh9", Compression::Bzip2),
        ];
        for (magic, compression) in magics {
            for length in 0..magic.len() {
                assert_eq!(Compression::sniff(&magic[..length]), Err(TooFew));
            }
            assert!(magic.len() <= LONGEST_MAGIC);
            assert_eq!(Compression::sniff(magic), Ok(Some(compression)));
            let mut other = magic.to_vec();
            *other.last_mut().unwrap() ^= 0x80;
            assert_eq!(Compression::sniff(&other), Ok(None));
        }
        assert_eq!(Compression::sniff(b"BZh0"), Ok(None));
        assert_eq!(Compression::sniff(b"p"), Ok(None));
    }
}
