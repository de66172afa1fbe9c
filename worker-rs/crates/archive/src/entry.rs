//! What the reader tells: entries, the visitor that receives them, and the summary of an archive.

use std::sync::Arc;

use crate::{Anomalies, ArchiveError, Compression};

/// The form of an archive, found by its bytes, never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A plain tar archive.
    Tar,
    /// A tar archive in gzip.
    TarGzip,
    /// A tar archive in Zstandard.
    TarZstd,
    /// A tar archive in xz.
    TarXz,
    /// A tar archive in bzip2.
    TarBzip2,
}

impl Format {
    pub(crate) fn of(compression: Option<Compression>) -> Self {
        match compression {
            None => Self::Tar,
            Some(Compression::Gzip) => Self::TarGzip,
            Some(Compression::Zstd) => Self::TarZstd,
            Some(Compression::Xz) => Self::TarXz,
            Some(Compression::Bzip2) => Self::TarBzip2,
        }
    }

    /// The value of the column `archive_format`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tar => "tar",
            Self::TarGzip => "tar+gzip",
            Self::TarZstd => "tar+zstd",
            Self::TarXz => "tar+xz",
            Self::TarBzip2 => "tar+bzip2",
        }
    }
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryType {
    /// A file with its content.
    Regular,
    /// Another name for an entry before it.
    HardLink,
    /// A symbolic link.
    SymLink,
    /// A folder.
    Directory,
    /// A character device.
    Char,
    /// A block device.
    Block,
    /// A named pipe.
    Fifo,
    /// A file with holes, of which the archive stores the parts between them.
    Sparse,
    /// Any other type flag: volume labels, continued files, vendors' own.
    Other,
}

impl EntryType {
    /// The value of the column `entry_type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regular => "REGULAR",
            Self::HardLink => "HARDLINK",
            Self::SymLink => "SYMLINK",
            Self::Directory => "DIRECTORY",
            Self::Char => "CHAR",
            Self::Block => "BLOCK",
            Self::Fifo => "FIFO",
            Self::Sparse => "SPARSE",
            Self::Other => "OTHER",
        }
    }
}

/// The dialect of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TarFormat {
    /// No magic: as before POSIX.
    V7,
    /// POSIX.1-1988.
    Ustar,
    /// GNU's magic.
    Gnu,
    /// A PAX header of its own or a global one applies to it (POSIX.1-2001).
    Pax,
    /// Jörg Schilling's star, by the mark at the block's end.
    Star,
}

impl TarFormat {
    /// The value of the column `tar_format`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V7 => "v7",
            Self::Ustar => "ustar",
            Self::Gnu => "gnu",
            Self::Pax => "pax",
            Self::Star => "star",
        }
    }
}

/// The header of one entry, with extension headers applied: PAX local before PAX global before GNU long names before
/// the header block's own fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position among all headers of the input, those of nested archives included, from 0: the entry that holds an
    /// archive comes before the entries in it.
    pub index: u64,
    /// Paths of the archives that the entry is in, the outermost first; empty in the input itself.
    pub parents: Arc<[String]>,
    /// Name as stored. Bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// The bytes of the name, if they are not UTF-8.
    pub path_raw: Option<Vec<u8>>,
    /// What the entry is.
    pub entry_type: EntryType,
    /// The type flag as stored.
    pub typeflag: u8,
    /// The header's dialect.
    pub tar_format: TarFormat,
    /// Bytes of the content; for [`EntryType::Sparse`] the size with its holes, which the archive only declares.
    pub size: u64,
    /// Permission bits as stored; some programs store the file type bits of `st_mode` as well. `None` where the number
    /// can't be read or is out of range, as in the next three.
    pub mode: Option<u32>,
    /// Modification time, microseconds since 1970-01-01 UTC, rounded down.
    pub mtime_micros: Option<i64>,
    /// Owner's number.
    pub uid: Option<u64>,
    /// Group's number.
    pub gid: Option<u64>,
    /// Owner's name, where the archive has one.
    pub uname: Option<String>,
    /// Group's name, where the archive has one.
    pub gname: Option<String>,
    /// Target of a hard or symbolic link as stored, lossy as [`path`](Self::path).
    pub link_target: Option<String>,
    /// PAX records that apply to the entry, keyword and value, its own over global ones; empty unless
    /// [`Wanted::pax`].
    pub pax: Vec<(String, String)>,
    /// Where the entry's first header block begins, extension headers included, in bytes of its tar stream.
    pub header_offset: u64,
    /// Where its content begins; in a sparse file, its map may come first.
    pub data_offset: u64,
}

impl Entry {
    /// In how many archives within the input it is.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.parents.len()
    }

    /// Bytes of all texts.
    pub(crate) fn text_bytes(&self) -> u64 {
        let optional = [&self.uname, &self.gname, &self.link_target];
        let raw = self.path_raw.as_ref().map_or(0, Vec::len);
        let pax = self
            .pax
            .iter()
            .map(|(keyword, value)| keyword.len() + value.len());
        let parents: usize = self.parents.iter().map(String::len).sum();
        let others = raw + parents + pax.sum::<usize>();
        let optional: usize = optional.into_iter().flatten().map(String::len).sum();
        (self.path.len() + optional + others) as u64
    }
}

/// What to find out beyond what every walk does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// [`Entry::pax`].
    pub pax: bool,
    /// The anomalies that take memory or time for each entry; without it, none are told.
    pub anomalies: bool,
    /// [`Summary::root_dirs`].
    pub root_dirs: bool,
}

/// Receives an archive's entries: for each one `entry`, any number of `data`, then `end`. What is in a nested archive
/// comes between the beginning and the end of the entry that holds it, at a depth of one more.
pub trait Visitor {
    /// A header is complete. An entry of the same depth that has not ended, or one deeper, never will.
    fn entry(&mut self, entry: Entry);

    /// Content of the current entry at this depth, in order, in pieces whose borders mean nothing. The content of
    /// sparse files is not shown. Folders and links seldom have content, but an archive may carry some.
    fn data(&mut self, depth: usize, bytes: &[u8]);

    /// The content of the current entry at this depth is complete: only now is the entry counted.
    fn end(&mut self, depth: usize, anomalies: Anomalies);

    /// Whether the content of the current entry at this depth is wanted; asked again for each piece of it.
    fn wants_data(&self, _depth: usize) -> bool {
        true
    }

    /// An archive within the input can't be read, or not further; `path` holds the paths of the archives that it is
    /// in and its own. The walk goes on behind it. Also told where a decompressor would take too much memory to find out
    /// whether it is an archive.
    fn nested_failed(&mut self, path: &[String], error: &ArchiveError);
}

/// What is known of an archive. After an error: what was read whole until then.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The form, once the first header has proved it.
    pub format: Option<Format>,
    /// Bytes of the tar stream that were read.
    pub uncompressed_bytes: u64,
    /// Entries read whole, of every type, those of nested archives included.
    pub entry_count: u64,
    /// Entries read whole of types [`EntryType::Regular`] and [`EntryType::Sparse`], those of nested archives included.
    pub file_count: u64,
    /// Members of a gzip stream, as far as they have begun.
    pub gzip_members: Option<u64>,
    /// Bytes behind the end of the compressed stream, or of a plain tar stream's end mark, that are not zeros'
    /// padding: from the first one that is not zero.
    pub trailing_bytes: u64,
    /// The different first components of the paths, in order of appearance; at most
    /// [`Limits::root_dirs`](crate::Limits::root_dirs), and none unless [`Wanted::root_dirs`].
    pub root_dirs: Vec<String>,
    /// Oddities of the archive and of all its entries.
    pub anomalies: Anomalies,
}
