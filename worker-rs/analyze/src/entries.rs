//! The table `entries`: one row for each archive entry.

use std::sync::Arc;

use rustpipe_archive::{Anomalies, ArchiveError, Entry, EntryType, Visitor};
use rustpipe_protocol::{Slot, TableRows};
use sha2::{Digest, Sha256};

use crate::frames::Frames;
use crate::hex::{HEX_LENGTH, hex};
use crate::table::{ColumnSpec, Cost, TableSpec};

/// Set-user-ID to others' execute. Some packers store the file type above them; `entry_type` says that.
const PERMISSION_BITS: u32 = 0o7777;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryField {
    EntryIndex,
    Path,
    EntryType,
    Size,
    Mode,
    Mtime,
    Uid,
    Gid,
    Uname,
    Gname,
    LinkTarget,
    Sha256,
}

use EntryField as F;

/// The table's declaration.
pub(crate) static TABLE: TableSpec<EntryField> = TableSpec {
    name: "entries",
    comment: "One row per archive entry",
    rows_per_input: TableRows::Many,
    base_cost: Cost::Entries,
    columns: &[
        ColumnSpec::new(F::EntryIndex, "entry_index", "bigint", Cost::Entries)
            .comment("Position in the archive, from 0"),
        ColumnSpec::new(F::Path, "path", "string", Cost::Entries)
            .comment("Name as stored in the archive; bytes that are not UTF-8 are shown as U+FFFD"),
        ColumnSpec::new(F::EntryType, "entry_type", "string", Cost::Entries)
            .comment("REGULAR, HARDLINK, SYMLINK, DIRECTORY, CHAR, BLOCK, FIFO, SPARSE or OTHER"),
        ColumnSpec::new(F::Size, "size", "bigint", Cost::Entries)
            .comment("Size in bytes; for SPARSE the size with its holes"),
        ColumnSpec::new(F::Mode, "mode", "int", Cost::Entries)
            .nullable()
            .comment("Permission bits"),
        ColumnSpec::new(F::Mtime, "mtime", "timestamp", Cost::Entries)
            .nullable()
            .comment("Modification time as stored"),
        ColumnSpec::new(F::Uid, "uid", "bigint", Cost::Entries)
            .nullable()
            .comment("Number of the owner"),
        ColumnSpec::new(F::Gid, "gid", "bigint", Cost::Entries)
            .nullable()
            .comment("Number of the group"),
        ColumnSpec::new(F::Uname, "uname", "string", Cost::Entries)
            .nullable()
            .comment("Name of the owner"),
        ColumnSpec::new(F::Gname, "gname", "string", Cost::Entries)
            .nullable()
            .comment("Name of the group"),
        ColumnSpec::new(F::LinkTarget, "link_target", "string", Cost::Entries)
            .nullable()
            .comment("Target of a hard or symbolic link as stored"),
        ColumnSpec::new(F::Sha256, "sha256", "string", Cost::Content)
            .nullable()
            .comment("SHA-256 of the content in hexadecimal digits; null unless REGULAR"),
    ],
};

/// Writes an archive's entries as rows. A row is started with the entry's header, and sent only if the entry is whole.
pub(crate) struct EntryRows {
    fields: Arc<[EntryField]>,
    frames: Frames,
    content: Sha256,
    /// Where the digest of the current entry's content goes, if it's wanted.
    digest: Option<Slot>,
}

impl EntryRows {
    pub(crate) fn new(fields: Arc<[EntryField]>, frames: Frames) -> Self {
        Self {
            fields,
            frames,
            content: Sha256::new(),
            digest: None,
        }
    }

    pub(crate) fn into_frames(self) -> Frames {
        self.frames
    }
}

impl Visitor for EntryRows {
    fn entry(&mut self, entry: Entry) {
        self.digest = None;
        let row = self.frames.row();
        row.begin_row();
        for field in &*self.fields {
            match field {
                EntryField::EntryIndex => row.unsigned(entry.index),
                EntryField::Path => row.string(&entry.path),
                EntryField::EntryType => row.string(entry.entry_type.as_str()),
                EntryField::Size => row.unsigned(entry.size),
                EntryField::Mode => {
                    row.integer_or_null(entry.mode.map(|mode| (mode & PERMISSION_BITS).into()));
                }
                EntryField::Mtime => row.integer_or_null(entry.mtime_micros),
                EntryField::Uid => row.unsigned_or_null(entry.uid),
                EntryField::Gid => row.unsigned_or_null(entry.gid),
                EntryField::Uname => row.string_or_null(entry.uname.as_deref()),
                EntryField::Gname => row.string_or_null(entry.gname.as_deref()),
                EntryField::LinkTarget => row.string_or_null(entry.link_target.as_deref()),
                EntryField::Sha256 if entry.entry_type == EntryType::Regular => {
                    self.digest = Some(row.slot(HEX_LENGTH));
                    // An entry before this one may have been left in its middle.
                    self.content.reset();
                }
                EntryField::Sha256 => row.null(),
            }
        }
    }

    fn data(&mut self, _depth: usize, bytes: &[u8]) {
        self.content.update(bytes);
    }

    fn end(&mut self, _depth: usize, _anomalies: Anomalies) {
        if let Some(slot) = self.digest.take() {
            self.frames
                .row()
                .fill(slot, &hex(&self.content.finalize_reset()));
        }
        self.frames.end_row();
    }

    fn wants_data(&self, _depth: usize) -> bool {
        self.digest.is_some()
    }

    fn nested_failed(&mut self, _path: &[String], _error: &ArchiveError) {}
}
