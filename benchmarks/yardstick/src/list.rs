//! `yardstick list`: what is in tarballs on disk, so that the reading itself can be checked against `tar`.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::archive::{for_each_entry, to_hex, type_name};

/// Prints type, size, digest and path of every entry, separated by tabs.
///
/// # Errors
/// The first tarball that can't be read to its end.
pub(crate) fn run(tarballs: &[PathBuf]) -> Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    for tarball in tarballs {
        let body = std::fs::read(tarball)
            .with_context(|| format!("can't read the tarball {}", tarball.display()))?;
        for_each_entry(&body, |entry, sha256| {
            let kind = type_name(entry.header().entry_type());
            let sha256 = sha256.as_ref().map(to_hex).unwrap_or_default();
            write!(output, "{kind}\t{}\t{sha256}\t", entry.size())?;
            output.write_all(&entry.path_bytes())?;
            output.write_all(b"\n")
        })
        .with_context(|| format!("can't read the archive {}", tarball.display()))?;
    }
    Ok(output.flush()?)
}
