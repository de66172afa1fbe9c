//! From a `.tar.gz` body in memory to its entries. Knows nothing of the network and of output formats.

use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use tar::{Archive, Entry, EntryType};

/// Between inflater and tar parser: the parser reads 512-byte headers, and an inflater is slow in such small bites.
const INFLATED_BUFFER: usize = 64 * 1024;

/// Reading buffer for the content of one entry.
const CONTENT_BUFFER: usize = 64 * 1024;

/// A SHA-256 digest.
pub(crate) type Sha = [u8; 32];

/// An entry whose content has been read to its end.
pub(crate) type ReadEntry<'a, 'b> = Entry<'a, BufReader<MultiGzDecoder<&'b [u8]>>>;

/// Calls `each` for every entry of a gzip-compressed tar archive, with the digest of its content if it is a regular file.
///
/// # Errors
/// Whatever the gzip and tar readers object to; the entries before have been handed to `each` by then.
pub(crate) fn for_each_entry(
    body: &[u8],
    mut each: impl FnMut(&ReadEntry<'_, '_>, Option<Sha>) -> io::Result<()>,
) -> io::Result<()> {
    let inflated = BufReader::with_capacity(INFLATED_BUFFER, MultiGzDecoder::new(body));
    let mut content = vec![0; CONTENT_BUFFER];
    for entry in Archive::new(inflated).entries()? {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        if kind == EntryType::XGlobalHeader {
            continue;
        }
        let sha256 = is_regular(kind)
            .then(|| digest(&mut entry, &mut content))
            .transpose()?;
        each(&entry, sha256)?;
    }
    Ok(())
}

/// The name that the `entries` table of rustpipe has for a type of entry.
pub(crate) fn type_name(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Regular | EntryType::Continuous => "REGULAR",
        EntryType::Link => "HARDLINK",
        EntryType::Symlink => "SYMLINK",
        EntryType::Directory => "DIRECTORY",
        EntryType::Char => "CHAR",
        EntryType::Block => "BLOCK",
        EntryType::Fifo => "FIFO",
        EntryType::GNUSparse => "SPARSE",
        _ => "OTHER",
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn to_hex(sha: &Sha) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    sha.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

fn is_regular(kind: EntryType) -> bool {
    matches!(kind, EntryType::Regular | EntryType::Continuous)
}

fn digest(content: &mut impl Read, buffer: &mut [u8]) -> io::Result<Sha> {
    let mut hasher = Sha256::new();
    loop {
        match content.read(buffer)? {
            0 => return Ok(hasher.finalize().into()),
            read => hasher.update(&buffer[..read]),
        }
    }
}
