//! Digests of a body as it passes.

use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::integrity::Algorithm;

/// The digests that are wanted of a body, and what has passed of it.
pub(crate) struct Hashers {
    /// By itself, because points to resume from need it as it stands.
    sha256: Option<Sha256>,
    others: Vec<(Algorithm, Box<dyn DynDigest + Send>)>,
    /// How many of them are asked for.
    wanted: u64,
    hashed_bytes: u64,
}

/// Digests of a whole body, those that were wanted.
#[derive(Default)]
pub(crate) struct Digests(Vec<(Algorithm, Box<[u8]>)>);

impl Hashers {
    pub(crate) fn new(wanted: impl IntoIterator<Item = Algorithm>) -> Self {
        let mut sha256 = None;
        let mut others: Vec<(Algorithm, Box<dyn DynDigest + Send>)> = Vec::new();
        for algorithm in wanted {
            let other: Box<dyn DynDigest + Send> = match algorithm {
                Algorithm::Sha256 => {
                    sha256 = Some(Sha256::new());
                    continue;
                }
                Algorithm::Sha1 => Box::new(Sha1::new()),
                Algorithm::Sha384 => Box::new(Sha384::new()),
                Algorithm::Sha512 => Box::new(Sha512::new()),
            };
            if others.iter().all(|(known, _)| *known != algorithm) {
                others.push((algorithm, other));
            }
        }
        Self {
            wanted: u64::from(sha256.is_some()) + others.len() as u64,
            sha256,
            others,
            hashed_bytes: 0,
        }
    }

    /// With SHA-256, whether it is asked for or not.
    pub(crate) fn and_sha256(mut self) -> Self {
        self.sha256.get_or_insert_default();
        self
    }

    /// Whether no digest is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.wanted == 0
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        if let Some(sha256) = &mut self.sha256 {
            Digest::update(sha256, bytes);
        }
        for (_, hasher) in &mut self.others {
            hasher.update(bytes);
        }
        self.hashed_bytes += self.wanted * bytes.len() as u64;
    }

    /// Bytes hashed so far, once for each algorithm that is asked for.
    pub(crate) fn hashed_bytes(&self) -> u64 {
        self.hashed_bytes
    }

    /// SHA-256 as it stands.
    pub(crate) fn sha256(&self) -> Option<&Sha256> {
        self.sha256.as_ref()
    }

    pub(crate) fn finish(self) -> Digests {
        let others = self.others.into_iter();
        let others = others.map(|(algorithm, hasher)| (algorithm, hasher.finalize()));
        let sha256 = self.sha256.map(|it| it.finalize().to_vec().into());
        let sha256 = sha256.map(|digest| (Algorithm::Sha256, digest));
        Digests(others.chain(sha256).collect())
    }
}

impl Digests {
    pub(crate) fn get(&self, algorithm: Algorithm) -> Option<&[u8]> {
        let mut digests = self.0.iter();
        let found = digests.find(|(other, _)| *other == algorithm);
        found.map(|(_, digest)| &**digest)
    }
}
