//! One attempt: from the first request over its redirects to the last byte of the body.

use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, LAST_MODIFIED, LOCATION,
    RETRY_AFTER, TRANSFER_ENCODING,
};
use reqwest::{Response, StatusCode};
use tokio::time::timeout;
use url::Url;

use crate::address::AddressRules;
use crate::classify;
use crate::consumer::micros;
use crate::error::{FetchError, Phase, clip};
use crate::pace::{Budget, Pace};
use crate::retry::parse_retry_after;
use crate::target;
use crate::{Config, Consumer, Depth, Head};

/// What one attempt needs and doesn't change.
pub(crate) struct Setup<'a> {
    pub(crate) http: &'a reqwest::Client,
    pub(crate) rules: &'a AddressRules,
    pub(crate) config: &'a Config,
    pub(crate) depth: Depth,
}

/// What is known of an attempt, also when it fails.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) head: Option<Head>,
    pub(crate) redirects: Vec<String>,
    pub(crate) bytes: u64,
}

impl Setup<'_> {
    pub(crate) async fn run<C: Consumer>(
        &self,
        start: &Url,
        consumer: &mut C,
        budget: &mut Budget,
        outcome: &mut Outcome,
    ) -> Result<(), FetchError> {
        let mut url = start.clone();
        for _ in 0..=self.config.redirects {
            let response = self.request(&url, budget).await?;
            if is_redirect(response.status())
                && let Some(location) = header(&response, &LOCATION)
            {
                outcome.head = Some(head(&url, &response));
                outcome.redirects.push(url.to_string());
                url = target::follow(&url, &location, self.rules)?;
            } else {
                return self.answer(&url, response, consumer, budget, outcome).await;
            }
        }
        Err(FetchError::TooManyRedirects {
            url: start.to_string(),
            limit: self.config.redirects,
            last: url.into(),
        })
    }

    async fn request(&self, url: &Url, budget: &mut Budget) -> Result<Response, FetchError> {
        // A new connection has its own limit, which the HTTP client keeps; it doesn't say when it has one.
        let limit = self.config.connect_timeout + self.config.first_byte_timeout;
        let started = Instant::now();
        let answer = timeout(limit.min(budget.left()), self.http.get(url.clone()).send()).await;
        budget.spend(started.elapsed());

        let response = match answer {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(classify::no_head(&error, url, self.config)),
            Err(_) if budget.left().is_zero() => return Err(budget.exceeded(url)),
            Err(_) => {
                return Err(FetchError::Timeout {
                    url: url.to_string(),
                    phase: Phase::Head,
                    limit,
                });
            }
        };
        // The last line of defence: whatever was resolved, this is who answered.
        let peer = response.remote_addr().ok_or_else(|| FetchError::Connect {
            url: url.to_string(),
            reason: "the address of the server is not known".to_owned(),
        })?;
        self.rules
            .check(peer.ip())
            .map_err(|refused| target::blocked(url, refused))?;
        Ok(response)
    }

    async fn answer<C: Consumer>(
        &self,
        url: &Url,
        response: Response,
        consumer: &mut C,
        budget: &mut Budget,
        outcome: &mut Outcome,
    ) -> Result<(), FetchError> {
        let head = outcome.head.insert(head(url, &response));
        check_status(url, &response)?;
        if self.depth == Depth::Head {
            consumer.begin(head).await;
            return Ok(());
        }
        check_encoding(url, &response)?;
        let limit = self.config.body_limit;
        if let Some(declared) = head.content_length
            && declared > limit
        {
            return Err(FetchError::TooLarge {
                url: url.to_string(),
                limit,
                declared: Some(declared),
            });
        }
        consumer.begin(head).await;
        self.body(url, response, consumer, budget, outcome).await
    }

    async fn body<C: Consumer>(
        &self,
        url: &Url,
        mut response: Response,
        consumer: &mut C,
        budget: &mut Budget,
        outcome: &mut Outcome,
    ) -> Result<(), FetchError> {
        let limit = self.config.body_limit;
        let mut pace = Pace::new(self.config);
        loop {
            let patience = pace.patience(budget);
            let started = Instant::now();
            let next = timeout(patience, response.chunk()).await;
            let waited = started.elapsed();
            budget.spend(waited);

            let Ok(next) = next else {
                return Err(pace.ran_out(waited, budget, url));
            };
            let bytes = match next {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return Ok(()),
                Err(error) => {
                    return Err(FetchError::Truncated {
                        url: url.to_string(),
                        received: outcome.bytes,
                        expected: outcome.head.as_ref().and_then(|head| head.content_length),
                        reason: classify::reason(&error),
                    });
                }
            };
            outcome.bytes += bytes.len() as u64;
            if outcome.bytes > limit {
                return Err(FetchError::TooLarge {
                    url: url.to_string(),
                    limit,
                    declared: None,
                });
            }
            pace.arrived(waited, bytes.len() as u64, url)?;
            if consumer.chunk(bytes).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// The statuses that tell to ask elsewhere by `GET`; 300 and 304 don't.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn check_status(url: &Url, response: &Response) -> Result<(), FetchError> {
    let url = || url.to_string();
    let status = response.status();
    let retry_after: fn(&Response) -> Option<Duration> =
        |response| parse_retry_after(&header(response, &RETRY_AFTER)?, SystemTime::now());
    match status.as_u16() {
        // A part that nobody asked for would pass for the whole.
        206 => Err(FetchError::HttpStatus {
            url: url(),
            status: 206,
            retry_after: None,
        }),
        200..=299 => Ok(()),
        429 => Err(FetchError::RateLimited {
            url: url(),
            retry_after: retry_after(response),
        }),
        status if is_redirect(response.status()) => {
            Err(FetchError::NoLocation { url: url(), status })
        }
        status => Err(FetchError::HttpStatus {
            url: url(),
            status,
            retry_after: retry_after(response),
        }),
    }
}

/// Many servers label a `.tar.gz` with `Content-Encoding: gzip`, and mean the file itself. So gzip is passed on as it
/// is: the bytes are those of the archive, or a gzip around it, which reads the same.
fn check_encoding(url: &Url, response: &Response) -> Result<(), FetchError> {
    let encoding = response
        .headers()
        .get_all(CONTENT_ENCODING)
        .iter()
        .map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .trim()
                .to_ascii_lowercase()
        })
        .filter(|value| !matches!(value.as_str(), "" | "identity"))
        .collect::<Vec<_>>()
        .join(", ");
    match encoding.as_str() {
        "" | "gzip" | "x-gzip" => Ok(()),
        _ => Err(FetchError::BadEncoding {
            url: url.to_string(),
            encoding: clip(&encoding),
        }),
    }
}

fn head(url: &Url, response: &Response) -> Head {
    // Beside a transfer encoding the length means nothing (RFC 9112, section 6.3).
    let is_framed = response.headers().contains_key(TRANSFER_ENCODING);
    Head {
        final_url: url.to_string(),
        http_status: response.status().as_u16(),
        content_type: header(response, &CONTENT_TYPE),
        content_length: header(response, &CONTENT_LENGTH)
            .filter(|_| !is_framed)
            .and_then(|length| length.trim().parse().ok()),
        etag: header(response, &ETAG),
        last_modified: header(response, &LAST_MODIFIED)
            .and_then(|date| httpdate::parse_http_date(date.trim()).ok())
            .map(micros),
        remote_ip: response.remote_addr().map(|peer| peer.ip()),
    }
}

fn header(response: &Response, name: &HeaderName) -> Option<String> {
    response
        .headers()
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
