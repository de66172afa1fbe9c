//! What goes in and out of a fetch: how deep to go, who takes the bytes, and what is known afterwards.

use std::future::Future;
use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use crate::FetchError;

/// How much of an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The response head only. The request is a `GET` all the same, because many servers answer `HEAD` differently
    /// and signed URLs are valid for one method; the body is not read.
    Head,
    /// The whole body.
    Body,
}

/// Given back by [`Consumer::chunk`] to end the download. It isn't a fetch error: the consumer knows why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// Takes the body of one URL.
pub trait Consumer: Send {
    /// An attempt has got its final, successful response head.
    fn begin(&mut self, head: &Head) -> impl Future<Output = ()> + Send;

    /// The next bytes of the body, in order. Time spent in here counts for no time limit.
    fn chunk(&mut self, bytes: Bytes) -> impl Future<Output = Result<(), Stop>> + Send;

    /// Whatever has come is void, because another attempt follows, from the body's start. That one may fail before it
    /// has a head.
    fn restart(&mut self);
}

/// The head of the last answer; that of a redirect only where following it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The URL that answered, after redirects, without its fragment.
    pub final_url: String,
    /// The status code.
    pub http_status: u16,
    /// `Content-Type` as sent; bytes that aren't UTF-8 are replaced.
    pub content_type: Option<String>,
    /// `Content-Length` in bytes, as the server declared it.
    pub content_length: Option<u64>,
    /// `ETag` as sent; bytes that aren't UTF-8 are replaced.
    pub etag: Option<String>,
    /// `Last-Modified` in microseconds since 1970-01-01 UTC; `None` also where it is no HTTP date.
    pub last_modified: Option<i64>,
    /// Who answered: the peer of the connection.
    pub remote_ip: Option<IpAddr>,
}

/// What is known after a fetch, whether it worked or not.
#[derive(Debug)]
pub struct Report {
    /// The answer's head in the last attempt; there is one for a refused status (404) as well.
    pub head: Option<Head>,
    /// Every URL that redirected in the last attempt, in order; also where following the last of them failed.
    pub redirects: Vec<String>,
    /// Requests of the URL from its start, redirects not counted. 0 when the URL was refused before any request.
    pub attempts: u32,
    /// When the last attempt began, in microseconds since 1970-01-01 UTC.
    pub fetched_at_micros: i64,
    /// Milliseconds from the call to its end: all attempts, the waits between them and the consumer's own time.
    pub fetch_ms: u64,
    /// Milliseconds of that between attempts, in which nothing was asked: what `Retry-After` told, or the jitter.
    pub wait_ms: u64,
    /// Body bytes that arrived in the last attempt.
    pub bytes_downloaded: u64,
    /// `Ok` when everything asked for has arrived, or the consumer wanted no more.
    pub result: Result<(), FetchError>,
}

impl Report {
    /// The report of a URL for which no request was made.
    #[must_use]
    pub fn unfetched() -> Self {
        Self {
            head: None,
            redirects: Vec::new(),
            attempts: 0,
            fetched_at_micros: micros(SystemTime::now()),
            fetch_ms: 0,
            wait_ms: 0,
            bytes_downloaded: 0,
            result: Ok(()),
        }
    }
}

/// Microseconds since 1970-01-01 UTC; negative where the time is before that.
pub(crate) fn micros(time: SystemTime) -> i64 {
    let micros = match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()),
        Err(before) => i64::try_from(before.duration().as_micros()).map(|micros| -micros),
    };
    micros.unwrap_or(i64::MAX)
}
