//! What is odd about a name: by itself, and beside the one that a PAX header replaces.

use std::borrow::Cow;

use memchr::memchr;

use crate::{Anomalies, Anomaly, EntryType};

/// Bytes of a header block's name field.
const NAME_FIELD: usize = 100;

/// Shortest name that an honest program leaves of one that doesn't fit: the field's length, less a few bytes that some
/// cut off to keep a character or the name's end whole.
const SHORTEST_CUT: usize = 90;

/// An entry's names as stored.
pub(crate) struct Names<'a> {
    pub(crate) path: &'a [u8],
    pub(crate) link_target: Option<&'a [u8]>,
    pub(crate) entry_type: EntryType,
}

impl Names<'_> {
    pub(crate) fn anomalies(&self) -> Anomalies {
        let mut anomalies = Anomalies::default();
        let mut tell = |anomaly, is_so| {
            if is_so {
                anomalies.insert(anomaly);
            }
        };
        let path = self.path;
        tell(Anomaly::AbsolutePath, is_absolute(path));
        tell(Anomaly::BackslashPath, memchr(b'\\', path).is_some());
        tell(
            Anomaly::ParentTraversal,
            parts(path).any(|part| part == b".."),
        );
        for name in std::iter::once(path).chain(self.link_target) {
            tell(Anomaly::NulInName, memchr(0, name).is_some());
            let text = String::from_utf8_lossy(name);
            // Bytes that are not UTF-8 are shown as another character each, in a text of its own.
            tell(Anomaly::NonUtf8Name, matches!(text, Cow::Owned(_)));
            let is_odd = text.chars().any(is_control_or_bidi);
            tell(Anomaly::ControlOrBidiInName, is_odd);
        }
        let folder = match self.entry_type {
            EntryType::HardLink => &[][..],
            _ => folder(path),
        };
        let escapes = |target| is_absolute(target) || leaves_root(folder, target);
        tell(
            Anomaly::LinkEscapesRoot,
            self.link_target.is_some_and(escapes),
        );
        anomalies
    }
}

/// Whether the header block's name is what an honest program writes beside this PAX path: the path itself; or, where it
/// has more than 100 bytes or some that are not ASCII, a part of it with bytes left out (at the end, as most do; in the
/// middle, as bsdtar; those that are not ASCII, as Go) or replaced by `?` (as Python), of which not more is missing than
/// the field's length asks for; or git's name of an object.
pub(crate) fn stands_in(header: &[u8], path: &[u8]) -> bool {
    let (whole, header, path) = (header, without_slashes(header), without_slashes(path));
    if header == path {
        return true;
    }
    if path.is_ascii() && path.len() <= NAME_FIELD {
        return false;
    }
    let ascii = path.iter().filter(|byte| byte.is_ascii()).count();
    let kept = header
        .iter()
        .filter(|byte| byte.is_ascii() && **byte != b'?');
    let mut rest = path.iter();
    let is_part = kept.copied().all(|byte| rest.any(|other| *other == byte));
    is_part && whole.len() >= ascii.min(SHORTEST_CUT) || is_git_object(header)
}

/// The same for the name of a sparse file, to which GNU tar and bsdtar add a folder.
pub(crate) fn stands_in_for_sparse(stored: &[u8], name: &[u8]) -> bool {
    let parts = stored
        .split(|byte| *byte == b'/')
        .filter(|part| !part.starts_with(b"GNUSparseFile."));
    let stored = parts.collect::<Vec<_>>().join(&b'/');
    let stored = stored.strip_prefix(b"./").unwrap_or(&stored);
    stands_in(stored, name.strip_prefix(b"./").unwrap_or(name))
}

/// `git archive` calls a file by its object where the path doesn't fit.
fn is_git_object(header: &[u8]) -> bool {
    header
        .strip_suffix(b".data")
        .is_some_and(|hash| matches!(hash.len(), 40 | 64) && hash.iter().all(u8::is_ascii_hexdigit))
}

fn without_slashes(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/');
    &path[..end.map_or(0, |last| last + 1)]
}

/// From the root, or with a drive letter.
fn is_absolute(path: &[u8]) -> bool {
    match path {
        [b'/' | b'\\', ..] => true,
        [drive, b':', ..] => drive.is_ascii_alphabetic(),
        _ => false,
    }
}

/// The path less its last part.
fn folder(path: &[u8]) -> &[u8] {
    let path = without_slashes(path);
    &path[..path.iter().rposition(|byte| *byte == b'/').unwrap_or(0)]
}

/// Whether the way from the folder to the target is outside of the root anywhere. In the folder, a backslash is a
/// character as any other: so it is less deep.
fn leaves_root(folder: &[u8], target: &[u8]) -> bool {
    let way = folder.split(|byte| *byte == b'/').chain(parts(target));
    let mut depth = 0_usize;
    for part in way {
        match part {
            b"" | b"." => {}
            b".." => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return true,
            },
            _ => depth += 1,
        }
    }
    false
}

/// The parts between separators of any system.
fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| matches!(byte, b'/' | b'\\'))
}

/// C0, DEL and C1; marks, embeddings, overrides and isolates of text direction.
fn is_control_or_bidi(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
