//! The table `fetches`: one row for each input, whatever happened to it.

use rustpipe_archive::{Anomaly, Format, Summary};
use rustpipe_fetch::Report;
use rustpipe_protocol::{RowsWriter, Status, TableRows};

use crate::failure::Failure;
use crate::integrity::Algorithm;
use crate::limits::{cut, cut_short};
use crate::pipeline::Findings;
use crate::table::{ColumnSpec, Cost, TableSpec};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchField {
    FinalUrl,
    Redirects,
    RemoteIp,
    Attempts,
    Status,
    ErrorCode,
    ErrorMessage,
    HttpStatus,
    ContentType,
    ContentLength,
    Etag,
    LastModified,
    FetchedAt,
    WaitMs,
    FetchMs,
    ScanMs,
    BytesDownloaded,
    Sha1,
    Sha256,
    Sha512,
    ExpectedIntegrity,
    IntegrityOk,
    ArchiveFormat,
    GzipMembers,
    UncompressedBytes,
    CompressionRatio,
    EntryCount,
    FileCount,
    RootDirs,
    TrailingBytes,
    LimitsHit,
    Anomalies,
    Errors,
    WorkerVersion,
    WorkerSha256,
    RulesetSha256,
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
        ColumnSpec::new(F::Redirects, "redirects", "array<string>", Cost::Head).comment("The URLs that redirected in the last attempt, in order"),
        ColumnSpec::new(F::RemoteIp, "remote_ip", "string", Cost::Head).nullable().comment("Address that answered"),
        ColumnSpec::new(F::Attempts, "attempts", "int", Cost::Body).account().comment("Requests of the URL, redirects not counted; 0 if it was refused before any"),
        ColumnSpec::new(F::Status, "status", "string", Cost::Entries).account().comment("SUCCEEDED; PARTIALLY_SUCCEEDED: the body arrived but it, or an archive in it, can't be read to its end; FAILED: the body did not arrive, or is not the expected one"),
        ColumnSpec::new(F::ErrorCode, "error_code", "string", Cost::Entries).nullable().account().comment("Class of the first failure, of a closed list"),
        ColumnSpec::new(F::ErrorMessage, "error_message", "string", Cost::Entries).nullable().account().comment("What happened, and what to do"),
        ColumnSpec::new(F::HttpStatus, "http_status", "int", Cost::Head).nullable().comment("Status of the last answer"),
        ColumnSpec::new(F::ContentType, "content_type", "string", Cost::Head).nullable().comment("Content-Type as sent"),
        ColumnSpec::new(F::ContentLength, "content_length", "bigint", Cost::Head).nullable().comment("Content-Length as sent, in bytes"),
        ColumnSpec::new(F::Etag, "etag", "string", Cost::Head).nullable().comment("ETag as sent"),
        ColumnSpec::new(F::LastModified, "last_modified", "timestamp", Cost::Head).nullable().comment("Last-Modified; null also where it is no HTTP date"),
        ColumnSpec::new(F::FetchedAt, "fetched_at", "timestamp", Cost::Body).account().comment("When the last attempt began"),
        ColumnSpec::new(F::WaitMs, "wait_ms", "bigint", Cost::Body).account().comment("Milliseconds of waiting before retries, because the server asked for it or out of politeness"),
        ColumnSpec::new(F::FetchMs, "fetch_ms", "bigint", Cost::Body).account().comment("Milliseconds of network, all attempts together, without waits and the work on the body"),
        ColumnSpec::new(F::ScanMs, "scan_ms", "bigint", Cost::Entries).nullable().comment("Milliseconds of work on the body: digests, decompression, the walk over the archive"),
        ColumnSpec::new(F::BytesDownloaded, "bytes_downloaded", "bigint", Cost::Body).nullable().comment("Bytes of the body that arrived in the last attempt"),
        ColumnSpec::new(F::Sha1, "sha1", "string", Cost::Body).nullable().comment("SHA-1 of the body in hexadecimal digits; null unless it arrived whole"),
        ColumnSpec::new(F::Sha256, "sha256", "string", Cost::Body).nullable().comment("SHA-256 of the body in hexadecimal digits; null unless it arrived whole"),
        ColumnSpec::new(F::Sha512, "sha512", "string", Cost::Body).nullable().comment("SHA-512 of the body in hexadecimal digits; null unless it arrived whole"),
        ColumnSpec::new(F::ExpectedIntegrity, "expected_integrity", "string", Cost::None).nullable().comment("What the manifest says the body's digest must be"),
        ColumnSpec::new(F::IntegrityOk, "integrity_ok", "boolean", Cost::Body).nullable().comment("Whether the body has that digest; null where nothing is expected or the body did not arrive whole"),
        ColumnSpec::new(F::ArchiveFormat, "archive_format", "string", Cost::Entries).nullable().comment("As in tar+gzip, found by the body's bytes, never by a name; null where the body is no archive, as all that follows from it"),
        ColumnSpec::new(F::GzipMembers, "gzip_members", "int", Cost::Entries).nullable().comment("Members of the gzip stream; null without one"),
        ColumnSpec::new(F::UncompressedBytes, "uncompressed_bytes", "bigint", Cost::Entries).nullable().comment("Bytes of the tar stream, as far as it could be read"),
        ColumnSpec::new(F::CompressionRatio, "compression_ratio", "double", Cost::Entries).nullable().comment("uncompressed_bytes divided by bytes_downloaded"),
        ColumnSpec::new(F::EntryCount, "entry_count", "bigint", Cost::Entries).nullable().comment("Entries read whole, of every type, those of archives in the archive included"),
        ColumnSpec::new(F::FileCount, "file_count", "bigint", Cost::Entries).nullable().comment("Files among them: REGULAR and SPARSE"),
        ColumnSpec::new(F::RootDirs, "root_dirs", "array<string>", Cost::Entries).nullable().comment("The different first components of the paths, in order of appearance; the first 100, each cut at 2 KiB"),
        ColumnSpec::new(F::TrailingBytes, "trailing_bytes", "bigint", Cost::Entries).nullable().comment("Bytes behind the end of the archive that belong to nothing, from the first one that is not zero"),
        ColumnSpec::new(F::LimitsHit, "limits_hit", "array<string>", Cost::Entries).account().comment("The limits that were hit, by the names in error messages; body_bytes for a body that is too large, nested_depth for archives in archives that were not looked into"),
        ColumnSpec::new(F::Anomalies, "anomalies", "array<string>", Cost::Entries).nullable().comment("Oddities of the archive and of all its entries, as words of a closed list: evidence that programs may read it differently"),
        ColumnSpec::new(F::Errors, "errors", "array<struct<stage:string,path:string,offset:bigint,code:string,message:string>>", Cost::Entries).account().comment("All failures, the one of error_code first; of archives in the archive the first 100. stage is fetch, integrity, decompress, archive or internal; path names the archive in the archive as in a.tgz!/b.tgz, null for the input itself; offset is where in the uncompressed stream, null where that is not known"),
        ColumnSpec::new(F::WorkerVersion, "worker_version", "string", Cost::None).comment("Version of the worker"),
        ColumnSpec::new(F::WorkerSha256, "worker_sha256", "string", Cost::None).nullable().comment("SHA-256 of the worker's executable in hexadecimal digits; null where it can't be read"),
        ColumnSpec::new(F::RulesetSha256, "ruleset_sha256", "string", Cost::None).nullable().comment("SHA-256 of the rules in use; null without rules, and this worker has none"),
    ],
};

/// All that is known of an input at its end.
pub(crate) struct Facts<'a> {
    pub(crate) report: &'a Report,
    pub(crate) findings: &'a Findings,
    pub(crate) fetch_ms: u64,
    pub(crate) scan_ms: u64,
    pub(crate) expected_integrity: Option<&'a str>,
    pub(crate) integrity_ok: Option<bool>,
    pub(crate) status: Status,
    pub(crate) failures: &'a [Failure],
    pub(crate) worker_sha256: Option<&'a [u8]>,
}

impl Facts<'_> {
    /// Writes the input's row.
    pub(crate) fn write(&self, fields: &[Option<FetchField>], row: &mut RowsWriter) {
        row.begin_row();
        for field in fields {
            match field {
                Some(field) => self.write_field(*field, row),
                None => row.null(),
            }
        }
    }

    fn write_field(&self, field: FetchField, row: &mut RowsWriter) {
        let report = self.report;
        let head = report.head.as_ref();
        match field {
            F::FinalUrl => row.string_or_null(head.map(|head| cut(&head.final_url))),
            F::Redirects => row.strings(report.redirects.iter().map(|url| cut(url))),
            F::RemoteIp => {
                let address = head.and_then(|head| head.remote_ip);
                row.string_or_null(address.map(|address| address.to_string()).as_deref());
            }
            F::Attempts => row.integer(report.attempts.into()),
            F::Status => row.string(self.status.as_str()),
            F::ErrorCode => {
                row.string_or_null(self.failures.first().map(|failure| failure.code.as_str()));
            }
            F::ErrorMessage => {
                row.string_or_null(self.failures.first().map(|failure| &*failure.message));
            }
            F::HttpStatus => row.unsigned_or_null(head.map(|head| head.http_status.into())),
            F::ContentType => {
                row.string_or_null(head.and_then(|head| head.content_type.as_deref()).map(cut));
            }
            F::ContentLength => row.unsigned_or_null(head.and_then(|head| head.content_length)),
            F::Etag => row.string_or_null(head.and_then(|head| head.etag.as_deref()).map(cut)),
            F::LastModified => row.integer_or_null(head.and_then(|head| head.last_modified)),
            F::FetchedAt => row.integer(report.fetched_at_micros),
            F::WaitMs => row.unsigned(report.wait_ms),
            F::FetchMs => row.unsigned(self.fetch_ms),
            F::ScanMs => row.unsigned(self.scan_ms),
            F::BytesDownloaded => row.unsigned(report.bytes_downloaded),
            F::Sha1 => self.write_digest(Algorithm::Sha1, row),
            F::Sha256 => self.write_digest(Algorithm::Sha256, row),
            F::Sha512 => self.write_digest(Algorithm::Sha512, row),
            F::ExpectedIntegrity => row.string_or_null(self.expected_integrity.map(cut)),
            F::IntegrityOk => match self.integrity_ok {
                Some(is_ok) => row.boolean(is_ok),
                None => row.null(),
            },
            F::LimitsHit => self.write_limits(row),
            F::Errors => {
                row.begin_list();
                self.failures.iter().for_each(|failure| failure.write(row));
                row.end_list();
            }
            F::WorkerVersion => row.string(env!("CARGO_PKG_VERSION")),
            F::WorkerSha256 => hex_or_null(self.worker_sha256, row),
            F::RulesetSha256 => row.null(),
            F::ArchiveFormat
            | F::GzipMembers
            | F::UncompressedBytes
            | F::CompressionRatio
            | F::EntryCount
            | F::FileCount
            | F::RootDirs
            | F::TrailingBytes
            | F::Anomalies => {
                let summary = self.findings.summary.as_ref();
                // A body that is no archive at all has none of these.
                match summary.and_then(|summary| Some((summary, summary.format?))) {
                    Some((summary, format)) => self.write_archive(field, format, summary, row),
                    None => row.null(),
                }
            }
        }
    }

    fn write_archive(
        &self,
        field: FetchField,
        format: Format,
        summary: &Summary,
        row: &mut RowsWriter,
    ) {
        match field {
            F::ArchiveFormat => row.string(format.as_str()),
            F::GzipMembers => row.unsigned_or_null(summary.gzip_members.map(as_int)),
            F::UncompressedBytes => row.unsigned(summary.uncompressed_bytes),
            F::CompressionRatio => {
                row.double(ratio(
                    summary.uncompressed_bytes,
                    self.report.bytes_downloaded,
                ));
            }
            F::EntryCount => row.unsigned(summary.entry_count),
            F::FileCount => row.unsigned(summary.file_count),
            F::RootDirs => row.strings(summary.root_dirs.iter().map(|name| cut_short(name))),
            F::TrailingBytes => row.unsigned(summary.trailing_bytes),
            F::Anomalies => row.strings(summary.anomalies.iter().map(Anomaly::as_str)),
            _ => unreachable!("{field:?} is no column of archives"),
        }
    }

    fn write_digest(&self, algorithm: Algorithm, row: &mut RowsWriter) {
        hex_or_null(self.findings.digests.get(algorithm), row);
    }

    fn write_limits(&self, row: &mut RowsWriter) {
        let failed = self.failures.iter().filter_map(|failure| failure.limit);
        let is_too_deep = self
            .findings
            .summary
            .as_ref()
            .is_some_and(|summary| summary.anomalies.contains(Anomaly::NestedTooDeep));
        let mut names: Vec<_> = failed
            .chain(is_too_deep.then_some("nested_depth"))
            .collect();
        names.sort_unstable();
        names.dedup();
        row.strings(names);
    }
}

fn hex_or_null(digest: Option<&[u8]>, row: &mut RowsWriter) {
    match digest {
        Some(digest) => row.hex(digest),
        None => row.null(),
    }
}

/// A count for a column of type int.
fn as_int(count: u64) -> u64 {
    count.min(i32::MAX.unsigned_abs().into())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "both are far below the 2^53 that a double holds"
)]
fn ratio(uncompressed: u64, compressed: u64) -> f64 {
    uncompressed as f64 / compressed as f64
}
