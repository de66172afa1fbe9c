//! From the events of a walk to rows. What is known of an entry is kept until its end, so an entry that breaks off has
//! no row; while an archive in the archive is read, the entry that holds it waits.

use std::sync::Arc;

use rustpipe_archive::{Anomalies, ArchiveError, Entry, EntryType, Visitor};

use crate::content::{Content, Wants};
use crate::entries::{self, EntryFacts, EntryField};
use crate::frames::{Frames, Overflow};
use crate::nested::NestedFailures;

/// Writes an archive's entries as rows.
pub(crate) struct EntryRows {
    fields: Arc<[Option<EntryField>]>,
    wants: Wants,
    pub(crate) frames: Frames,
    /// Of the whole body, if it's known before the walk.
    archive_sha256: Option<Vec<u8>>,
    /// The current entry at each depth.
    levels: Vec<Level>,
    overflow: Option<Overflow>,
    hashed_bytes: u64,
}

/// One depth.
struct Level {
    entry: Option<Entry>,
    content: Content,
    wants_data: bool,
}

/// What is left of the rows at the walk's end.
pub(crate) struct Written {
    pub(crate) frames: Frames,
    pub(crate) overflow: Option<Overflow>,
    /// Bytes of contents that digests were made of, once for each.
    pub(crate) hashed_bytes: u64,
}

impl EntryRows {
    pub(crate) fn new(
        fields: Arc<[Option<EntryField>]>,
        frames: Frames,
        archive_sha256: Option<Vec<u8>>,
    ) -> Self {
        Self {
            wants: entries::wants(&fields),
            fields,
            frames,
            archive_sha256,
            levels: Vec::new(),
            overflow: None,
            hashed_bytes: 0,
        }
    }

    /// Whether nothing that is still to come can become a row.
    pub(crate) fn is_full(&self) -> bool {
        self.overflow.is_some()
    }

    /// The walk is over.
    pub(crate) fn finish(self) -> Written {
        Written {
            frames: self.frames,
            overflow: self.overflow,
            hashed_bytes: self.hashed_bytes,
        }
    }

    fn entry(&mut self, entry: Entry) {
        let depth = entry.depth();
        self.levels.truncate(depth + 1);
        while self.levels.len() <= depth {
            self.levels.push(Level {
                entry: None,
                content: Content::new(self.wants),
                wants_data: false,
            });
        }
        let has_content = entry.entry_type == EntryType::Regular && !self.is_full();
        let level = &mut self.levels[depth];
        level.wants_data = has_content && self.wants.anything();
        if level.wants_data {
            level.content.begin();
        }
        level.entry = Some(entry);
    }

    fn end(&mut self, depth: usize, anomalies: Anomalies) {
        if self.is_full() {
            return;
        }
        let Some(level) = self.levels.get_mut(depth) else {
            return;
        };
        let Some(entry) = &level.entry else { return };
        let mut facts = EntryFacts {
            entry,
            anomalies,
            content: level.wants_data.then_some(&level.content),
            content_bytes: level.content.shown(),
            archive_sha256: self.archive_sha256.as_deref(),
        };
        if level.wants_data {
            self.hashed_bytes += level.content.hashed_bytes();
        }
        facts.write(&self.fields, self.frames.row());
        if self.frames.excess() > 0 {
            // Names of MiB leave less room: as base64, each byte less of the content is more than one of the row.
            facts.content_bytes = facts.content_bytes.saturating_sub(self.frames.excess());
            facts.write(&self.fields, self.frames.row());
        }
        self.overflow = if self.frames.excess() > 0 {
            let entry_index = entry.index;
            Some(Overflow::Row { entry_index })
        } else {
            self.frames.end_row().err()
        };
        level.entry = None;
    }
}

/// Where a walk's events go: into rows, if there are any, and into the list of failures.
pub(crate) struct Sink {
    pub(crate) rows: Option<EntryRows>,
    pub(crate) nested: NestedFailures,
}

impl Visitor for Sink {
    fn entry(&mut self, entry: Entry) {
        if let Some(rows) = &mut self.rows {
            rows.entry(entry);
        }
    }

    fn data(&mut self, depth: usize, bytes: &[u8]) {
        let level = self
            .rows
            .as_mut()
            .and_then(|rows| rows.levels.get_mut(depth));
        if let Some(level) = level {
            level.content.update(bytes);
        }
    }

    fn end(&mut self, depth: usize, anomalies: Anomalies) {
        if let Some(rows) = &mut self.rows {
            rows.end(depth, anomalies);
        }
    }

    fn wants_data(&self, depth: usize) -> bool {
        let level = self.rows.as_ref().and_then(|rows| rows.levels.get(depth));
        level.is_some_and(|level| level.wants_data)
    }

    fn nested_failed(&mut self, path: &[String], error: &ArchiveError) {
        self.nested.add(path, error);
    }
}
