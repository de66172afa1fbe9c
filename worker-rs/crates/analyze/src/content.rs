//! What is found out of one entry's content as it passes.

use md5::Md5;
use memchr::{memchr, memchr_iter};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::limits::DEFAULT_CONTENT_BYTES;

/// A NUL in this many bytes from the start tells binary from text, as in git.
const TEXT_BYTES: u64 = 8_000;
/// Bytes from the start in which an executable's format is looked for: the header of a PE file is where its DOS stub
/// ends, seldom behind the first kilobyte.
const HEAD_BYTES: usize = 4 << 10;

/// What to find out.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each one is a column that is wanted or not"
)]
pub(crate) struct Wants {
    pub(crate) sha256: bool,
    pub(crate) sha1: bool,
    pub(crate) md5: bool,
    pub(crate) is_text: bool,
    pub(crate) lines: bool,
    pub(crate) executable_format: bool,
    /// Whether it is longer than what a row shows.
    pub(crate) length: bool,
    /// What a row shows.
    pub(crate) bytes: bool,
}

impl Wants {
    /// Whether the content matters at all.
    pub(crate) fn anything(self) -> bool {
        self.digests() > 0
            || self.is_text
            || self.lines
            || self.executable_format
            || self.length
            || self.bytes
    }

    fn digests(self) -> u64 {
        u64::from(self.sha256) + u64::from(self.sha1) + u64::from(self.md5)
    }
}

/// One content on its way. Used again for the next, for its buffers.
pub(crate) struct Content {
    wants: Wants,
    sha256: Sha256,
    sha1: Sha1,
    md5: Md5,
    length: u64,
    has_nul: bool,
    newlines: u64,
    last: u8,
    head: Vec<u8>,
    kept: Vec<u8>,
}

impl Content {
    pub(crate) fn new(wants: Wants) -> Self {
        Self {
            wants,
            sha256: Sha256::new(),
            sha1: Sha1::new(),
            md5: Md5::new(),
            length: 0,
            has_nul: false,
            newlines: 0,
            last: b'\n',
            head: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// The next content begins; the one before may have been left in its middle.
    pub(crate) fn begin(&mut self) {
        if self.wants.sha256 {
            self.sha256.reset();
        }
        if self.wants.sha1 {
            self.sha1.reset();
        }
        if self.wants.md5 {
            self.md5.reset();
        }
        self.length = 0;
        self.has_nul = false;
        self.newlines = 0;
        self.last = b'\n';
        self.head.clear();
        self.kept.clear();
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let Some(&last) = bytes.last() else { return };
        if self.wants.sha256 {
            self.sha256.update(bytes);
        }
        if self.wants.sha1 {
            self.sha1.update(bytes);
        }
        if self.wants.md5 {
            self.md5.update(bytes);
        }
        if self.wants.is_text && self.length < TEXT_BYTES {
            let looked_at = up_to(bytes, TEXT_BYTES - self.length);
            self.has_nul |= memchr(0, looked_at).is_some();
        }
        if self.wants.lines {
            self.newlines += memchr_iter(b'\n', bytes).count() as u64;
            self.last = last;
        }
        if self.wants.executable_format {
            fill(&mut self.head, bytes, HEAD_BYTES);
        }
        if self.wants.bytes {
            fill(&mut self.kept, bytes, DEFAULT_CONTENT_BYTES);
        }
        self.length += bytes.len() as u64;
    }

    /// Bytes that digests were made of, once for each.
    pub(crate) fn hashed_bytes(&self) -> u64 {
        self.length * self.wants.digests()
    }

    pub(crate) fn sha256(&self) -> [u8; 32] {
        self.sha256.clone().finalize().into()
    }

    pub(crate) fn sha1(&self) -> [u8; 20] {
        self.sha1.clone().finalize().into()
    }

    pub(crate) fn md5(&self) -> [u8; 16] {
        self.md5.clone().finalize().into()
    }

    pub(crate) fn is_text(&self) -> bool {
        !self.has_nul
    }

    /// Newlines, and one for a last line without.
    pub(crate) fn lines(&self) -> u64 {
        self.newlines + u64::from(self.last != b'\n')
    }

    pub(crate) fn executable_format(&self) -> Option<&'static str> {
        executable_format(&self.head)
    }

    /// The bytes that were kept from its start.
    pub(crate) fn kept(&self) -> &[u8] {
        &self.kept
    }

    /// How many bytes from its start a row has room for, whether they were kept or not.
    pub(crate) fn shown(&self) -> usize {
        usize::try_from(self.length).map_or(DEFAULT_CONTENT_BYTES, |length| {
            length.min(DEFAULT_CONTENT_BYTES)
        })
    }

    /// Whether there is more of it than these bytes.
    pub(crate) fn is_longer_than(&self, bytes: usize) -> bool {
        self.length > bytes as u64
    }
}

fn fill(buffer: &mut Vec<u8>, bytes: &[u8], most: usize) {
    let room = most - buffer.len();
    buffer.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

fn up_to(bytes: &[u8], length: u64) -> &[u8] {
    &bytes[..usize::try_from(length).map_or(bytes.len(), |length| length.min(bytes.len()))]
}

fn executable_format(head: &[u8]) -> Option<&'static str> {
    match head {
        [0x7F, b'E', b'L', b'F', ..] => Some("ELF"),
        [b'M', b'Z', ..] if is_pe(head) => Some("PE"),
        // The last one, for several architectures, is the magic of Java's classes too: their version, 45 or more, is
        // where this has the number of architectures.
        [0xFE, 0xED, 0xFA, 0xCE | 0xCF, ..]
        | [0xCE | 0xCF, 0xFA, 0xED, 0xFE, ..]
        | [0xCA, 0xFE, 0xBA, 0xBE | 0xBF, 0, 0, 0, 1..45, ..] => Some("MACHO"),
        [0, b'a', b's', b'm', ..] => Some("WASM"),
        [b'#', b'!', ..] => Some("SCRIPT"),
        _ => None,
    }
}

/// Whether there is a PE header where the DOS header says.
fn is_pe(head: &[u8]) -> bool {
    let start = head
        .get(0x3C..0x40)
        .and_then(|bytes| Some(u32::from_le_bytes(bytes.try_into().ok()?)));
    start
        .and_then(|start| head.get(usize::try_from(start).ok()?..))
        .is_some_and(|header| header.starts_with(b"PE\0\0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Wants = Wants {
        sha256: true,
        sha1: true,
        md5: true,
        is_text: true,
        lines: true,
        executable_format: true,
        length: true,
        bytes: true,
    };

    /// What is found, with the content in pieces of this size.
    fn read(content: &[u8], piece: usize) -> Content {
        let mut read = Content::new(ALL);
        read.update(b"#! left in its middle\0");
        read.begin();
        content.chunks(piece).for_each(|bytes| read.update(bytes));
        read
    }

    #[test]
    fn lines_are_newlines_and_a_last_line_without() {
        for (content, lines) in [
            ("", 0),
            ("\n", 1),
            ("a", 1),
            ("a\n", 1),
            ("a\n\nb", 3),
            ("a\r\nb\r\n", 2),
        ] {
            for piece in [1, 100] {
                assert_eq!(
                    read(content.as_bytes(), piece).lines(),
                    lines,
                    "{content:?}"
                );
            }
        }
    }

    #[test]
    fn a_nul_in_the_first_8000_bytes_is_no_text() {
        for (nul_at, is_text) in [(0, false), (7_999, false), (8_000, true)] {
            let mut content = vec![b'x'; 10_000];
            content[nul_at] = 0;
            for piece in [1, 7_999, 10_000] {
                assert_eq!(read(&content, piece).is_text(), is_text, "{nul_at}");
            }
        }
        assert!(read(b"", 1).is_text());
    }

    #[test]
    fn executables_are_told_by_their_magic() {
        let pe = |start: u32, length: usize| {
            let mut file = vec![0; length];
            file[..2].copy_from_slice(b"MZ");
            file[0x3C..0x40].copy_from_slice(&start.to_le_bytes());
            if let Some(header) = file.get_mut(start as usize..start as usize + 4) {
                header.copy_from_slice(b"PE\0\0");
            }
            file
        };
        let cases = [
            (b"\x7FELF\x02".to_vec(), Some("ELF")),
            (pe(0x80, 512), Some("PE")),
            (pe(4_092, 8_192), Some("PE")),
            (pe(4_093, 8_192), None),
            (pe(u32::MAX, 512), None),
            (b"MZ, a text".to_vec(), None),
            (b"\xCF\xFA\xED\xFE".to_vec(), Some("MACHO")),
            (b"\xFE\xED\xFA\xCE".to_vec(), Some("MACHO")),
            (b"\xCA\xFE\xBA\xBE\0\0\0\x02".to_vec(), Some("MACHO")),
            (b"\xCA\xFE\xBA\xBE\0\0\0\x34".to_vec(), None),
            (b"\0asm\x01\0\0\0".to_vec(), Some("WASM")),
            (b"#!/bin/sh\n".to_vec(), Some("SCRIPT")),
            (b"# !".to_vec(), None),
            (Vec::new(), None),
        ];
        for (content, format) in cases {
            for piece in [1, 10_000] {
                assert_eq!(read(&content, piece).executable_format(), format);
            }
        }
    }

    #[test]
    fn the_first_8_mib_are_kept() {
        let content = vec![7; (8 << 20) + 1];
        let read = read(&content, 1 << 20);
        assert_eq!(read.kept().len(), 8 << 20);
        assert!(read.is_longer_than(8 << 20) && !read.is_longer_than((8 << 20) + 1));
        assert_eq!(read.hashed_bytes(), 3 * ((8 << 20) + 1));
    }
}
