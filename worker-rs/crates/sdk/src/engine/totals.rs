//! The account: what is unfinished, and what has ended. Shared between the reading thread and the work.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustpipe_protocol::{FromWorker, Window};

use crate::engine::fatal::Fatal;
use crate::engine::service::Finished;

/// Counts of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    unfinished_inputs: AtomicU64,
    unfinished_bytes: AtomicU64,
    inputs: AtomicU64,
    rows: AtomicU64,
    errors: AtomicU64,
    counters: Mutex<BTreeMap<&'static str, u64>>,
}

impl Totals {
    /// An input of this many bytes has come. Refused if it is beyond the window; a single input may be of any size.
    pub(crate) fn begin(&self, id: u64, bytes: u64, window: Window) -> Result<(), Fatal> {
        let inputs = self.unfinished_inputs.fetch_add(1, Ordering::AcqRel) + 1;
        let bytes = self.unfinished_bytes.fetch_add(bytes, Ordering::AcqRel) + bytes;
        if inputs > window.inputs {
            Err(Fatal::Window {
                id,
                unit: "inputs",
                seen: inputs,
                allowed: window.inputs,
            })
        } else if bytes > window.bytes && inputs > 1 {
            Err(Fatal::Window {
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
        let mut counters = self.counters();
        for &(name, number) in &finished.counters {
            let counter = counters.entry(name).or_default();
            *counter = counter.saturating_add(number);
        }
    }

    /// The heartbeat.
    pub(crate) fn metrics(&self) -> FromWorker {
        let own = [
            ("inputs_done", &self.inputs),
            ("rows", &self.rows),
            ("errors", &self.errors),
        ];
        let own = own.map(|(name, counter)| (name, counter.load(Ordering::Relaxed)));
        let counters = self.counters();
        let counters = counters.iter().map(|(&name, &number)| (name, number));
        FromWorker::Metrics {
            counters: counters
                .chain(own)
                .map(|(name, number)| (name.to_owned(), number))
                .collect(),
        }
    }

    fn counters(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
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
