//! The HTTP client's errors, told apart: walks the chain of sources down to the one that says what happened.

use std::error::Error;
use std::io;
use std::iter;

use url::Url;

use crate::Config;
use crate::error::{FetchError, Phase, clip};
use crate::resolver::LookupError;
use crate::target;

/// `EMFILE`, the same number on Linux and macOS.
const TOO_MANY_OPEN_FILES: i32 = 24;

/// Why there was no response head.
pub(crate) fn no_head(error: &reqwest::Error, url: &Url, config: &Config) -> FetchError {
    match cause(error) {
        Cause::Lookup(LookupError::Refused(refused)) => target::blocked(url, *refused),
        Cause::Lookup(LookupError::Failed { not_found, reason }) => FetchError::Dns {
            url: url.to_string(),
            host: target::host(url),
            not_found: *not_found,
            reason: reason.clone(),
        },
        Cause::Tls(reason) => FetchError::Tls {
            url: url.to_string(),
            reason,
        },
        // The URL standard allows hosts that no HTTP request can carry.
        Cause::Other(reason) if error.is_builder() => FetchError::BadUrl {
            url: url.to_string(),
            reason,
        },
        Cause::Other(_) if error.is_connect() && error.is_timeout() => FetchError::Timeout {
            url: url.to_string(),
            phase: Phase::Connect,
            limit: config.connect_timeout,
        },
        Cause::Other(reason) => FetchError::Connect {
            url: url.to_string(),
            reason,
        },
    }
}

/// What the chain ends in, for a message: its upper layers only say that something went wrong.
pub(crate) fn reason(error: &(dyn Error + 'static)) -> String {
    let deepest = chain(error).last().unwrap_or(error);
    let code = deepest
        .downcast_ref::<io::Error>()
        .and_then(io::Error::raw_os_error);
    let text = clip(&deepest.to_string());
    if code == Some(TOO_MANY_OPEN_FILES) {
        format!("{text}; raise the limit on open files or lower `concurrency`")
    } else {
        text
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Cause<'a> {
    Lookup(&'a LookupError),
    Tls(String),
    Other(String),
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Cause<'a> {
    chain(error)
        .find_map(|error| {
            let lookup = error.downcast_ref().map(Cause::Lookup);
            lookup.or_else(|| {
                error
                    .downcast_ref::<rustls::Error>()
                    .map(|tls| Cause::Tls(clip(&tls.to_string())))
            })
        })
        .unwrap_or_else(|| Cause::Other(reason(error)))
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| {
        // The source of an I/O error is its content's source: the content itself would be skipped.
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(content) => Some(content as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("a layer")]
    struct Layer(#[source] Box<dyn Error + Send + Sync>);

    fn deep(error: impl Error + Send + Sync + 'static) -> Layer {
        Layer(Box::new(Layer(Box::new(error))))
    }

    #[test]
    fn the_cause_is_found_under_any_layers() {
        let lookup = LookupError::Failed {
            not_found: true,
            reason: "gone".to_owned(),
        };
        let tls = || rustls::Error::General("bad".to_owned());
        let table = [
            (deep(lookup.clone()), Cause::Lookup(&lookup)),
            (
                deep(io::Error::other(lookup.clone())),
                Cause::Lookup(&lookup),
            ),
            (
                deep(io::Error::other(Layer(Box::new(io::Error::other(
                    lookup.clone(),
                ))))),
                Cause::Lookup(&lookup),
            ),
            (deep(tls()), Cause::Tls(tls().to_string())),
            (
                deep(io::Error::new(io::ErrorKind::InvalidData, tls())),
                Cause::Tls(tls().to_string()),
            ),
            (
                deep(io::Error::other("deepest")),
                Cause::Other("deepest".to_owned()),
            ),
            (
                deep(io::Error::from(io::ErrorKind::ConnectionRefused)),
                Cause::Other(io::ErrorKind::ConnectionRefused.to_string()),
            ),
        ];
        for (error, expected) in &table {
            assert_eq!(&cause(error), expected);
        }
    }

    #[test]
    fn too_many_open_files_come_with_the_remedy() {
        let error = deep(io::Error::from_raw_os_error(TOO_MANY_OPEN_FILES));
        assert_eq!(
            reason(&error),
            "Too many open files (os error 24); raise the limit on open files or lower `concurrency`"
        );
    }
}
