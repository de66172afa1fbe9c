//! Why an input failed, as rows and frames tell it.

use rustpipe_archive::ArchiveError;
use rustpipe_fetch::FetchError;
use rustpipe_protocol::ErrorCode;

use crate::cpu::Panicked;
use crate::limits::cut;

/// A failure with its class and message.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    pub(crate) retryable: bool,
}

impl Failure {
    /// The body did not arrive.
    pub(crate) fn fetch(error: &FetchError) -> Self {
        Self {
            code: ErrorCode::from_text(error.code()).unwrap_or(ErrorCode::Internal),
            message: cut(&error.to_string()).to_owned(),
            retryable: error.retryable(),
        }
    }

    /// The body is no archive that can be read to its end.
    pub(crate) fn archive(url: Option<&str>, error: &ArchiveError) -> Self {
        let code = match error {
            ArchiveError::NotAnArchive { .. } => ErrorCode::NotAnArchive,
            ArchiveError::BadGzip { .. } => ErrorCode::BadGzip,
            ArchiveError::BadZstd { .. } => ErrorCode::BadZstd,
            ArchiveError::BadXz { .. } => ErrorCode::BadXz,
            ArchiveError::BadBzip2 { .. } => ErrorCode::BadBzip2,
            ArchiveError::BadTar { .. } => ErrorCode::BadTar,
            ArchiveError::Limit { .. } => ErrorCode::Limit,
        };
        let reason = match option_of(error) {
            Some(option) => format!("{error}; the option {option} sets it"),
            None => error.to_string(),
        };
        Self::of(code, url, &reason)
    }

    /// A defect of the worker.
    pub(crate) fn internal(url: Option<&str>, panicked: &Panicked) -> Self {
        let reason = format!(
            "a defect of the worker, please report it: {}",
            panicked.message
        );
        Self::of(ErrorCode::Internal, url, &reason)
    }

    fn of(code: ErrorCode, url: Option<&str>, reason: &str) -> Self {
        let message = match url {
            Some(url) => cut(&format!("{reason}, in {url}")).to_owned(),
            None => reason.to_owned(),
        };
        Self {
            code,
            message,
            retryable: code.retryable(),
        }
    }
}

/// The option that sets the limit which an archive is over; not every limit has one.
fn option_of(error: &ArchiveError) -> Option<&'static str> {
    let ArchiveError::Limit { limit, .. } = error else {
        return None;
    };
    match *limit {
        "uncompressed_bytes" => Some("maxUncompressedBytes"),
        "ratio" => Some("maxRatio"),
        "entries" => Some("maxEntries"),
        "entry_text" => Some("maxEntryTextBytes"),
        _ => None,
    }
}
