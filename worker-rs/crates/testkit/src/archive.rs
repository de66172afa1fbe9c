//! Archives for tests, built byte by byte, so that every field can lie. They know the formats, not the reader.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Bytes in a tar block.
pub const BLOCK: usize = 512;

/// Offset of the size field in a header block; it has 12 bytes.
pub const SIZE: usize = 124;
/// Offset of the modification time; it has 12 bytes.
pub const MTIME: usize = 136;
/// Offset of the checksum; it has 8 bytes.
pub const CHECKSUM: usize = 148;

/// One tar header block; the checksum is computed last.
#[derive(Clone)]
pub struct Header {
    block: [u8; BLOCK],
}

impl Header {
    /// As in 7th edition Unix: no magic, no names of owners.
    ///
    /// # Panics
    /// If the name has more than 100 bytes, as in all of these.
    #[must_use]
    pub fn v7(name: impl AsRef<[u8]>, typeflag: u8) -> Self {
        let header = Self { block: [0; BLOCK] }
            .field(0, name.as_ref(), 100)
            .field(156, &[typeflag], 1);
        header.mode(0o644).owner(0, 0).size(0).mtime(0)
    }

    /// As in POSIX.1-1988.
    #[must_use]
    pub fn ustar(name: impl AsRef<[u8]>, typeflag: u8) -> Self {
        Self::v7(name, typeflag).field(257, b"ustar\x0000", 8)
    }

    /// As GNU tar writes it.
    #[must_use]
    pub fn gnu(name: impl AsRef<[u8]>, typeflag: u8) -> Self {
        Self::v7(name, typeflag).field(257, b"ustar  \0", 8)
    }

    /// The size of the content, up to 8 GiB.
    #[must_use]
    pub fn size(self, size: u64) -> Self {
        self.octal(SIZE, size, 12)
    }

    /// The permission bits.
    #[must_use]
    pub fn mode(self, mode: u32) -> Self {
        self.octal(100, mode.into(), 8)
    }

    /// User and group by number.
    #[must_use]
    pub fn owner(self, uid: u32, gid: u32) -> Self {
        self.octal(108, uid.into(), 8).octal(116, gid.into(), 8)
    }

    /// User and group by name.
    #[must_use]
    pub fn owner_names(self, user: &str, group: &str) -> Self {
        self.field(265, user.as_bytes(), 32)
            .field(297, group.as_bytes(), 32)
    }

    /// Modification time in seconds since 1970.
    #[must_use]
    pub fn mtime(self, seconds: u64) -> Self {
        self.octal(MTIME, seconds, 12)
    }

    /// The target of a link, at most 100 bytes.
    #[must_use]
    pub fn link(self, target: impl AsRef<[u8]>) -> Self {
        self.field(157, target.as_ref(), 100)
    }

    /// ustar's prefix of the name, at most 155 bytes.
    #[must_use]
    pub fn prefix(self, prefix: impl AsRef<[u8]>) -> Self {
        self.field(345, prefix.as_ref(), 155)
    }

    /// Old GNU sparse: the size with holes, and whether blocks of the map follow the header.
    #[must_use]
    pub fn gnu_sparse(self, real_size: u64, is_extended: bool) -> Self {
        self.octal(483, real_size, 12)
            .field(482, &[is_extended.into()], 1)
    }

    /// Any bytes at any place.
    ///
    /// # Panics
    /// If they are longer than the field.
    #[must_use]
    pub fn field(mut self, offset: usize, bytes: &[u8], length: usize) -> Self {
        assert!(
            bytes.len() <= length,
            "{} bytes for a field of {length}",
            bytes.len()
        );
        self.block[offset..offset + length].fill(0);
        self.block[offset..offset + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// A number in GNU's base-256, which goes where octal can't: large and negative.
    #[must_use]
    pub fn base_256(self, offset: usize, value: i128, length: usize) -> Self {
        let bytes = value.to_be_bytes();
        let mut bytes = bytes[bytes.len() - length..].to_vec();
        bytes[0] |= 0x80;
        self.field(offset, &bytes, length)
    }

    /// The block with the checksum over unsigned bytes.
    #[must_use]
    pub fn block(self) -> [u8; BLOCK] {
        let sum = self.spaced().iter().map(|byte| i64::from(*byte)).sum();
        self.with_checksum(sum)
    }

    /// The block with the checksum over signed bytes, as some old programs computed it.
    #[must_use]
    pub fn block_with_signed_checksum(self) -> [u8; BLOCK] {
        let sum = self
            .spaced()
            .iter()
            .map(|byte| i64::from(byte.cast_signed()))
            .sum();
        self.with_checksum(sum)
    }

    fn spaced(&self) -> [u8; BLOCK] {
        let mut block = self.block;
        block[CHECKSUM..CHECKSUM + 8].fill(b' ');
        block
    }

    fn with_checksum(self, sum: i64) -> [u8; BLOCK] {
        self.field(CHECKSUM, format!("{sum:06o}\0 ").as_bytes(), 8)
            .block
    }

    fn octal(self, offset: usize, value: u64, length: usize) -> Self {
        let digits = format!("{value:0width$o}", width = length - 1);
        self.field(offset, digits.as_bytes(), length)
    }
}

/// A tar stream in the making.
#[derive(Clone, Default)]
pub struct TarBuilder {
    bytes: Vec<u8>,
}

impl TarBuilder {
    /// An empty stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A regular file.
    #[must_use]
    pub fn file(self, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        self.entry(Header::ustar(name, b'0'), content)
    }

    /// A folder.
    #[must_use]
    pub fn directory(self, name: impl AsRef<[u8]>) -> Self {
        self.header(Header::ustar(name, b'5').mode(0o755))
    }

    /// A symbolic link.
    #[must_use]
    pub fn symlink(self, name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.header(Header::ustar(name, b'2').link(target))
    }

    /// A hard link.
    #[must_use]
    pub fn hardlink(self, name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.header(Header::ustar(name, b'1').link(target))
    }

    /// A PAX header for the next entry.
    #[must_use]
    pub fn pax<V: AsRef<[u8]>>(self, records: &[(&str, V)]) -> Self {
        self.entry(Header::ustar("PaxHeaders/x", b'x'), pax_records(records))
    }

    /// A PAX global header.
    #[must_use]
    pub fn pax_global<V: AsRef<[u8]>>(self, records: &[(&str, V)]) -> Self {
        self.entry(
            Header::ustar("pax_global_header", b'g'),
            pax_records(records),
        )
    }

    /// A GNU long name for the next entry.
    #[must_use]
    pub fn long_name(self, name: impl AsRef<[u8]>) -> Self {
        self.entry(
            Header::gnu("././@LongLink", b'L'),
            [name.as_ref(), b"\0"].concat(),
        )
    }

    /// A GNU long link target for the next entry.
    #[must_use]
    pub fn long_link(self, target: impl AsRef<[u8]>) -> Self {
        self.entry(
            Header::gnu("././@LongLink", b'K'),
            [target.as_ref(), b"\0"].concat(),
        )
    }

    /// Any header with this content, its size set and its last block filled up.
    #[must_use]
    pub fn entry(self, header: Header, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref();
        self.header(header.size(content.len() as u64))
            .content(content)
    }

    /// Any header block alone.
    #[must_use]
    pub fn header(self, header: Header) -> Self {
        self.raw(header.block())
    }

    /// Content alone, its last block filled up.
    #[must_use]
    pub fn content(self, content: impl AsRef<[u8]>) -> Self {
        let mut builder = self.raw(content);
        builder
            .bytes
            .resize(builder.bytes.len().next_multiple_of(BLOCK), 0);
        builder
    }

    /// Any bytes.
    #[must_use]
    pub fn raw(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.bytes.extend_from_slice(bytes.as_ref());
        self
    }

    /// The stream with its end mark, two blocks of zeros.
    #[must_use]
    pub fn end(self) -> Vec<u8> {
        self.raw([0; 2 * BLOCK]).without_end()
    }

    /// The stream as it is.
    #[must_use]
    pub fn without_end(self) -> Vec<u8> {
        self.bytes
    }
}

/// PAX records, `length keyword=value\n` each.
#[must_use]
pub fn pax_records<V: AsRef<[u8]>>(records: &[(&str, V)]) -> Vec<u8> {
    records
        .iter()
        .flat_map(|(keyword, value)| pax_record(keyword, value.as_ref()))
        .collect()
}

fn pax_record(keyword: &str, value: &[u8]) -> Vec<u8> {
    let body = [b" ", keyword.as_bytes(), b"=", value, b"\n"].concat();
    let mut length = body.len();
    while length != body.len() + length.to_string().len() {
        length = body.len() + length.to_string().len();
    }
    [length.to_string().as_bytes(), &body].concat()
}

/// A gzip stream of one member with a plain header.
#[must_use]
pub fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    GzipMember::default().build(content)
}

/// A gzip member's optional header fields (RFC 1952).
#[derive(Clone, Copy, Debug, Default)]
pub struct GzipMember<'a> {
    /// FEXTRA.
    pub extra: Option<&'a [u8]>,
    /// FNAME.
    pub name: Option<&'a str>,
    /// FCOMMENT.
    pub comment: Option<&'a str>,
    /// FHCRC: the header's own checksum, right or wrong.
    pub header_checksum: Option<Checksum>,
}

/// A checksum to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// As it should be.
    Right,
    /// Something else.
    Wrong,
}

impl GzipMember<'_> {
    /// The member around `content`.
    ///
    /// # Panics
    /// If the extra field has more than 65,535 bytes.
    #[must_use]
    pub fn build(&self, content: impl AsRef<[u8]>) -> Vec<u8> {
        let content = content.as_ref();
        let mut member = self.header();
        let mut encoder = DeflateEncoder::new(&mut member, Compression::default());
        encoder
            .write_all(content)
            .and_then(|()| encoder.try_finish())
            .expect("a Vec takes all");
        drop(encoder);
        let mut crc = Crc::new();
        crc.update(content);
        member.extend_from_slice(&crc.sum().to_le_bytes());
        member.extend_from_slice(&crc.amount().to_le_bytes());
        member
    }

    fn header(&self) -> Vec<u8> {
        let flags = u8::from(self.header_checksum.is_some()) << 1
            | u8::from(self.extra.is_some()) << 2
            | u8::from(self.name.is_some()) << 3
            | u8::from(self.comment.is_some()) << 4;
        let mut header = vec![0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 0xff];
        if let Some(extra) = self.extra {
            let length =
                u16::try_from(extra.len()).expect("an extra field of at most 65,535 bytes");
            header.extend_from_slice(&length.to_le_bytes());
            header.extend_from_slice(extra);
        }
        for text in [self.name, self.comment].into_iter().flatten() {
            header.extend_from_slice(text.as_bytes());
            header.push(0);
        }
        if let Some(checksum) = self.header_checksum {
            let mut crc = Crc::new();
            crc.update(&header);
            let [low, high, ..] = crc.sum().to_le_bytes();
            header.extend_from_slice(&[low ^ u8::from(checksum == Checksum::Wrong), high]);
        }
        header
    }
}
