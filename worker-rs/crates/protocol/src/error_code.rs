//! The closed list of error codes: one per failure class, stable, the same in every table.

use serde::{Deserialize, Serialize};

/// Declares the codes once, with their text.
macro_rules! error_codes {
    ($(#[doc = $doc:literal] $variant:ident = $text:literal),+ $(,)?) => {
        /// Why an input failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $(#[doc = $doc] #[serde(rename = $text)] $variant,)+
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as rows and frames carry it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The failure class in words.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $doc.trim()),+ }
            }
        }
    };
}

error_codes! {
    /// The host's name could not be resolved.
    Dns = "DNS",
    /// No connection, or one that broke.
    Connect = "CONNECT",
    /// The TLS handshake or the certificate.
    Tls = "TLS",
    /// A status other than success.
    HttpStatus = "HTTP_STATUS",
    /// A time limit ran out.
    Timeout = "TIMEOUT",
    /// The body came slower than the floor.
    TooSlow = "TOO_SLOW",
    /// The body is larger than the limit.
    TooLarge = "TOO_LARGE",
    /// The body ended early.
    Truncated = "TRUNCATED",
    /// More redirects than the limit.
    TooManyRedirects = "TOO_MANY_REDIRECTS",
    /// The server asked to slow down, to the last attempt.
    RateLimited = "RATE_LIMITED",
    /// The host failed too often to be asked again now.
    HostUnavailable = "HOST_UNAVAILABLE",
    /// Not a URL that can be fetched.
    BadUrl = "BAD_URL",
    /// A scheme other than http and https.
    BadScheme = "BAD_SCHEME",
    /// An address that is not globally routable.
    BlockedAddress = "BLOCKED_ADDRESS",
    /// The body differs from what the manifest expects.
    IntegrityMismatch = "INTEGRITY_MISMATCH",
    /// The body differs from what an earlier attempt gave.
    ContentChanged = "CONTENT_CHANGED",
    /// A content encoding that was not asked for.
    BadEncoding = "BAD_ENCODING",
    /// The body is no archive of a known format.
    NotAnArchive = "NOT_AN_ARCHIVE",
    /// A broken gzip stream.
    BadGzip = "BAD_GZIP",
    /// A broken Zstandard stream.
    BadZstd = "BAD_ZSTD",
    /// A broken xz stream.
    BadXz = "BAD_XZ",
    /// A broken bzip2 stream.
    BadBzip2 = "BAD_BZIP2",
    /// A broken tar archive.
    BadTar = "BAD_TAR",
    /// A broken zip archive.
    BadZip = "BAD_ZIP",
    /// A limit against hostile archives.
    Limit = "LIMIT",
    /// An input that the worker can't use.
    BadInput = "BAD_INPUT",
    /// The worker died of the input. Set by the connector.
    WorkerCrash = "WORKER_CRASH",
    /// The worker fell silent. Set by the connector.
    WorkerTimeout = "WORKER_TIMEOUT",
    /// A defect of the worker, contained to this input.
    Internal = "INTERNAL",
}

impl ErrorCode {
    /// The code with this text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// Whether the class as such can pass with time. Who has the facts of one failure knows better: `HTTP_STATUS` of
    /// a 503 can, of a 404 can't.
    #[must_use]
    pub const fn retryable(self) -> bool {
        matches!(
            self,
            Self::Dns
                | Self::Connect
                | Self::Timeout
                | Self::TooSlow
                | Self::Truncated
                | Self::RateLimited
                | Self::HostUnavailable
                | Self::ContentChanged
                | Self::WorkerTimeout
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_serde_agrees() {
        for &code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_text(code.as_str()), Some(code));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        assert_eq!(ErrorCode::from_text("dns"), None);
    }

    #[test]
    fn what_the_bytes_decide_is_not_retryable() {
        assert!(ErrorCode::Truncated.retryable());
        for code in [
            ErrorCode::BadGzip,
            ErrorCode::Limit,
            ErrorCode::Internal,
            ErrorCode::BlockedAddress,
        ] {
            assert!(!code.retryable(), "{code:?}");
        }
    }
}
