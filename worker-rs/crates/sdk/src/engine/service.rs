//! What the engine wants of a worker.

use std::sync::Arc;

use rustpipe_protocol::{Description, HelloColumn, Input, Open};

use crate::engine::output::Output;

/// A worker: what it offers, and how a conversation begins.
pub trait Service {
    /// What works on the inputs of one conversation.
    type Session: Session;

    /// What the worker says of itself.
    fn description(&self) -> Description;

    /// Begins a conversation. Called within the context of the asynchronous runtime.
    ///
    /// # Errors
    /// When it can't give what is asked for.
    fn open(&self, open: &Open, output: &Output) -> Result<Opened<Self::Session>, Refusal>;
}

/// A conversation that has begun.
#[derive(Debug)]
pub struct Opened<S> {
    /// The columns that rows will carry, in the order asked for.
    pub columns: Vec<HelloColumn>,
    /// Inputs to work on at once.
    pub concurrency: usize,
    /// What works on them.
    pub session: S,
}

/// Works on inputs, any number of them at once.
pub trait Session: Send + Sync + 'static {
    /// Works on one input. Frames that can't wait for its end go into the output; the last ones are given back. Must not
    /// panic, since nobody could say how the input has ended.
    fn run(self: Arc<Self>, input: Input) -> impl Future<Output = Finished> + Send;
}

/// An input that has ended. Its last lines are still to be sent, so that it can be accounted for before anyone knows.
#[derive(Debug)]
pub struct Finished {
    /// Whole lines, each with its `\n`.
    pub lines: Vec<u8>,
    /// All rows of the input, those that have left before included.
    pub rows: u64,
    /// Whether it ends with an `error` frame.
    pub failed: bool,
    /// What `metrics` is to count of it, by name.
    pub counters: Vec<(&'static str, u64)>,
}

impl Finished {
    /// What was counted under this name.
    #[must_use]
    pub fn counter(&self, name: &str) -> u64 {
        let counters = self.counters.iter();
        counters.filter(|it| it.0 == name).map(|it| it.1).sum()
    }
}

/// Why no conversation begins.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The connector asks for what there is not: a table, a column, the value of an option.
    #[error("{0}")]
    Asked(String),
    /// The worker can't be set up on this machine.
    #[error("{0}")]
    Unable(String),
}
