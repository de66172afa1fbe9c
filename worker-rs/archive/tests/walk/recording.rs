//! A visitor that keeps all that it is told.

use rustpipe_archive::{
    Anomalies, ArchiveError, Entry, Limits, Summary, Visitor, Walker, Wanted, WholeWalker,
};

/// All that a walk tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recording {
    pub(crate) entries: Vec<RecordedEntry>,
    pub(crate) summary: Summary,
    pub(crate) error: Option<ArchiveError>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordedEntry {
    pub(crate) entry: Entry,
    pub(crate) content: Vec<u8>,
    pub(crate) is_whole: bool,
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
}

/// Walks `body` in every way, with the default limits.
pub(crate) fn walk(body: impl AsRef<[u8]>) -> Recording {
    walk_within(body, Limits::default())
}

/// Walks `body` in every way; all must tell the same.
pub(crate) fn walk_within(body: impl AsRef<[u8]>, limits: Limits) -> Recording {
    let body = body.as_ref();
    let recording = walk_in_chunks(body, limits, || usize::MAX);
    assert_eq!(
        walk_whole(&mut WholeWalker::new(), body, limits),
        recording,
        "WholeWalker against Walker"
    );
    if body.len() <= 64 << 10 {
        assert_eq!(
            walk_in_chunks(body, limits, || 1),
            recording,
            "byte by byte against in one piece"
        );
    }
    recording
}

/// Pushes `body` in pieces of the sizes that `chunk_size` gives.
pub(crate) fn walk_in_chunks(
    body: &[u8],
    limits: Limits,
    mut chunk_size: impl FnMut() -> usize,
) -> Recording {
    let mut recorder = Recorder::default();
    let mut walker = Walker::new(limits, Wanted::default());
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
    let (summary, result) = walker.walk(body, &limits, Wanted::default(), &mut recorder);
    recorder.recording(summary, result)
}

#[derive(Default)]
struct Recorder {
    entries: Vec<RecordedEntry>,
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
            summary,
            error: result.err(),
        }
    }

    fn current(&mut self) -> &mut RecordedEntry {
        self.entries
            .last_mut()
            .filter(|entry| !entry.is_whole)
            .expect("an entry has begun and not ended")
    }
}

impl Visitor for Recorder {
    fn entry(&mut self, entry: Entry) {
        assert!(
            self.entries.last().is_none_or(|entry| entry.is_whole),
            "the entry before has ended"
        );
        assert_eq!(entry.index, self.entries.len() as u64);
        self.entries.push(RecordedEntry {
            entry,
            content: Vec::new(),
            is_whole: false,
        });
    }

    fn data(&mut self, _: usize, bytes: &[u8]) {
        self.current().content.extend_from_slice(bytes);
    }

    fn end(&mut self, _: usize, _: Anomalies) {
        self.current().is_whole = true;
    }

    fn nested_failed(&mut self, _: &[String], _: &ArchiveError) {}
}
