//! The table `entries`: its columns, and how an entry becomes a row.

use rustpipe_archive::{Anomalies, Anomaly, Entry};
use rustpipe_protocol::{RowsWriter, TableRows};

use crate::content::{Content, Wants};
use crate::table::{ColumnSpec, Cost, TableSpec};

/// Set-user-ID to others' execute. Some packers store the file type above them; `entry_type` says that.
const PERMISSION_BITS: u32 = 0o7777;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryField {
    EntryIndex,
    Path,
    PathRaw,
    RelativePath,
    ParentArchive,
    Depth,
    EntryType,
    Typeflag,
    TarFormat,
    Size,
    Mode,
    Uid,
    Gid,
    Uname,
    Gname,
    Mtime,
    LinkTarget,
    Pax,
    HeaderOffset,
    DataOffset,
    Anomalies,
    Sha256,
    Sha1,
    Md5,
    IsText,
    Lines,
    ExecutableFormat,
    Content,
    ContentTruncated,
    ArchiveSha256,
}

use EntryField as F;

/// The table's declaration.
pub(crate) static TABLE: TableSpec<EntryField> = TableSpec {
    name: "entries",
    comment: "One row per archive entry, those of archives in the archive included",
    rows_per_input: TableRows::Many,
    base_cost: Cost::Entries,
    columns: &[
        ColumnSpec::new(F::EntryIndex, "entry_index", "bigint", Cost::Entries).comment("Position among all entries of the input, from 0; the entries of an archive in it follow the entry that holds it"),
        ColumnSpec::new(F::Path, "path", "string", Cost::Entries).comment("Name as stored in the archive; bytes that are not UTF-8 are shown as U+FFFD"),
        ColumnSpec::new(F::PathRaw, "path_raw", "binary", Cost::Entries).nullable().comment("The bytes of the name, where they are not UTF-8; else null"),
        ColumnSpec::new(F::RelativePath, "relative_path", "string", Cost::Entries).nullable().comment("path less its first component, the folder that most archives wrap around all; ./ and / at its beginning don't count as one. Null where nothing is left"),
        ColumnSpec::new(F::ParentArchive, "parent_archive", "array<string>", Cost::Entries).comment("Paths of the archives that the entry is in, the outermost first; empty in the input itself"),
        ColumnSpec::new(F::Depth, "depth", "int", Cost::Entries).comment("In how many archives within the input the entry is; 0 in the input itself"),
        ColumnSpec::new(F::EntryType, "entry_type", "string", Cost::Entries).comment("REGULAR, HARDLINK, SYMLINK, DIRECTORY, CHAR, BLOCK, FIFO, SPARSE or OTHER"),
        ColumnSpec::new(F::Typeflag, "typeflag", "string", Cost::Entries).comment("Type flag as stored, one character; empty for NUL, which old archives have for files"),
        ColumnSpec::new(F::TarFormat, "tar_format", "string", Cost::Entries).comment("Dialect of the header: v7, ustar, gnu, pax or star"),
        ColumnSpec::new(F::Size, "size", "bigint", Cost::Entries).comment("Size in bytes; for SPARSE the size with its holes"),
        ColumnSpec::new(F::Mode, "mode", "int", Cost::Entries).nullable().comment("Permission bits"),
        ColumnSpec::new(F::Uid, "uid", "bigint", Cost::Entries).nullable().comment("Number of the owner"),
        ColumnSpec::new(F::Gid, "gid", "bigint", Cost::Entries).nullable().comment("Number of the group"),
        ColumnSpec::new(F::Uname, "uname", "string", Cost::Entries).nullable().comment("Name of the owner"),
        ColumnSpec::new(F::Gname, "gname", "string", Cost::Entries).nullable().comment("Name of the group"),
        ColumnSpec::new(F::Mtime, "mtime", "timestamp", Cost::Entries).nullable().comment("Modification time as stored"),
        ColumnSpec::new(F::LinkTarget, "link_target", "string", Cost::Entries).nullable().comment("Target of a hard or symbolic link as stored"),
        ColumnSpec::new(F::Pax, "pax", "map<string,string>", Cost::Entries).comment("PAX records that apply to the entry, its own over global ones"),
        ColumnSpec::new(F::HeaderOffset, "header_offset", "bigint", Cost::Entries).comment("Where the entry's first header block begins, extension headers included, in bytes of its tar stream"),
        ColumnSpec::new(F::DataOffset, "data_offset", "bigint", Cost::Entries).comment("Where the content begins, in bytes of its tar stream"),
        ColumnSpec::new(F::Anomalies, "anomalies", "array<string>", Cost::Entries).comment("Oddities of the entry, as words of a closed list: evidence that programs may read it differently"),
        ColumnSpec::new(F::Sha256, "sha256", "string", Cost::Content).nullable().comment("SHA-256 of the content in hexadecimal digits; null unless REGULAR, as all that follows from the content"),
        ColumnSpec::new(F::Sha1, "sha1", "string", Cost::Content).nullable().comment("SHA-1 of the content in hexadecimal digits"),
        ColumnSpec::new(F::Md5, "md5", "string", Cost::Content).nullable().comment("MD5 of the content in hexadecimal digits"),
        ColumnSpec::new(F::IsText, "is_text", "boolean", Cost::Content).nullable().comment("Whether the first 8,000 bytes of the content have no NUL, as git tells text from binary; true if it is empty"),
        ColumnSpec::new(F::Lines, "lines", "bigint", Cost::Content).nullable().comment("Newlines in the content, and one for a last line without, also where it is no text"),
        ColumnSpec::new(F::ExecutableFormat, "executable_format", "string", Cost::Content).nullable().comment("ELF, PE, MACHO, WASM, or SCRIPT for #!, by the first 4 KiB of the content; else null"),
        ColumnSpec::new(F::Content, "content", "binary", Cost::Content).nullable().comment("The content, cut at 8 MiB, or before if names of MiB leave a row no room for it"),
        ColumnSpec::new(F::ContentTruncated, "content_truncated", "boolean", Cost::Content).nullable().comment("Whether content is cut"),
        ColumnSpec::new(F::ArchiveSha256, "archive_sha256", "string", Cost::Body).nullable().comment("SHA-256 of the input's body, as sha256 in fetches; null unless it arrived whole. Known at the end only: up to 16 MiB of an input's rows wait for it, and an input that has more ends with LIMIT"),
    ],
};

/// What the columns want of contents.
pub(crate) fn wants(fields: &[Option<EntryField>]) -> Wants {
    let wants = |field| fields.contains(&Some(field));
    Wants {
        sha256: wants(F::Sha256),
        sha1: wants(F::Sha1),
        md5: wants(F::Md5),
        is_text: wants(F::IsText),
        lines: wants(F::Lines),
        executable_format: wants(F::ExecutableFormat),
        length: wants(F::ContentTruncated),
        bytes: wants(F::Content),
    }
}

/// All that is known of an entry at its end.
pub(crate) struct EntryFacts<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) anomalies: Anomalies,
    /// Only of regular files.
    pub(crate) content: Option<&'a Content>,
    /// Bytes of the content to write.
    pub(crate) content_bytes: usize,
    /// Of the whole body, if it's known.
    pub(crate) archive_sha256: Option<&'a [u8]>,
}

impl EntryFacts<'_> {
    /// Writes the entry's row, but for its end.
    pub(crate) fn write(&self, fields: &[Option<EntryField>], row: &mut RowsWriter) {
        row.begin_row();
        for field in fields {
            match field {
                Some(field) => self.write_field(*field, row),
                None => row.null(),
            }
        }
    }

    #[inline]
    fn write_field(&self, field: EntryField, row: &mut RowsWriter) {
        let entry = self.entry;
        match field {
            F::EntryIndex => row.unsigned(entry.index),
            F::Path => row.string(&entry.path),
            F::PathRaw => match &entry.path_raw {
                Some(bytes) => row.binary(bytes),
                None => row.null(),
            },
            F::RelativePath => row.string_or_null(relative(&entry.path)),
            F::ParentArchive => row.strings(entry.parents.iter().map(String::as_str)),
            F::Depth => row.unsigned(entry.depth() as u64),
            F::EntryType => row.string(entry.entry_type.as_str()),
            F::Typeflag if entry.typeflag == 0 => row.string(""),
            F::Typeflag => row.string(char::from(entry.typeflag).encode_utf8(&mut [0; 4])),
            F::TarFormat => row.string(entry.tar_format.as_str()),
            F::Size => row.unsigned(entry.size),
            F::Mode => row.integer_or_null(entry.mode.map(|mode| (mode & PERMISSION_BITS).into())),
            F::Uid => row.unsigned_or_null(entry.uid),
            F::Gid => row.unsigned_or_null(entry.gid),
            F::Uname => row.string_or_null(entry.uname.as_deref()),
            F::Gname => row.string_or_null(entry.gname.as_deref()),
            F::Mtime => row.integer_or_null(entry.mtime_micros),
            F::LinkTarget => row.string_or_null(entry.link_target.as_deref()),
            F::Pax => write_pax(&entry.pax, row),
            F::HeaderOffset => row.unsigned(entry.header_offset),
            F::DataOffset => row.unsigned(entry.data_offset),
            F::Anomalies => row.strings(self.anomalies.iter().map(Anomaly::as_str)),
            F::ArchiveSha256 => match self.archive_sha256 {
                Some(digest) => row.hex(digest),
                None => row.digest_later(),
            },
            F::Sha256
            | F::Sha1
            | F::Md5
            | F::IsText
            | F::Lines
            | F::ExecutableFormat
            | F::Content
            | F::ContentTruncated => match self.content {
                Some(content) => self.write_content(field, content, row),
                None => row.null(),
            },
        }
    }

    fn write_content(&self, field: EntryField, content: &Content, row: &mut RowsWriter) {
        match field {
            F::Sha256 => row.hex(&content.sha256()),
            F::Sha1 => row.hex(&content.sha1()),
            F::Md5 => row.hex(&content.md5()),
            F::IsText => row.boolean(content.is_text()),
            F::Lines => row.unsigned(content.lines()),
            F::ExecutableFormat => row.string_or_null(content.executable_format()),
            F::Content => row.binary(&content.kept()[..self.content_bytes]),
            F::ContentTruncated => row.boolean(content.is_longer_than(self.content_bytes)),
            _ => unreachable!("{field:?} is no column of contents"),
        }
    }
}

fn write_pax(records: &[(String, String)], row: &mut RowsWriter) {
    row.begin_list();
    for (keyword, value) in records {
        row.begin_list();
        row.string(keyword);
        row.string(value);
        row.end_list();
    }
    row.end_list();
}

/// A path less its first component.
fn relative(path: &str) -> Option<&str> {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./").or(path.strip_prefix('/')) {
        path = rest;
    }
    let (_, rest) = path.split_once('/')?;
    let rest = rest.trim_start_matches('/');
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::DEFAULT_CONTENT_BYTES;

    #[test]
    fn whether_a_content_is_cut_is_told_without_keeping_it() {
        let mut content = Content::new(wants(&[Some(F::ContentTruncated)]));
        for (length, is_cut) in [
            (DEFAULT_CONTENT_BYTES, false),
            (DEFAULT_CONTENT_BYTES + 1, true),
        ] {
            content.begin();
            content.update(&vec![7; length]);
            assert!(content.kept().is_empty());
            assert_eq!(content.is_longer_than(content.shown()), is_cut);
        }
    }

    #[test]
    fn a_relative_path_lacks_the_first_component() {
        for (path, expected) in [
            ("package/index.js", Some("index.js")),
            ("./package/a/b", Some("a/b")),
            ("/package/a", Some("a")),
            ("a//b/", Some("b/")),
            ("../a", Some("a")),
            ("././package/a", Some("a")),
            ("/./package/a", Some("a")),
            (".//./package/a", Some("a")),
            (".package/a", Some("a")),
            ("package/", None),
            ("./README", None),
            ("./", None),
            ("", None),
        ] {
            assert_eq!(relative(path), expected, "{path}");
        }
    }
}
