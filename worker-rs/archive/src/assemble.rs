//! From a header block and the extension headers before it to one [`Entry`]. Where programs disagree, the reading is
//! that of GNU tar.

use std::borrow::Cow;

use crate::header::Header;
use crate::number::{decimal, time_micros};
use crate::pax::PaxAttributes;
use crate::{Entry, EntryType, TarFault};

/// Extension headers of the entry to come.
#[derive(Default)]
pub(crate) struct Pending {
    /// Records of the last PAX header; an earlier one is void.
    pub(crate) pax: Option<Vec<u8>>,
    pub(crate) long_name: Option<Vec<u8>>,
    pub(crate) long_link: Option<Vec<u8>>,
}

impl Pending {
    pub(crate) fn is_empty(&self) -> bool {
        self.pax.is_none() && self.long_name.is_none() && self.long_link.is_none()
    }
}

/// What follows an entry's header block.
#[derive(Clone, Copy)]
pub(crate) struct Stored {
    /// Bytes of content, without padding.
    pub(crate) bytes: u64,
    /// Whether the content is a sparse file's parts, which are not shown.
    pub(crate) is_hidden: bool,
    /// Whether blocks of an old GNU sparse map come first.
    pub(crate) has_sparse_map: bool,
}

/// Puts an entry together.
pub(crate) fn assemble(
    index: u64,
    header: &Header<'_>,
    pending: Pending,
    global: &PaxAttributes,
) -> Result<(Entry, Stored), TarFault> {
    let pax = match &pending.pax {
        None => Cow::Borrowed(global),
        Some(records) => {
            let mut attributes = global.clone();
            attributes.apply(records)?;
            Cow::Owned(attributes)
        }
    };
    let typeflag = header.typeflag();
    let path = match pax.sparse_name.as_ref().or(pax.path.as_ref()) {
        Some(path) => path.clone(),
        None => pending.long_name.unwrap_or_else(|| header.path()),
    };
    let entry_type = entry_type(typeflag, &path, pax.is_sparse);
    let link_target =
        matches!(entry_type, EntryType::HardLink | EntryType::SymLink).then(|| {
            match (&pax.link_path, &pending.long_link) {
                (Some(target), _) | (None, Some(target)) => lossy(target),
                (None, None) => lossy(header.link_name()),
            }
        });
    // A PAX value stands in for a field that can't hold it, so that field is not looked at. Links have no content,
    // whatever their header's size says, unless PAX says it.
    let size = match pax.size {
        Some(size) => size,
        None if entry_type == EntryType::HardLink => 0,
        None => header.size()?,
    };
    let gnu_sparse = if typeflag == b'S' {
        header.gnu_sparse()?
    } else {
        None
    };
    let real_size = pax
        .sparse_size
        .or(gnu_sparse.map(|(real_size, _)| real_size));
    let is_sparse = entry_type == EntryType::Sparse;
    let entry = Entry {
        index,
        parents: std::sync::Arc::default(),
        path_raw: std::str::from_utf8(&path).is_err().then(|| path.clone()),
        typeflag,
        tar_format: crate::TarFormat::Ustar,
        pax: Vec::new(),
        header_offset: 0,
        data_offset: 0,
        entry_type,
        size: real_size.filter(|_| is_sparse).unwrap_or(size),
        // What doesn't decide where the next header is may be unreadable: extractors list such archives too.
        mode: header.mode(),
        mtime_micros: match &pax.mtime {
            Some(time) => time_micros(time),
            None => header.mtime_micros(),
        },
        uid: match &pax.uid {
            Some(number) => decimal(number),
            None => header.uid(),
        },
        gid: match &pax.gid {
            Some(number) => decimal(number),
            None => header.gid(),
        },
        uname: pax.uname.as_deref().or(header.uname()).map(lossy),
        gname: pax.gname.as_deref().or(header.gname()).map(lossy),
        link_target,
        path: String::from_utf8(path).unwrap_or_else(|error| lossy(error.as_bytes())),
    };
    let stored = Stored {
        // Folders of this type have none, whatever their size says; those told by their name's slash have.
        bytes: if typeflag == b'5' { 0 } else { size },
        is_hidden: is_sparse,
        has_sparse_map: gnu_sparse.is_some_and(|(_, is_extended)| is_extended),
    };
    Ok((entry, stored))
}

fn entry_type(typeflag: u8, path: &[u8], is_pax_sparse: bool) -> EntryType {
    match typeflag {
        0 | b'0' | b'7' if path.ends_with(b"/") => EntryType::Directory,
        0 | b'0' | b'7' if is_pax_sparse => EntryType::Sparse,
        0 | b'0' | b'7' => EntryType::Regular,
        b'1' => EntryType::HardLink,
        b'2' => EntryType::SymLink,
        b'3' => EntryType::Char,
        b'4' => EntryType::Block,
        // GNU's D is a folder whose content lists its files, for incremental backups.
        b'5' | b'D' => EntryType::Directory,
        b'6' => EntryType::Fifo,
        b'S' => EntryType::Sparse,
        _ => EntryType::Other,
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
