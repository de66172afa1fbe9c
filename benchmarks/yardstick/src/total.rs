//! `yardstick total`: one line with the aggregates over all entries of all archives.

use std::path::Path;

use anyhow::{Context, Result};
use bytes::Bytes;
use futures_util::{TryStreamExt, stream};
use serde::{Serialize, Serializer};

use crate::archive::{ReadEntry, Sha, for_each_entry, to_hex};
use crate::download::for_each_body;

/// The aggregates. An archive that breaks counts as failed, and its entries until then count as entries.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Totals {
    entries: u64,
    failed: u64,
    size: u64,
    /// In characters, as SQL's `length` counts.
    path_length: usize,
    #[serde(serialize_with = "hex")]
    min_sha256: Option<Sha>,
    #[serde(serialize_with = "hex")]
    max_sha256: Option<Sha>,
}

/// Reads the URLs of a file, one a line, and prints the totals as one JSON object.
///
/// # Errors
/// The file can't be read, or the client can't be built.
pub(crate) async fn run(url_file: &Path, at_once: usize) -> Result<()> {
    let urls = std::fs::read_to_string(url_file)
        .with_context(|| format!("can't read the URLs in {}", url_file.display()))?;
    let urls: Vec<String> = urls.lines().map(str::to_owned).collect();
    let totals = for_each_body(stream::iter(urls), at_once, totals_of)?
        .try_fold(Totals::default(), async |all, one| Ok(all.merged(&one)))
        .await?;
    println!("{}", serde_json::to_string(&totals)?);
    Ok(())
}

fn totals_of(url: &str, body: Result<Bytes>) -> Totals {
    let mut totals = Totals::default();
    let read = body.and_then(|body| {
        Ok(for_each_entry(&body, |entry, sha256| {
            totals.add(entry, sha256);
            Ok(())
        })?)
    });
    if let Err(error) = read {
        eprintln!("{url}: {error:#}");
        totals.failed = 1;
    }
    totals
}

impl Totals {
    fn add(&mut self, entry: &ReadEntry<'_, '_>, sha256: Option<Sha>) {
        self.entries += 1;
        self.size += entry.size();
        self.path_length += String::from_utf8_lossy(&entry.path_bytes()).chars().count();
        if sha256.is_some() {
            self.min_sha256 = smaller(self.min_sha256, sha256);
            self.max_sha256 = self.max_sha256.max(sha256);
        }
    }

    fn merged(self, other: &Self) -> Self {
        Self {
            entries: self.entries + other.entries,
            failed: self.failed + other.failed,
            size: self.size + other.size,
            path_length: self.path_length + other.path_length,
            min_sha256: smaller(self.min_sha256, other.min_sha256),
            max_sha256: self.max_sha256.max(other.max_sha256),
        }
    }
}

/// The smaller digest; `None` is no digest, not the smallest.
fn smaller(a: Option<Sha>, b: Option<Sha>) -> Option<Sha> {
    a.into_iter().chain(b).min()
}

#[expect(
    clippy::ref_option,
    reason = "serde calls it with a reference to the field"
)]
fn hex<S: Serializer>(sha: &Option<Sha>, serializer: S) -> Result<S::Ok, S::Error> {
    sha.as_ref().map(to_hex).serialize(serializer)
}
