//! The tables as a service: what they offer, and how a conversation about one of them begins.

use rustpipe::engine::{self, Opened, Output, Refusal, Service};
use rustpipe_analyze::{Analyzer, Plan};
use rustpipe_protocol::{Description, Open};

use crate::options::{self, Settings};

/// The tables of this worker.
pub(crate) struct Tables;

impl Service for Tables {
    type Session = Analyzer;

    fn description(&self) -> Description {
        engine::description(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            rustpipe_analyze::tables(),
            options::describe(),
        )
    }

    fn open(&self, open: &Open, output: &Output) -> Result<Opened<Analyzer>, Refusal> {
        let Settings {
            fetch,
            archive,
            depth,
        } = options::read(&open.options).map_err(|error| Refusal::Asked(error.to_string()))?;
        let plan = Plan::new(&open.table, &open.columns, depth)
            .map_err(|error| Refusal::Asked(error.to_string()))?;
        let columns = plan.columns().to_vec();
        let concurrency = fetch.concurrency;
        let session = Analyzer::new(plan, fetch, archive, output.clone())
            .map_err(|error| Refusal::Unable(error.to_string()))?;
        Ok(Opened {
            columns,
            concurrency,
            session,
        })
    }
}
