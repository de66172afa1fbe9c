//! The table `fetches`: one row for each input, whatever happened to it.

use rustpipe_archive::Summary;
use rustpipe_fetch::Report;
use rustpipe_protocol::{RowsWriter, Status, TableRows};

use crate::failure::Failure;
use crate::limits::cut;
use crate::pipeline::Findings;
use crate::table::{ColumnSpec, Cost, TableSpec};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchField {
    FinalUrl,
    Status,
    ErrorCode,
    ErrorMessage,
    HttpStatus,
    ContentType,
    ContentLength,
    Attempts,
    FetchedAt,
    FetchMs,
    BytesDownloaded,
    Sha256,
    ArchiveFormat,
    UncompressedBytes,
    EntryCount,
    FileCount,
    WorkerVersion,
}

use FetchField as F;

/// The table's declaration.
pub(crate) static TABLE: TableSpec<FetchField> = TableSpec {
    name: "fetches",
    comment: "One row per URL, whatever happened",
    rows_per_input: TableRows::One,
    base_cost: Cost::None,
    columns: &[
        ColumnSpec::new(F::FinalUrl, "final_url", "string", Cost::Head).nullable().comment("The URL that answered, after redirects"),
        ColumnSpec::new(F::Status, "status", "string", Cost::Entries).comment("SUCCEEDED; PARTIALLY_SUCCEEDED: the body arrived but is no archive that can be read to its end; FAILED: the body did not arrive"),
        ColumnSpec::new(F::ErrorCode, "error_code", "string", Cost::Entries).nullable().comment("Class of the failure, of a closed list"),
        ColumnSpec::new(F::ErrorMessage, "error_message", "string", Cost::Entries).nullable().comment("What happened, and what to do"),
        ColumnSpec::new(F::HttpStatus, "http_status", "int", Cost::Head).nullable().comment("Status of the last answer"),
        ColumnSpec::new(F::ContentType, "content_type", "string", Cost::Head).nullable().comment("Content-Type as sent"),
        ColumnSpec::new(F::ContentLength, "content_length", "bigint", Cost::Head).nullable().comment("Content-Length as sent, in bytes"),
        ColumnSpec::new(F::Attempts, "attempts", "int", Cost::Body).comment("Requests of the URL, redirects not counted; 0 if it was refused before any"),
        ColumnSpec::new(F::FetchedAt, "fetched_at", "timestamp", Cost::Body).comment("When the last attempt began"),
        ColumnSpec::new(F::FetchMs, "fetch_ms", "bigint", Cost::Body).comment("Milliseconds from beginning to end, all attempts and waits together"),
        ColumnSpec::new(F::BytesDownloaded, "bytes_downloaded", "bigint", Cost::Body).comment("Bytes of the body that arrived in the last attempt"),
        ColumnSpec::new(F::Sha256, "sha256", "string", Cost::Body).nullable().comment("SHA-256 of the body in hexadecimal digits; null unless it arrived whole"),
        ColumnSpec::new(F::ArchiveFormat, "archive_format", "string", Cost::Entries).nullable().comment("tar or tar+gzip, found by the body's bytes"),
        ColumnSpec::new(F::UncompressedBytes, "uncompressed_bytes", "bigint", Cost::Entries).nullable().comment("Bytes of the tar stream, as far as it could be read"),
        ColumnSpec::new(F::EntryCount, "entry_count", "bigint", Cost::Entries).nullable().comment("Entries read whole, of every type"),
        ColumnSpec::new(F::FileCount, "file_count", "bigint", Cost::Entries).nullable().comment("Files among them"),
        ColumnSpec::new(F::WorkerVersion, "worker_version", "string", Cost::None).comment("Version of the worker"),
    ],
};

/// All that is known of an input at its end.
pub(crate) struct Facts<'a> {
    pub(crate) report: &'a Report,
    pub(crate) findings: &'a Findings,
    pub(crate) status: Status,
    pub(crate) failure: Option<&'a Failure>,
}

impl Facts<'_> {
    /// Writes the input's row.
    pub(crate) fn write(&self, fields: &[FetchField], row: &mut RowsWriter) {
        row.begin_row();
        for &field in fields {
            self.write_field(field, row);
        }
    }

    fn write_field(&self, field: FetchField, row: &mut RowsWriter) {
        let head = self.report.head.as_ref();
        match field {
            FetchField::FinalUrl => row.string_or_null(head.map(|head| cut(&head.final_url))),
            FetchField::Status => row.string(self.status.as_str()),
            FetchField::ErrorCode => {
                row.string_or_null(self.failure.map(|failure| failure.code.as_str()));
            }
            FetchField::ErrorMessage => {
                row.string_or_null(self.failure.map(|failure| failure.message.as_str()));
            }
            FetchField::HttpStatus => {
                row.unsigned_or_null(head.map(|head| head.http_status.into()));
            }
            FetchField::ContentType => {
                row.string_or_null(head.and_then(|head| head.content_type.as_deref()).map(cut));
            }
            FetchField::ContentLength => {
                row.unsigned_or_null(head.and_then(|head| head.content_length));
            }
            FetchField::Attempts => row.integer(self.report.attempts.into()),
            FetchField::FetchedAt => row.integer(self.report.fetched_at_micros),
            FetchField::FetchMs => row.unsigned(self.report.fetch_ms),
            FetchField::BytesDownloaded => row.unsigned(self.report.bytes_downloaded),
            FetchField::Sha256 => {
                let digest = self.findings.sha256.as_ref();
                row.string_or_null(
                    digest.map(|digest| std::str::from_utf8(digest).expect("digits are ASCII")),
                );
            }
            FetchField::ArchiveFormat => {
                let summary = self.findings.summary.as_ref();
                let format = summary.and_then(|summary| summary.format);
                row.string_or_null(format.map(rustpipe_archive::Format::as_str));
            }
            FetchField::UncompressedBytes => {
                row.unsigned_or_null(self.archive(|summary| summary.uncompressed_bytes));
            }
            FetchField::EntryCount => {
                row.unsigned_or_null(self.archive(|summary| summary.entry_count));
            }
            FetchField::FileCount => {
                row.unsigned_or_null(self.archive(|summary| summary.file_count));
            }
            FetchField::WorkerVersion => row.string(env!("CARGO_PKG_VERSION")),
        }
    }

    /// A number of the archive; none where the body is no archive at all.
    fn archive(&self, number: impl Fn(&Summary) -> u64) -> Option<u64> {
        self.findings
            .summary
            .as_ref()
            .filter(|summary| summary.format.is_some())
            .map(number)
    }
}
