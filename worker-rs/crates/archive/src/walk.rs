//! What all archives of a walk share: the input itself and those in it count against the same limits.

use crate::{Anomalies, Anomaly, ArchiveError, Limits, Wanted};

/// Counts of a walk, over all levels.
pub(crate) struct Walk {
    pub(crate) limits: Limits,
    pub(crate) wanted: Wanted,
    /// Bytes of the body, as far as they were handed over.
    pub(crate) body: u64,
    /// Bytes of the input's tar stream that were read.
    pub(crate) outermost: u64,
    /// Those, and the bytes of every other stream that was decompressed.
    pub(crate) uncompressed: u64,
    /// Headers of entries.
    pub(crate) begun: u64,
    /// Entries read whole.
    pub(crate) ended: u64,
    /// Files among them.
    pub(crate) files: u64,
    /// Bytes of the texts of all entries.
    pub(crate) entry_text: u64,
    /// Compressed streams, by weight.
    pub(crate) streams: u64,
    /// Memory of the xz decompressors at work.
    pub(crate) xz_memory: u64,
    /// Whether an archive within the input has come whose decompressor holds a large window.
    pub(crate) has_large_window: bool,
    /// Oddities of all entries and nested archives.
    pub(crate) anomalies: Anomalies,
}

impl Walk {
    pub(crate) fn new(limits: Limits, wanted: Wanted) -> Self {
        Self {
            limits,
            wanted,
            body: 0,
            outermost: 0,
            uncompressed: 0,
            begun: 0,
            ended: 0,
            files: 0,
            entry_text: 0,
            streams: 0,
            xz_memory: 0,
            has_large_window: false,
            anomalies: Anomalies::default(),
        }
    }

    /// Adds an oddity, if any are wanted.
    pub(crate) fn tell(&self, anomalies: &mut Anomalies, anomaly: Anomaly) {
        if self.wanted.anomalies {
            anomalies.insert(anomaly);
        }
    }

    /// Compares all that was decompressed with the `compressed` bytes that it comes from.
    pub(crate) fn check_ratio(&self, compressed: u64) -> Result<(), ArchiveError> {
        if !self.limits.ratio_exceeded(compressed, self.uncompressed) {
            return Ok(());
        }
        Err(ArchiveError::Limit {
            limit: "ratio",
            allowed: self.limits.ratio,
            seen: self.uncompressed / compressed.max(1),
        })
    }
}

/// An error if a limit is hit.
pub(crate) fn within(limit: &'static str, allowed: u64, seen: u64) -> Result<(), ArchiveError> {
    if seen <= allowed {
        return Ok(());
    }
    Err(ArchiveError::Limit {
        limit,
        allowed,
        seen,
    })
}
