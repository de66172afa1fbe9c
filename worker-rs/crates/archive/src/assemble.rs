//! From a header block and the extension headers before it to one [`Entry`]. Where programs disagree, the reading is
//! that of GNU tar.

use std::borrow::Cow;
use std::sync::Arc;

use crate::extension::Extension;
use crate::header::{Header, until_nul};
use crate::names::{self, Names};
use crate::number::{decimal, time_micros};
use crate::pax::PaxAttributes;
use crate::{Anomalies, Anomaly, Entry, EntryType, TarFault, TarFormat, Wanted};

/// Sizes from here on don't fit a header's octal digits: 8 GiB.
const BEYOND_OCTAL: u64 = 8 << 30;

/// Extension headers of the entry to come.
#[derive(Default)]
pub(crate) struct Pending {
    /// Where the first one begins.
    pub(crate) start: Option<u64>,
    /// Records of the last PAX header; an earlier one is void.
    pax: Option<Vec<u8>>,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
    anomalies: Anomalies,
}

impl Pending {
    pub(crate) fn is_empty(&self) -> bool {
        self.pax.is_none() && self.long_name.is_none() && self.long_link.is_none()
    }

    /// Adds the content of an extension header.
    pub(crate) fn add(&mut self, kind: Extension, content: Vec<u8>) {
        let name = until_nul(&content);
        if !matches!(kind, Extension::Pax) && content[name.len()..].iter().any(|byte| *byte != 0) {
            self.anomalies.insert(Anomaly::NulInName);
        }
        let before = match kind {
            Extension::Pax | Extension::Global => self.pax.replace(content),
            Extension::LongName => self.long_name.replace(name.to_vec()),
            Extension::LongLink => self.long_link.replace(name.to_vec()),
        };
        if before.is_some() {
            self.anomalies.insert(Anomaly::OrphanExtension);
        }
    }
}

/// Where an entry is.
pub(crate) struct Origin {
    pub(crate) index: u64,
    pub(crate) parents: Arc<[String]>,
    pub(crate) header_offset: u64,
    pub(crate) data_offset: u64,
}

/// An entry put together.
pub(crate) struct Assembled {
    pub(crate) entry: Entry,
    pub(crate) stored: Stored,
    pub(crate) anomalies: Anomalies,
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
    origin: Origin,
    header: &Header<'_>,
    pending: Pending,
    global: &PaxAttributes,
    wanted: Wanted,
) -> Result<Assembled, TarFault> {
    let pax = match &pending.pax {
        None => Cow::Borrowed(global),
        Some(records) => {
            let mut attributes = global.clone();
            attributes.apply(records)?;
            Cow::Owned(attributes)
        }
    };
    let extension_anomalies = wanted
        .anomalies
        .then(|| extension_anomalies(header, &pending, global, &pax));
    let typeflag = header.typeflag();
    let path = match pax.sparse_name.as_ref().or(pax.path.as_ref()) {
        Some(path) => path.clone(),
        None => pending.long_name.unwrap_or_else(|| header.path()),
    };
    let entry_type = entry_type(typeflag, &path, pax.is_sparse);
    let link_target =
        matches!(entry_type, EntryType::HardLink | EntryType::SymLink).then(|| {
            match (&pax.link_path, &pending.long_link) {
                (Some(target), _) | (None, Some(target)) => target,
                (None, None) => header.link_name(),
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
    // What doesn't decide where the next header is may be unreadable: extractors list such archives too.
    let mode = header.mode();
    let anomalies = extension_anomalies.map_or_else(Anomalies::default, |anomalies| {
        let names = Names {
            path: &path,
            link_target,
            entry_type,
        };
        let of_type = type_anomalies(entry_type, mode);
        anomalies.and(names.anomalies()).and(of_type)
    });
    let link_target = link_target.map(lossy);
    let (path, path_raw) = match String::from_utf8(path) {
        Ok(path) => (path, None),
        Err(error) => (lossy(error.as_bytes()), Some(error.into_bytes())),
    };
    let entry = Entry {
        index: origin.index,
        parents: origin.parents,
        path,
        path_raw,
        entry_type,
        typeflag,
        tar_format: if pax.is_applied {
            TarFormat::Pax
        } else {
            header.format()
        },
        size: real_size.filter(|_| is_sparse).unwrap_or(size),
        mode,
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
        pax: pax.records.iter().flatten().map(record).collect(),
        header_offset: origin.header_offset,
        data_offset: origin.data_offset,
    };
    let stored = Stored {
        // Folders of this type have none, whatever their size says; those told by their name's slash have.
        bytes: if typeflag == b'5' { 0 } else { size },
        is_hidden: is_sparse,
        has_sparse_map: gnu_sparse.is_some_and(|(_, is_extended)| is_extended),
    };
    Ok(Assembled {
        entry,
        stored,
        anomalies,
    })
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

/// What is odd in how the extension headers and the header block go together.
fn extension_anomalies(
    header: &Header<'_>,
    pending: &Pending,
    global: &PaxAttributes,
    pax: &PaxAttributes,
) -> Anomalies {
    let mut anomalies = pending.anomalies;
    // What a header of the entry's own says over the global ones.
    let own =
        |of: fn(&PaxAttributes) -> Option<&Vec<u8>>| of(pax).filter(|_| of(pax) != of(global));
    let path = own(|pax| pax.path.as_ref());
    let link_path = own(|pax| pax.link_path.as_ref());
    let sparse_name = own(|pax| pax.sparse_name.as_ref());
    let own_size = pax.size.filter(|_| pax.size != global.size);

    let is_honest = path.is_none_or(|path| names::stands_in(&header.path(), path))
        && sparse_name.is_none_or(|name| {
            let stored = path.cloned().unwrap_or_else(|| header.path());
            names::stands_in_for_sparse(&stored, name)
        });
    if !is_honest {
        anomalies.insert(Anomaly::PaxPathOverridesHeader);
    }
    if own_size.is_some_and(|size| size < BEYOND_OCTAL && header.size() != Ok(size)) {
        anomalies.insert(Anomaly::PaxSizeOverridesHeader);
    }
    if path.or(sparse_name).is_some() && pending.long_name.is_some()
        || link_path.is_some() && pending.long_link.is_some()
    {
        anomalies.insert(Anomaly::PaxAndGnuLongname);
    }
    if global.overrides() {
        let is_used = global.path.is_some() && path.is_none()
            || global.sparse_name.is_some() && sparse_name.is_none()
            || global.link_path.is_some() && link_path.is_none()
            || global.size.is_some() && own_size.is_none();
        if is_used {
            anomalies.insert(Anomaly::GlobalPaxOverride);
        }
    }
    anomalies
}

fn type_anomalies(entry_type: EntryType, mode: Option<u32>) -> Anomalies {
    let mut anomalies = Anomalies::default();
    match entry_type {
        EntryType::Char | EntryType::Block => anomalies.insert(Anomaly::DeviceNode),
        EntryType::Regular | EntryType::Sparse if mode.is_some_and(|mode| mode & 0o6000 != 0) => {
            anomalies.insert(Anomaly::Setuid);
        }
        _ => {}
    }
    anomalies
}

fn record((keyword, value): (&Vec<u8>, &Vec<u8>)) -> (String, String) {
    (lossy(keyword), lossy(value))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
