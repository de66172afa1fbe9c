//! A visitor that keeps all that it is told.

use rustpipe_archive::{
    Anomalies, Anomaly, ArchiveError, Entry, Limits, Summary, Visitor, Walker, Wanted, WholeWalker,
};

/// Everything that a walk can find out.
pub(crate) const ALL: Wanted = Wanted {
    pax: true,
    anomalies: true,
    root_dirs: true,
};

/// All that a walk tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recording {
    pub(crate) entries: Vec<RecordedEntry>,
    pub(crate) failures: Vec<NestedFailure>,
    pub(crate) summary: Summary,
    pub(crate) error: Option<ArchiveError>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordedEntry {
    pub(crate) entry: Entry,
    pub(crate) content: Vec<u8>,
    pub(crate) is_whole: bool,
    pub(crate) anomalies: Anomalies,
}

/// A nested archive that could not be read, or not further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NestedFailure {
    pub(crate) path: Vec<String>,
    pub(crate) error: ArchiveError,
    /// Entries that had begun until then.
    pub(crate) begun: usize,
}

impl Recording {
    /// The paths of the entries read whole.
    pub(crate) fn paths(&self) -> Vec<&str> {
        self.entries
            .iter()
            .filter(|entry| entry.is_whole)
            .map(|entry| entry.entry.path.as_str())
            .collect()
    }

    /// The one entry of an archive without errors.
    pub(crate) fn only(&self) -> &Entry {
        assert_eq!(self.error, None);
        assert_eq!(self.entries.len(), 1);
        &self.entries[0].entry
    }

    /// The error, as people read it.
    pub(crate) fn message(&self) -> String {
        self.error
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// The paths of the entries read whole, each behind those of the archives that it is in.
    pub(crate) fn full_paths(&self) -> Vec<String> {
        let whole = self.entries.iter().filter(|entry| entry.is_whole);
        whole
            .map(|RecordedEntry { entry, .. }| {
                [&entry.parents[..], std::slice::from_ref(&entry.path)]
                    .concat()
                    .join(" > ")
            })
            .collect()
    }

    /// The oddities of the archive and its entries.
    pub(crate) fn anomalies(&self) -> Vec<Anomaly> {
        self.summary.anomalies.iter().collect()
    }

    /// The oddities of the entry with this path.
    pub(crate) fn anomalies_of(&self, path: &str) -> Vec<Anomaly> {
        let entry = self.entries.iter().find(|entry| entry.entry.path == path);
        entry.expect("such an entry").anomalies.iter().collect()
    }
}

/// Walks `body` in every way, with the default limits.
pub(crate) fn walk(body: impl AsRef<[u8]>) -> Recording {
    walk_within(body, Limits::default())
}

/// Walks `body` in every way; all must tell the same.
pub(crate) fn walk_within(body: impl AsRef<[u8]>, limits: Limits) -> Recording {
    let body = body.as_ref();
    let recording = walk_in_chunks(body, limits, || usize::MAX);
    assert_same(
        &walk_whole(&mut WholeWalker::new(), body, limits),
        &recording,
        "WholeWalker against Walker",
    );
    if body.len() <= 64 << 10 {
        assert_same(
            &walk_in_chunks(body, limits, || 1),
            &recording,
            "byte by byte against in one piece",
        );
    }
    recording
}

/// Compares two recordings without writing all contents into the message.
pub(crate) fn assert_same(left: &Recording, right: &Recording, what: &str) {
    for (left, right) in left.entries.iter().zip(&right.entries) {
        assert_eq!(left.entry, right.entry, "{what}");
        assert_eq!(left.anomalies, right.anomalies, "{what}: {:?}", left.entry);
        assert_eq!(left.is_whole, right.is_whole, "{what}: {:?}", left.entry);
        assert!(
            left.content == right.content,
            "{what}: {} bytes of content against {}, of {:?}",
            left.content.len(),
            right.content.len(),
            left.entry
        );
    }
    assert_eq!(left.entries.len(), right.entries.len(), "{what}");
    assert_eq!(left.failures, right.failures, "{what}");
    assert_eq!(left.error, right.error, "{what}");
    assert_eq!(left.summary, right.summary, "{what}");
}

/// Pushes `body` in pieces of the sizes that `chunk_size` gives.
pub(crate) fn walk_in_chunks(
    body: &[u8],
    limits: Limits,
    mut chunk_size: impl FnMut() -> usize,
) -> Recording {
    let mut recorder = Recorder::default();
    let mut walker = Walker::new(limits, ALL);
    let mut rest = body;
    let mut result = Ok(());
    while !rest.is_empty() && result.is_ok() {
        let (chunk, behind) = rest.split_at(chunk_size().min(rest.len()));
        result = walker.push(chunk, &mut recorder);
        rest = behind;
    }
    let at_end = walker.finish(&mut recorder);
    if result.is_err() {
        assert_eq!(at_end, result, "a failed walker gives its error again");
    }
    recorder.recording(walker.summary(), at_end)
}

pub(crate) fn walk_whole(walker: &mut WholeWalker, body: &[u8], limits: Limits) -> Recording {
    let mut recorder = Recorder::default();
    let (summary, result) = walker.walk(body, &limits, ALL, &mut recorder);
    recorder.recording(summary, result)
}

#[derive(Default)]
struct Recorder {
    entries: Vec<RecordedEntry>,
    failures: Vec<NestedFailure>,
    /// The current entry at each depth, by its place in `entries`.
    open: Vec<usize>,
}

impl Recorder {
    fn recording(self, summary: Summary, result: Result<(), ArchiveError>) -> Recording {
        let whole = self.entries.iter().filter(|entry| entry.is_whole).count();
        assert_eq!(
            summary.entry_count, whole as u64,
            "the summary counts what has ended"
        );
        Recording {
            entries: self.entries,
            failures: self.failures,
            summary,
            error: result.err(),
        }
    }

    fn at(&mut self, depth: usize) -> &mut RecordedEntry {
        let current = *self.open.get(depth).expect("an entry has begun");
        &mut self.entries[current]
    }
}

impl Visitor for Recorder {
    fn entry(&mut self, entry: Entry) {
        assert_eq!(entry.index, self.entries.len() as u64);
        assert_eq!(
            self.open.len(),
            entry.depth(),
            "the entry before has ended, and the one that holds the archive has not"
        );
        let holders = self.open.iter().map(|open| &self.entries[*open].entry.path);
        assert!(entry.parents.iter().eq(holders));
        self.open.push(self.entries.len());
        self.entries.push(RecordedEntry {
            entry,
            content: Vec::new(),
            is_whole: false,
            anomalies: Anomalies::default(),
        });
    }

    fn data(&mut self, depth: usize, bytes: &[u8]) {
        self.at(depth).content.extend_from_slice(bytes);
    }

    fn end(&mut self, depth: usize, anomalies: Anomalies) {
        let current = self.at(depth);
        current.is_whole = true;
        current.anomalies = anomalies;
        self.open.truncate(depth);
    }

    fn nested_failed(&mut self, path: &[String], error: &ArchiveError) {
        let holders = self.open[..path.len()].iter();
        assert!(
            path.iter()
                .eq(holders.map(|open| &self.entries[*open].entry.path))
        );
        self.failures.push(NestedFailure {
            path: path.to_vec(),
            error: error.clone(),
            begun: self.entries.len(),
        });
    }
}
