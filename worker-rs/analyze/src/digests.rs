//! Digests of a body as it passes.

use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::integrity::Algorithm;

/// The digests that are wanted of a body, and what has passed of it.
pub(crate) struct Hashers {
    running: Vec<(Algorithm, Box<dyn DynDigest + Send>)>,
    hashed_bytes: u64,
}

/// Digests of a whole body, those that were wanted.
#[derive(Default)]
pub(crate) struct Digests(Vec<(Algorithm, Box<[u8]>)>);

impl Hashers {
    pub(crate) fn new(wanted: impl IntoIterator<Item = Algorithm>) -> Self {
        let mut running: Vec<(Algorithm, Box<dyn DynDigest + Send>)> = Vec::new();
        for algorithm in wanted {
            if running.iter().all(|(other, _)| *other != algorithm) {
                running.push((algorithm, start(algorithm)));
            }
        }
        Self {
            running,
            hashed_bytes: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        for (_, hasher) in &mut self.running {
            hasher.update(bytes);
            self.hashed_bytes += bytes.len() as u64;
        }
    }

    /// Bytes hashed so far, once for each algorithm.
    pub(crate) fn hashed_bytes(&self) -> u64 {
        self.hashed_bytes
    }

    pub(crate) fn finish(self) -> Digests {
        let digests = self.running.into_iter();
        Digests(
            digests
                .map(|(algorithm, hasher)| (algorithm, hasher.finalize()))
                .collect(),
        )
    }
}

impl Digests {
    pub(crate) fn get(&self, algorithm: Algorithm) -> Option<&[u8]> {
        let mut digests = self.0.iter();
        let found = digests.find(|(other, _)| *other == algorithm);
        found.map(|(_, digest)| &**digest)
    }
}

fn start(algorithm: Algorithm) -> Box<dyn DynDigest + Send> {
    match algorithm {
        Algorithm::Sha1 => Box::new(Sha1::new()),
        Algorithm::Sha256 => Box::new(Sha256::new()),
        Algorithm::Sha384 => Box::new(Sha384::new()),
        Algorithm::Sha512 => Box::new(Sha512::new()),
    }
}
