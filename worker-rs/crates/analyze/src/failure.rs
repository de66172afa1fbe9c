//! Why an input failed, as rows and frames tell it.

use rustpipe_archive::ArchiveError;
use rustpipe_fetch::FetchError;
use rustpipe_protocol::{ErrorCode, RowsWriter};

use crate::cpu::Panicked;
use crate::frames::Overflow;
use crate::limits::{cut, cut_short};
use crate::nested::NestedFailure;
use crate::resume::{BadToken, Changed};

/// A failure with its class and message.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    stage: Stage,
    /// The archive within the input that it is about.
    path: Option<String>,
    offset: Option<u64>,
    /// The limit that was hit.
    pub(crate) limit: Option<&'static str>,
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    pub(crate) retryable: bool,
}

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Fetch,
    Integrity,
    Decompress,
    Archive,
    Internal,
}

impl Stage {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Integrity => "integrity",
            Self::Decompress => "decompress",
            Self::Archive => "archive",
            Self::Internal => "internal",
        }
    }
}

impl Failure {
    /// The body did not arrive.
    pub(crate) fn fetch(error: &FetchError) -> Self {
        Self {
            stage: Stage::Fetch,
            path: None,
            offset: None,
            limit: matches!(error, FetchError::TooLarge { .. }).then_some("body_bytes"),
            code: ErrorCode::from_text(error.code()).unwrap_or(ErrorCode::Internal),
            message: cut(&error.to_string()).to_owned(),
            retryable: error.retryable(),
        }
    }

    /// What the manifest expects of the body can't be read.
    pub(crate) fn bad_input(url: Option<&str>, reason: &str) -> Self {
        Self::of(Stage::Integrity, ErrorCode::BadInput, url, reason)
    }

    /// An input that can't be continued where it says.
    pub(crate) fn bad_token(url: Option<&str>, error: BadToken) -> Self {
        Self::of(
            Stage::Integrity,
            ErrorCode::BadInput,
            url,
            &error.to_string(),
        )
    }

    /// A body that is the same as before, and gives fewer rows than have left.
    pub(crate) fn missing(url: Option<&str>, missing: u64, left: u64) -> Self {
        let reason = format!(
            "its resume token says that {left} rows have left, but the same body has {missing} fewer; give back a token in the query that it comes from"
        );
        Self::of(Stage::Integrity, ErrorCode::BadInput, url, &reason)
    }

    /// The body is not the one whose rows have left.
    pub(crate) fn changed(url: Option<&str>, changed: &Changed) -> Self {
        let reason = changed.to_string();
        Self::of(Stage::Integrity, ErrorCode::ContentChanged, url, &reason)
    }

    /// The body is not the one that the manifest expects.
    pub(crate) fn mismatch(url: Option<&str>, reason: &str) -> Self {
        Self::of(Stage::Integrity, ErrorCode::IntegrityMismatch, url, reason)
    }

    /// The body is no archive that can be read to its end.
    pub(crate) fn archive(url: Option<&str>, error: &ArchiveError) -> Self {
        let (stage, code) = class(error);
        Self {
            offset: offset(error),
            limit: limit(error),
            ..Self::of(stage, code, url, &reason(error))
        }
    }

    /// An archive within the body can't be read to its end.
    pub(crate) fn nested(url: Option<&str>, failure: &NestedFailure) -> Self {
        let NestedFailure { path, error } = failure;
        let (stage, code) = class(error);
        Self {
            path: Some(path.clone()),
            offset: offset(error),
            limit: limit(error),
            ..Self::of(stage, code, url, &format!("{}, in {path}", reason(error)))
        }
    }

    /// More archives within the body can't be read than are listed.
    pub(crate) fn more_nested(url: Option<&str>, more: u64) -> Self {
        let reason = format!("{more} more archives in the archive could not be read to their end");
        Self::of(Stage::Archive, ErrorCode::Limit, url, &reason)
    }

    /// The rows are more than can be held or sent.
    pub(crate) fn overflow(url: Option<&str>, overflow: &Overflow) -> Self {
        Self::of(Stage::Archive, ErrorCode::Limit, url, &overflow.to_string())
    }

    /// A defect of the worker.
    pub(crate) fn internal(url: Option<&str>, panicked: &Panicked) -> Self {
        let reason = format!(
            "a defect of the worker, please report it: {}",
            panicked.message
        );
        Self::of(Stage::Internal, ErrorCode::Internal, url, &reason)
    }

    fn of(stage: Stage, code: ErrorCode, url: Option<&str>, reason: &str) -> Self {
        let message = match url {
            Some(url) => cut(&format!("{reason}, in {url}")).to_owned(),
            None => cut(reason).to_owned(),
        };
        Self {
            stage,
            path: None,
            offset: None,
            limit: None,
            code,
            message,
            retryable: code.retryable(),
        }
    }

    /// Writes it as an element of the column `errors`.
    pub(crate) fn write(&self, row: &mut RowsWriter) {
        row.begin_list();
        row.string(self.stage.as_str());
        row.string_or_null(self.path.as_deref());
        row.unsigned_or_null(self.offset);
        row.string(self.code.as_str());
        row.string(cut_short(&self.message));
        row.end_list();
    }
}

fn class(error: &ArchiveError) -> (Stage, ErrorCode) {
    match error {
        ArchiveError::NotAnArchive { .. } => (Stage::Archive, ErrorCode::NotAnArchive),
        ArchiveError::BadGzip { .. } => (Stage::Decompress, ErrorCode::BadGzip),
        ArchiveError::BadZstd { .. } => (Stage::Decompress, ErrorCode::BadZstd),
        ArchiveError::BadXz { .. } => (Stage::Decompress, ErrorCode::BadXz),
        ArchiveError::BadBzip2 { .. } => (Stage::Decompress, ErrorCode::BadBzip2),
        ArchiveError::BadTar { .. } => (Stage::Archive, ErrorCode::BadTar),
        ArchiveError::Limit { .. } => (Stage::Archive, ErrorCode::Limit),
    }
}

/// Where it is in the uncompressed stream.
fn offset(error: &ArchiveError) -> Option<u64> {
    match *error {
        ArchiveError::BadTar { offset, .. } => Some(offset),
        ArchiveError::BadGzip {
            uncompressed_bytes, ..
        }
        | ArchiveError::BadZstd {
            uncompressed_bytes, ..
        }
        | ArchiveError::BadXz {
            uncompressed_bytes, ..
        }
        | ArchiveError::BadBzip2 {
            uncompressed_bytes, ..
        } => Some(uncompressed_bytes),
        ArchiveError::NotAnArchive { .. } | ArchiveError::Limit { .. } => None,
    }
}

fn limit(error: &ArchiveError) -> Option<&'static str> {
    match error {
        ArchiveError::Limit { limit, .. } => Some(limit),
        _ => None,
    }
}

/// What is wrong, and where it is a limit that an option sets, which one.
fn reason(error: &ArchiveError) -> String {
    match limit(error).and_then(option_of) {
        Some(option) => format!("{error}; the option {option} sets it"),
        None => error.to_string(),
    }
}

/// The option that sets a limit; not every limit has one.
fn option_of(limit: &str) -> Option<&'static str> {
    match limit {
        "uncompressed_bytes" => Some("maxUncompressedBytes"),
        "ratio" => Some("maxRatio"),
        "entries" => Some("maxEntries"),
        "entry_text" => Some("maxEntryTextBytes"),
        "zstd_window" => Some("maxZstdWindow"),
        "xz_memory" => Some("maxXzMemory"),
        _ => None,
    }
}
