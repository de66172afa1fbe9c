//! Paths that an archive has had: as hashes, to find them again, and their first parts.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use crate::{Anomalies, Anomaly, Entry, EntryType};

/// The paths of an archive, by 64-bit hashes with a key that nobody knows, so that nobody can make them collide. Paths
/// are taken as extractors do: `./a`, `a//` and `/a` are `a`.
#[derive(Default)]
pub(crate) struct Paths {
    key: RandomState,
    /// By its hash, whether a path has been a folder's only.
    exact: HashMap<u64, bool>,
    /// By the hash of the path in lower case, the first path's own.
    folded: HashMap<u64, u64>,
}

impl Paths {
    /// Adds an entry's path, and tells what is odd about it.
    pub(crate) fn add(&mut self, entry: &Entry, anomalies: &mut Anomalies) {
        let raw = entry.path_raw.as_deref();
        let exact = self.hash(raw.unwrap_or(entry.path.as_bytes()));
        let is_folder = entry.entry_type == EntryType::Directory;
        // Programs that append to an archive name its folders again.
        let is_free = self
            .exact
            .insert(exact, is_folder)
            .is_none_or(|was_folder| was_folder && is_folder);
        if !is_free {
            anomalies.insert(Anomaly::DuplicatePath);
        }
        let has_other_case = |byte: u8| !byte.is_ascii() || byte.is_ascii_uppercase();
        let folded = if raw.is_none() && entry.path.bytes().any(has_other_case) {
            self.hash(entry.path.to_lowercase().as_bytes())
        } else {
            exact
        };
        if *self.folded.entry(folded).or_insert(exact) != exact {
            anomalies.insert(Anomaly::CaseCollision);
        }
    }

    fn hash(&self, path: &[u8]) -> u64 {
        let mut hasher = self.key.build_hasher();
        for part in path.split(|byte| *byte == b'/') {
            if !matches!(part, b"" | b".") {
                hasher.write(part);
                hasher.write_u8(b'/');
            }
        }
        hasher.finish()
    }
}

/// The first parts of an archive's paths.
pub(crate) struct Roots {
    seen: Vec<String>,
    most: usize,
}

impl Roots {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            seen: Vec::new(),
            most,
        }
    }

    pub(crate) fn are_wanted(&self) -> bool {
        self.most > 0
    }

    /// Adds a path; gives whether it begins as the first one does.
    pub(crate) fn add(&mut self, path: &str) -> bool {
        let Some(root) = path.split('/').find(|part| !matches!(*part, "" | ".")) else {
            return true;
        };
        if !self.seen.iter().any(|seen| seen == root) && self.seen.len() < self.most {
            self.seen.push(root.to_owned());
        }
        self.seen.first().is_some_and(|first| first == root)
    }

    /// In order of appearance.
    pub(crate) fn first_ones(&self) -> &[String] {
        &self.seen
    }
}
