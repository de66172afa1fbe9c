//! What the manifest says that a body's digest must be.

use std::fmt;

use data_encoding::{BASE64_NOPAD, HEXLOWER_PERMISSIVE};

/// A digest's algorithm, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    const ALL: [Self; 4] = [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn find(wanted: impl Fn(Self) -> bool) -> Option<Self> {
        Self::ALL.into_iter().find(|&algorithm| wanted(algorithm))
    }

    fn named(name: &str) -> Option<Self> {
        Self::find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }
}

/// A body with any of these digests is the one that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) algorithm: Algorithm,
    digests: Vec<Vec<u8>>,
}

/// A value that says nothing that can be checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the expected integrity '{shown}' can't be read; give SRI such as sha512-BASE64, or 40, 64, 96 or 128 hexadecimal digits"
)]
pub(crate) struct BadIntegrity {
    shown: String,
}

/// How much of a value a message shows.
const SHOWN_BYTES: usize = 200;

impl Expected {
    /// Reads the manifest's value: Subresource Integrity, of which the strongest algorithm counts, or digests in
    /// hexadecimal digits as registries publish them. Blank is nothing.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, BadIntegrity> {
        let bad = || BadIntegrity {
            shown: text[..text.floor_char_boundary(SHOWN_BYTES)].to_owned(),
        };
        let mut known = Vec::new();
        for token in text.split_ascii_whitespace() {
            known.extend(digest(token).map_err(|Unreadable| bad())?);
        }
        let Some(algorithm) = known.iter().map(|&(algorithm, _)| algorithm).max() else {
            return if text.trim_ascii().is_empty() {
                Ok(None)
            } else {
                Err(bad())
            };
        };
        known.retain(|(other, _)| *other == algorithm);
        let digests = known.into_iter().map(|(_, digest)| digest).collect();
        Ok(Some(Self { algorithm, digests }))
    }

    pub(crate) fn matches(&self, digest: &[u8]) -> bool {
        self.digests.iter().any(|expected| expected == digest)
    }

    /// What a body's digest is instead.
    pub(crate) fn mismatch(&self, digest: &[u8]) -> String {
        let found = Self {
            algorithm: self.algorithm,
            digests: vec![digest.to_owned()],
        };
        format!(
            "the body has {found}, but the manifest expects {self}; the source or the manifest has changed"
        )
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.algorithm.name())?;
        for (at, digest) in self.digests.iter().enumerate() {
            f.write_str(if at == 0 { " " } else { " or " })?;
            f.write_str(&HEXLOWER_PERMISSIVE.encode(digest))?;
        }
        Ok(())
    }
}

struct Unreadable;

/// One digest; none where it is SRI of an algorithm that isn't known, which SRI says to ignore.
fn digest(token: &str) -> Result<Option<(Algorithm, Vec<u8>)>, Unreadable> {
    let (algorithm, digest) = if let Some((name, hex)) = token.split_once(':') {
        (Algorithm::named(name).ok_or(Unreadable)?, from_hex(hex)?)
    } else if let Some((name, rest)) = token.split_once('-') {
        let Some(algorithm) = Algorithm::named(name) else {
            return Ok(None);
        };
        let (base64, _options) = rest.split_once('?').unwrap_or((rest, ""));
        (algorithm, from_base64(base64)?)
    } else {
        let digest = from_hex(token)?;
        let algorithm = Algorithm::find(|algorithm| algorithm.bytes() == digest.len());
        (algorithm.ok_or(Unreadable)?, digest)
    };
    if digest.len() == algorithm.bytes() {
        Ok(Some((algorithm, digest)))
    } else {
        Err(Unreadable)
    }
}

fn from_hex(digits: &str) -> Result<Vec<u8>, Unreadable> {
    HEXLOWER_PERMISSIVE
        .decode(digits.as_bytes())
        .map_err(|_| Unreadable)
}

/// SRI allows both alphabets, with padding or without.
fn from_base64(text: &str) -> Result<Vec<u8>, Unreadable> {
    let text = text
        .trim_end_matches('=')
        .replace('-', "+")
        .replace('_', "/");
    BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

    fn read(text: &str) -> Expected {
        Expected::parse(text).unwrap().unwrap()
    }

    #[test]
    fn every_form_that_registries_publish_is_read() {
        for algorithm in Algorithm::ALL {
            let digest = vec![0xFB; algorithm.bytes()];
            let (name, base64) = (algorithm.name(), BASE64.encode(&digest));
            let forms = [
                format!("{name}-{base64}"),
                format!(" {name}-{base64}?ct=application/gzip\n"),
                format!(
                    "{}-{}",
                    name.to_uppercase(),
                    BASE64URL_NOPAD.encode(&digest)
                ),
                HEXLOWER.encode(&digest),
                HEXUPPER.encode(&digest),
                format!("{name}:{}", HEXLOWER.encode(&digest)),
            ];
            for form in forms {
                let expected = read(&form);
                assert_eq!(expected.algorithm, algorithm, "{form}");
                assert!(expected.matches(&digest), "{form}");
                assert!(!expected.matches(&vec![0; algorithm.bytes()]), "{form}");
            }
        }
    }

    #[test]
    fn the_strongest_algorithm_counts_and_any_digest_of_it_will_do() {
        let sri = |name, byte, length| format!("{name}-{}", BASE64.encode(&vec![byte; length]));
        let list = [
            sri("sha1", 1, 20),
            sri("sha512", 2, 64),
            sri("sha256", 3, 32),
            sri("sha512", 4, 64),
            "md9-unknown".to_owned(),
        ];
        let expected = read(&list.join(" "));
        assert_eq!(expected.algorithm, Algorithm::Sha512);
        assert!(expected.matches(&[2; 64]) && expected.matches(&[4; 64]));
        assert!(!expected.matches(&[3; 32]));
    }

    #[test]
    fn blank_expects_nothing() {
        assert_eq!(Expected::parse(" \n"), Ok(None));
    }

    #[test]
    fn what_can_not_be_read_is_named() {
        let short = "sha256-AAAA";
        let other = format!("sha256:{}", "0".repeat(40));
        for text in [
            "x",
            "md5-AAAA",
            "sha256-*",
            "0123",
            "sha256:zz",
            short,
            &other,
        ] {
            let message = Expected::parse(text).unwrap_err().to_string();
            assert!(message.contains(&format!("'{text}'")), "{message}");
        }
    }

    #[test]
    fn a_mismatch_shows_both() {
        let expected = read(&"0".repeat(40));
        let message = expected.mismatch(&[0xAB; 20]);
        for part in [&"ab".repeat(20), &"0".repeat(40), "sha1"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
