//! What the reader tells: entries, the visitor that receives them, and the summary of an archive.

/// The form of an archive, found by its bytes, never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A plain tar archive.
    Tar,
    /// A tar archive in gzip.
    TarGzip,
}

impl Format {
    /// The value of the column `archive_format`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tar => "tar",
            Self::TarGzip => "tar+gzip",
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

/// The header of one entry, with extension headers applied: PAX local before PAX global before GNU long names before
/// the header block's own fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position in the archive, from 0.
    pub index: u64,
    /// Name as stored. Bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// What the entry is.
    pub entry_type: EntryType,
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
}

impl Entry {
    /// Bytes of all texts.
    pub(crate) fn text_bytes(&self) -> u64 {
        let optional = [&self.uname, &self.gname, &self.link_target];
        let optional: usize = optional.into_iter().flatten().map(String::len).sum();
        (self.path.len() + optional) as u64
    }
}

/// Receives an archive's entries: for each one `entry`, any number of `data`, then `end`.
pub trait Visitor {
    /// A header is complete.
    fn entry(&mut self, entry: &Entry);

    /// Content of the current entry, in order, in pieces whose borders mean nothing. The content of sparse files is
    /// not shown. Folders and links seldom have content, but an archive may carry some.
    fn data(&mut self, bytes: &[u8]);

    /// The current entry's content is complete: only now is the entry counted.
    fn end(&mut self);

    /// Whether the current entry's content is wanted; asked again for each piece of it.
    fn wants_data(&self) -> bool {
        true
    }
}

/// What is known of an archive. After an error: what was read whole until then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// The form, once the first header has proved it.
    pub format: Option<Format>,
    /// Bytes of the tar stream that were read.
    pub uncompressed_bytes: u64,
    /// Entries read whole, of every type.
    pub entry_count: u64,
    /// Entries read whole of types [`EntryType::Regular`] and [`EntryType::Sparse`].
    pub file_count: u64,
}
