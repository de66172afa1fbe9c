//! What a function can ask and tell beside its input and its rows.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustpipe_protocol::{FromWorker, Level};

use crate::engine::Output;
use crate::failure::shortened;

/// The query that an input belongs to.
#[derive(Clone, Debug)]
pub struct Context {
    query: Arc<Query>,
    counters: Arc<Mutex<BTreeMap<&'static str, u64>>>,
}

/// What all inputs of a conversation share.
#[derive(Debug)]
pub(crate) struct Query {
    /// All options that the worker declares, with their defaults.
    pub(crate) options: BTreeMap<String, String>,
    /// The columns wanted.
    pub(crate) columns: Vec<String>,
    pub(crate) output: Output,
}

impl Context {
    pub(crate) fn new(query: Arc<Query>) -> Self {
        Self {
            query,
            counters: Arc::default(),
        }
    }

    /// The value of an option, or its default.
    ///
    /// # Panics
    /// When the worker has not declared it, or with another type.
    #[must_use]
    pub fn option<T: FromStr<Err: Display>>(&self, name: &str) -> T {
        let Some(value) = self.query.options.get(name) else {
            panic!("the worker declares no option '{name}'");
        };
        value.parse().unwrap_or_else(|error| {
            let wanted = type_name::<T>();
            panic!("the option '{name}' is '{value}', which is no {wanted}: {error}")
        })
    }

    /// Whether the query wants this column. One that it does not want may have any value: it is not sent.
    #[must_use]
    pub fn wants(&self, column: &str) -> bool {
        self.query.columns.iter().any(|wanted| wanted == column)
    }

    /// Counts something up, such as `requests`, `retries` or `bytes_downloaded`, which Spark shows.
    pub fn count(&self, name: &'static str, number: u64) {
        let mut counters = self.counters();
        let counter = counters.entry(name).or_default();
        *counter = counter.saturating_add(number);
    }

    /// Says something in the connector's log. Nothing waits for it: where the output is full, it is not said.
    pub fn log(&self, level: Level, message: impl Display) {
        let message = shortened(message.to_string());
        self.query
            .output
            .try_send(FromWorker::Log { level, message }.to_line());
    }

    pub(crate) fn counted(&self) -> Vec<(&'static str, u64)> {
        std::mem::take(&mut *self.counters()).into_iter().collect()
    }

    fn counters(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
