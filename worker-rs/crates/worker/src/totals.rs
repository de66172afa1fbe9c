//! The account: what is unfinished, and what has ended. Shared between the reading thread and the work.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rustpipe_analyze::Finished;
use rustpipe_protocol::{FromWorker, Window};

use crate::failure::Failure;

/// Counts of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    unfinished_inputs: AtomicU64,
    unfinished_bytes: AtomicU64,
    inputs: AtomicU64,
    rows: AtomicU64,
    errors: AtomicU64,
    requests: AtomicU64,
    retries: AtomicU64,
    bytes_downloaded: AtomicU64,
    uncompressed_bytes: AtomicU64,
    entries: AtomicU64,
    hashed_bytes: AtomicU64,
}

impl Totals {
    /// An input of this many bytes has come. Refused if it is beyond the window; a single input may be of any size.
    pub(crate) fn begin(&self, id: u64, bytes: u64, window: Window) -> Result<(), Failure> {
        let inputs = self.unfinished_inputs.fetch_add(1, Ordering::AcqRel) + 1;
        let bytes = self.unfinished_bytes.fetch_add(bytes, Ordering::AcqRel) + bytes;
        if inputs > window.inputs {
            Err(Failure::Window {
                id,
                unit: "inputs",
                seen: inputs,
                allowed: window.inputs,
            })
        } else if bytes > window.bytes && inputs > 1 {
            Err(Failure::Window {
                id,
                unit: "bytes",
                seen: bytes,
                allowed: window.bytes,
            })
        } else {
            Ok(())
        }
    }

    /// An input of this many bytes has ended. To be called before its last line is sent: the connector may answer
    /// that line with another input.
    pub(crate) fn end(&self, bytes: u64, finished: &Finished) {
        self.unfinished_bytes.fetch_sub(bytes, Ordering::AcqRel);
        self.unfinished_inputs.fetch_sub(1, Ordering::AcqRel);
        add(&self.inputs, 1);
        add(&self.rows, finished.rows);
        add(&self.errors, finished.failed.into());
        add(&self.requests, finished.requests);
        add(&self.retries, finished.retries);
        add(&self.bytes_downloaded, finished.bytes_downloaded);
        add(&self.uncompressed_bytes, finished.uncompressed_bytes);
        add(&self.entries, finished.entries);
        add(&self.hashed_bytes, finished.hashed_bytes);
    }

    /// The heartbeat.
    pub(crate) fn metrics(&self) -> FromWorker {
        let counters = [
            ("inputs_done", &self.inputs),
            ("errors", &self.errors),
            ("rows", &self.rows),
            ("requests", &self.requests),
            ("retries", &self.retries),
            ("bytes_downloaded", &self.bytes_downloaded),
            ("uncompressed_bytes", &self.uncompressed_bytes),
            ("entries", &self.entries),
            ("hashed_bytes", &self.hashed_bytes),
        ];
        let counters =
            counters.map(|(name, counter)| (name.to_owned(), counter.load(Ordering::Relaxed)));
        FromWorker::Metrics {
            counters: BTreeMap::from(counters),
        }
    }

    /// The last frame.
    pub(crate) fn bye(&self) -> FromWorker {
        FromWorker::Bye {
            inputs: self.inputs.load(Ordering::Relaxed),
            rows: self.rows.load(Ordering::Relaxed),
            errors: self.errors.load(Ordering::Relaxed),
        }
    }
}

fn add(counter: &AtomicU64, number: u64) {
    counter.fetch_add(number, Ordering::Relaxed);
}
