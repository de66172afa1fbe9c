//! Every way in which a fetch can end badly, as data.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

/// The time limit that ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Look-up, TCP and TLS.
    Connect,
    /// From the request to the response head, a new connection included.
    Head,
    /// Between two pieces of the body.
    Idle,
    /// All network time of the URL.
    Total,
}

impl Phase {
    fn option(self) -> &'static str {
        match self {
            Self::Connect => "connectTimeout",
            Self::Head => "firstByteTimeout",
            Self::Idle => "idleTimeout",
            Self::Total => "totalTimeout",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "no connection",
            Self::Head => "no response head",
            Self::Idle => "no byte of the body",
            Self::Total => "no complete body",
        })
    }
}

/// Why a URL could not be fetched.
///
/// `url` is the one that failed, which after a redirect is the hop's; texts from the network are cut to a sane length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each field is named by its variant's message")]
pub enum FetchError {
    #[error("the manifest has no URL in this row; give one or filter the row out")]
    NoUrl,
    #[error("not a usable URL: {url:?}: {reason}")]
    BadUrl { url: String, reason: String },
    #[error("{url} has the scheme {scheme:?}; only http and https are fetched")]
    BadScheme { url: String, scheme: String },
    #[error(
        "{from} redirects from https to {to}, which is not encrypted; use the http URL itself if that is meant"
    )]
    Downgrade { from: String, to: String },
    #[error("{} ({purpose}), which is not globally routable; the option allowedNetworks opens a range",
        blocked(.url, .host, *.address, *.range))]
    BlockedAddress {
        url: String,
        host: String,
        address: IpAddr,
        range: IpNet,
        purpose: &'static str,
    },
    /// `not_found`: the name is known not to exist, so asking again is of no use.
    #[error("the name {host} could not be resolved for {url}: {reason}")]
    Dns {
        url: String,
        host: String,
        not_found: bool,
        reason: String,
    },
    #[error("no HTTP answer from {url}: {reason}")]
    Connect { url: String, reason: String },
    #[error("no TLS connection for {url}: {reason}")]
    Tls { url: String, reason: String },
    #[error("the server answered {status} for {url}{}", asks_to_wait(*.retry_after))]
    HttpStatus {
        url: String,
        status: u16,
        retry_after: Option<Duration>,
    },
    #[error("the server answered {status} for {url} without a Location to go to")]
    NoLocation { url: String, status: u16 },
    #[error("the server answered 429 for {url}{}; run with less concurrency or later", asks_to_wait(*.retry_after))]
    RateLimited {
        url: String,
        retry_after: Option<Duration>,
    },
    #[error(
        "{url} redirects more than {limit} times, in the end to {last}; the option maxRedirects sets that limit"
    )]
    TooManyRedirects {
        url: String,
        limit: u32,
        last: String,
    },
    #[error("{phase} within {limit:?} from {url}; the option {} sets that limit", .phase.option())]
    Timeout {
        url: String,
        phase: Phase,
        limit: Duration,
    },
    #[error(
        "{url} sent {bytes} bytes in {window:?}, below the floor of {floor} bytes per second; the option minBytesPerSecond sets it"
    )]
    TooSlow {
        url: String,
        bytes: u64,
        window: Duration,
        floor: u64,
    },
    /// `declared` is the `Content-Length`, where that alone was too large.
    #[error("the body of {url} {}, above the limit of {limit} bytes; the option maxBodyBytes sets it", size(*.declared))]
    TooLarge {
        url: String,
        limit: u64,
        declared: Option<u64>,
    },
    #[error("the body of {url} broke off after {received} bytes{}: {reason}", of(*.expected))]
    Truncated {
        url: String,
        received: u64,
        expected: Option<u64>,
        reason: String,
    },
    #[error(
        "{url} answered with Content-Encoding {encoding:?}, though identity was asked for; only gzip is taken"
    )]
    BadEncoding { url: String, encoding: String },
}

impl FetchError {
    /// The stable code of the error's class.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoUrl | Self::BadUrl { .. } => "BAD_URL",
            Self::BadScheme { .. } | Self::Downgrade { .. } => "BAD_SCHEME",
            Self::BlockedAddress { .. } => "BLOCKED_ADDRESS",
            Self::Dns { .. } => "DNS",
            Self::Connect { .. } => "CONNECT",
            Self::Tls { .. } => "TLS",
            Self::HttpStatus { .. } | Self::NoLocation { .. } => "HTTP_STATUS",
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::TooManyRedirects { .. } => "TOO_MANY_REDIRECTS",
            Self::Timeout { .. } => "TIMEOUT",
            Self::TooSlow { .. } => "TOO_SLOW",
            Self::TooLarge { .. } => "TOO_LARGE",
            Self::Truncated { .. } => "TRUNCATED",
            Self::BadEncoding { .. } => "BAD_ENCODING",
        }
    }

    /// Whether the same fetch may work at another time.
    #[must_use]
    pub fn retryable(&self) -> bool {
        match self {
            Self::HttpStatus { status, .. } => matches!(status, 408 | 425 | 500..=599),
            Self::Dns { not_found, .. } => !not_found,
            Self::RateLimited { .. }
            | Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::TooSlow { .. }
            | Self::Truncated { .. } => true,
            Self::NoUrl
            | Self::BadUrl { .. }
            | Self::BadScheme { .. }
            | Self::Downgrade { .. }
            | Self::BlockedAddress { .. }
            | Self::Tls { .. }
            | Self::NoLocation { .. }
            | Self::TooManyRedirects { .. }
            | Self::TooLarge { .. }
            | Self::BadEncoding { .. } => false,
        }
    }

    /// How long the server asked to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::HttpStatus { retry_after, .. } | Self::RateLimited { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }
}

fn blocked(url: &str, host: &str, address: IpAddr, range: IpNet) -> String {
    format!("{url} leads to {host} at {address}, in {range}")
}

fn asks_to_wait(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |wait| {
        format!(" and asks to wait {} s", wait.as_secs())
    })
}

fn size(declared: Option<u64>) -> String {
    declared.map_or_else(
        || "went on".to_owned(),
        |bytes| format!("has {bytes} bytes"),
    )
}

fn of(expected: Option<u64>) -> String {
    expected.map_or_else(String::new, |bytes| format!(" of {bytes}"))
}

/// Cuts a text that came from the network, so that no message is as long as a hostile server likes.
pub(crate) fn clip(text: &str) -> String {
    const BYTES: usize = 500;
    if text.len() <= BYTES {
        return text.to_owned();
    }
    format!("{}...", &text[..text.floor_char_boundary(BYTES)])
}

/// Why no client could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the HTTP client could not be set up: {reason}")]
pub struct NewClientError {
    /// What the TLS or HTTP library said.
    pub reason: String,
}
