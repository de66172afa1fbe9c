//! Points behind rows that have left, from which an input can be continued: in a second download, or in another process
//! that is given a point's token.
//!
//! A point holds the rows until there, the bytes of the body that they were read from, and the digest of those. The body
//! is read again from its start; its rows up to there are not sent again, and none behind it before those bytes have
//! shown the same digest. Bodies in pieces are hashed a piece ahead of the walk, so a point is never further than a
//! piece behind its last row, and nothing has to wait for the digest.

use std::str::FromStr;
use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use rustpipe_archive::PIECE_BYTES;
use sha2::{Digest, Sha256};

use crate::limits::DEFAULT_PLACED_BYTES;

/// Rows that have left, and the part of the body that they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resume {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    digest: [u8; 32],
    source: Source,
}

/// How the body was read, the first letter of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// In pieces: what comes before the last of them gives no more rows than have left.
    Streamed,
    /// Whole: any part of it may give more rows, so all of it must be in hand before it is read again.
    Whole,
}

/// A token that this worker has not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "its resume token can't be read; give back a token as it came, to a worker of the same release"
)]
pub(crate) struct BadToken;

/// The body is another one than that whose rows have left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{rows} rows were read from the first {bytes} bytes of the body and have left, but fetched again {how}; the source has changed, so read it from its start in a new query"
)]
pub(crate) struct Changed {
    rows: u64,
    bytes: u64,
    how: How,
}

/// How that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum How {
    #[error("they are others")]
    Other,
    #[error("it has {0} bytes")]
    Shorter(u64),
}

impl Source {
    const fn letter(self) -> &'static str {
        match self {
            Self::Streamed => "s",
            Self::Whole => "w",
        }
    }
}

impl Resume {
    pub(crate) fn token(&self) -> String {
        let Self {
            rows,
            bytes,
            digest,
            source,
        } = self;
        let digest = BASE64URL_NOPAD.encode(digest);
        format!("{}.{rows}.{bytes}.{digest}", source.letter())
    }

    /// Bytes that must be in hand before any of them is read.
    pub(crate) fn in_hand(&self) -> usize {
        match self.source {
            Source::Streamed => 0,
            Source::Whole => usize::try_from(self.bytes).unwrap_or(usize::MAX),
        }
    }

    /// Compares it with the start of a body, of which nothing more comes if it is too short.
    pub(crate) fn check(&self, body: &[u8]) -> Result<(), Changed> {
        let start = usize::try_from(self.bytes).ok();
        match start.and_then(|bytes| body.get(..bytes)) {
            Some(start) => self.check_digest(Sha256::digest(start).into()),
            None => Err(self.changed(How::Shorter(body.len() as u64))),
        }
    }

    fn check_digest(&self, digest: [u8; 32]) -> Result<(), Changed> {
        if digest == self.digest {
            Ok(())
        } else {
            Err(self.changed(How::Other))
        }
    }

    fn changed(&self, how: How) -> Changed {
        Changed {
            rows: self.rows,
            bytes: self.bytes,
            how,
        }
    }
}

impl FromStr for Resume {
    type Err = BadToken;

    fn from_str(token: &str) -> Result<Self, BadToken> {
        let parts: Vec<_> = token.split('.').collect();
        let &[letter, rows, bytes, digest] = &*parts else {
            return Err(BadToken);
        };
        let sources = [Source::Streamed, Source::Whole];
        let source = sources.into_iter().find(|it| it.letter() == letter);
        let digest = BASE64URL_NOPAD.decode(digest.as_bytes()).ok();
        let resume = Self {
            rows: rows.parse().map_err(|_| BadToken)?,
            bytes: bytes.parse().map_err(|_| BadToken)?,
            digest: digest
                .and_then(|digest| digest.try_into().ok())
                .ok_or(BadToken)?,
            source: source.ok_or(BadToken)?,
        };
        if resume.in_hand() > DEFAULT_PLACED_BYTES {
            return Err(BadToken);
        }
        Ok(resume)
    }
}

/// How far a body has been read: what the next point is made of.
#[derive(Default)]
pub(crate) enum Reached {
    /// Rows from here can't be made again.
    #[default]
    Nowhere,
    /// This many bytes, which have gone into the digest.
    Streamed { bytes: u64, sha256: Sha256 },
    /// All of it. Its digest is made once a row leaves before the end, which few do.
    Whole {
        body: Arc<Vec<u8>>,
        digest: Option<[u8; 32]>,
    },
}

impl Reached {
    /// The point behind this many rows.
    pub(crate) fn resume(&mut self, rows: u64) -> Option<Resume> {
        let (source, bytes, digest) = match self {
            Self::Nowhere => return None,
            Self::Streamed { bytes, sha256 } => {
                (Source::Streamed, *bytes, sha256.clone().finalize().into())
            }
            Self::Whole { body, digest } => {
                let digest = *digest.get_or_insert_with(|| Sha256::digest(&**body).into());
                (Source::Whole, body.len() as u64, digest)
            }
        };
        Some(Resume {
            rows,
            bytes,
            digest,
            source,
        })
    }
}

/// The part of a body in pieces that was read before.
pub(crate) struct Prefix {
    /// Bytes taken so far.
    taken: u64,
    /// None once the body has shown to begin so.
    expected: Option<Resume>,
    changed: Option<Changed>,
}

impl Prefix {
    pub(crate) fn new(expected: Option<Resume>) -> Self {
        Self {
            taken: 0,
            expected,
            changed: None,
        }
    }

    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether rows behind those that have left may leave.
    pub(crate) fn is_verified(&self) -> bool {
        self.expected.is_none() && self.changed.is_none()
    }

    pub(crate) fn changed(&self) -> Option<&Changed> {
        self.changed.as_ref()
    }

    /// Whether bytes can be taken, the next of which are `bytes`. Not where the first ones must be in hand, and have
    /// not come.
    pub(crate) fn admits(&mut self, bytes: &[u8]) -> bool {
        if let Some(expected) = self.expected.take_if(|it| it.in_hand() > 0) {
            if bytes.len() < expected.in_hand() {
                self.expected = Some(expected);
            } else {
                self.changed = expected.check(bytes).err();
            }
        }
        let waits = self.expected.as_ref().is_some_and(|it| it.in_hand() > 0);
        !waits && self.changed.is_none()
    }

    /// How many of `length` bytes to take next: up to the end of a piece, where the walk goes on, or of this part.
    pub(crate) fn next(&self, length: usize) -> usize {
        let piece = PIECE_BYTES as u64 - self.taken % PIECE_BYTES as u64;
        let part = self.expected.as_ref().map(|it| it.bytes - self.taken);
        let most = part.map_or(piece, |part| part.min(piece));
        length.min(usize::try_from(most).unwrap_or(usize::MAX))
    }

    /// Takes bytes, which have gone into the digest.
    pub(crate) fn take(&mut self, bytes: &[u8], sha256: Option<&Sha256>) {
        self.taken += bytes.len() as u64;
        if let Some(expected) = self.expected.take_if(|it| it.bytes == self.taken)
            && let Some(sha256) = sha256
        {
            let digest = sha256.clone().finalize().into();
            self.changed = expected.check_digest(digest).err();
        }
    }

    /// More rows have come than had left, before the bytes that those came from.
    pub(crate) fn surplus(&mut self) {
        let expected = self.expected.take();
        self.changed = expected.map(|expected| expected.changed(How::Other));
    }

    /// The body has ended.
    pub(crate) fn end(&mut self) {
        let expected = self.expected.take();
        let shorter = expected.map(|expected| expected.changed(How::Shorter(self.taken)));
        self.changed = self.changed.take().or(shorter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back() {
        let body = Arc::new(vec![7; 1000]);
        let whole = Reached::Whole { body, digest: None };
        let streamed = Reached::Streamed {
            bytes: u64::MAX,
            sha256: Sha256::new(),
        };
        for mut reached in [whole, streamed] {
            let resume = reached.resume(9_000).unwrap();
            assert_eq!(resume.token().parse(), Ok(resume));
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let digest = BASE64URL_NOPAD.encode(&[7; 32]);
        assert!(format!("s.1.65536.{digest}").parse::<Resume>().is_ok());
        for token in [
            String::new(),
            "garbage".to_owned(),
            format!("x.1.65536.{digest}"),
            format!("s.1.65536.{digest}A"),
            format!("s.1.65536.{}", &digest[1..]),
            format!("s.-1.65536.{digest}"),
            format!("s.1.18446744073709551616.{digest}"),
            format!("s.1.65536.{digest}."),
            format!("w.1.{}.{digest}", DEFAULT_PLACED_BYTES + 1),
        ] {
            assert_eq!(token.parse::<Resume>(), Err(BadToken), "{token}");
        }
    }
}
