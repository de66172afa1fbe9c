//! One input from its URL to its last frame.

use std::sync::Arc;

use rustpipe_archive::Limits;
use rustpipe_fetch::{Client, Config, Depth, NewClientError, Report};
use rustpipe_protocol::{Input, Status};
use tokio::sync::mpsc::Sender;

use crate::body::Body;
use crate::cpu::{Cpu, Panicked};
use crate::failure::Failure;
use crate::fetches::{Facts, FetchField};
use crate::frames::{Frames, Outlet};
use crate::limits::collected_bytes;
use crate::pipeline::{Findings, Recipe};
use crate::plan::{Plan, Rows};
use crate::table::Cost;

/// Works on inputs, any number of them at once.
pub struct Analyzer {
    plan: Plan,
    recipe: Recipe,
    client: Client,
    cpu: Cpu,
    collected: usize,
    lines: Sender<Vec<u8>>,
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
    /// Bytes of its body that arrived in the last attempt.
    pub bytes_downloaded: u64,
    /// Bytes of its archive that were read.
    pub uncompressed_bytes: u64,
    /// Attempts after the first.
    pub retries: u64,
}

/// Why no analyzer could be made.
#[derive(Debug, thiserror::Error)]
pub enum NewAnalyzerError {
    /// The HTTP client.
    #[error(transparent)]
    Client(#[from] NewClientError),
    /// The threads.
    #[error("the threads for analyses could not be started: {0}; raise the limit on threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl Analyzer {
    /// An analyzer for this plan. Lines that can't wait for an input's end go into `lines`, each with its `\n`.
    ///
    /// # Errors
    /// When the client or the threads can't be set up.
    pub fn new(
        plan: Plan,
        config: Config,
        limits: Limits,
        lines: Sender<Vec<u8>>,
    ) -> Result<Self, NewAnalyzerError> {
        let collected = collected_bytes(config.concurrency);
        let recipe = Recipe::new(&plan, limits);
        Ok(Self {
            recipe,
            client: Client::new(config)?,
            cpu: Cpu::new()?,
            collected,
            lines,
            plan,
        })
    }

    /// Works on one input. A panic on the way costs this input only.
    pub async fn run(self: &Arc<Self>, input: Input) -> Finished {
        let outlet = Outlet::new(input.id, self.lines.clone());
        let url: Option<Arc<str>> = input.input.url.map(Into::into);
        let (this, its_url, its_outlet) = (Arc::clone(self), url.clone(), outlet.clone());
        let work = tokio::spawn(async move { this.work(its_url.as_deref(), its_outlet).await });
        match work.await {
            Ok(finished) => finished,
            Err(error) => {
                let message = match error.try_into_panic() {
                    Ok(payload) => Panicked::new(payload.as_ref()),
                    Err(error) => Panicked {
                        message: error.to_string(),
                    },
                };
                self.end(url.as_deref(), &Report::unfetched(), Err(message), outlet)
            }
        }
    }

    async fn work(&self, url: Option<&str>, outlet: Outlet) -> Finished {
        let depth = match self.plan.cost() {
            Cost::None => {
                return self.end(url, &Report::unfetched(), Ok(Findings::default()), outlet);
            }
            Cost::Head => Depth::Head,
            Cost::Body | Cost::Entries | Cost::Content => Depth::Body,
        };
        let mut body = Body::new(&self.cpu, &self.recipe, outlet.clone(), self.collected);
        let report = self.client.fetch(url, depth, &mut body).await;
        let findings = body.finish(report.result.is_ok()).await;
        self.end(url, &report, findings, outlet)
    }

    /// The input's last lines and its account.
    fn end(
        &self,
        url: Option<&str>,
        report: &Report,
        findings: Result<Findings, Panicked>,
        outlet: Outlet,
    ) -> Finished {
        let (mut findings, panicked) = match findings {
            Ok(findings) => (findings, None),
            Err(panicked) => (Findings::default(), Some(panicked)),
        };
        let (status, failure) = match (&panicked, &report.result, &findings.error) {
            (Some(panicked), _, _) => (Status::Failed, Some(Failure::internal(url, panicked))),
            (None, Err(error), _) => (Status::Failed, Some(Failure::fetch(error))),
            (None, Ok(()), Some(error)) => (
                Status::PartiallySucceeded,
                Some(Failure::archive(url, error)),
            ),
            (None, Ok(()), None) => (Status::Succeeded, None),
        };
        let uncompressed_bytes = findings
            .summary
            .as_ref()
            .map_or(0, |summary| summary.uncompressed_bytes);
        let frames = findings.rows.take().unwrap_or_else(|| Frames::new(outlet));
        let (lines, rows, failed) = match (&self.plan.rows, failure) {
            (Rows::Fetches(fields), failure) => {
                let facts = Facts {
                    report,
                    findings: &findings,
                    status,
                    failure: failure.as_ref(),
                };
                (fetch_row(fields, &facts, frames), 1, false)
            }
            (Rows::Entries(_), None) => {
                let rows = frames.rows();
                (frames.done(status), rows, false)
            }
            (Rows::Entries(_), Some(failure)) => {
                let rows = frames.rows();
                (frames.failed(&failure), rows, true)
            }
        };
        Finished {
            lines,
            rows,
            failed,
            bytes_downloaded: report.bytes_downloaded,
            uncompressed_bytes,
            retries: report.attempts.saturating_sub(1).into(),
        }
    }
}

fn fetch_row(fields: &[FetchField], facts: &Facts<'_>, mut frames: Frames) -> Vec<u8> {
    facts.write(fields, frames.row());
    // Ends in the frame alone: the input's one row never leaves before its end.
    frames.row().end_row();
    frames.done(facts.status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The last line of an input whose analysis panicked.
    async fn line_after_panic(table: &str, columns: &[&str]) -> Value {
        let columns: Vec<_> = columns.iter().map(|&column| column.to_owned()).collect();
        let (lines, _receiver) = tokio::sync::mpsc::channel(1);
        let plan = Plan::new(table, &columns).unwrap();
        let analyzer =
            Analyzer::new(plan, Config::default(), Limits::default(), lines.clone()).unwrap();
        let panicked = analyzer
            .cpu
            .run(|| -> Findings { panic!("a bug") })
            .await
            .err()
            .unwrap();
        let finished = analyzer.end(
            Some("http://x/"),
            &Report::unfetched(),
            Err(panicked),
            Outlet::new(3, lines),
        );
        serde_json::from_slice(&finished.lines).unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error_of_its_input() {
        let line = line_after_panic("entries", &["path"]).await;
        assert_eq!(
            line,
            json!({
                "type": "error", "id": 3, "code": "INTERNAL", "retryable": false, "rows": 0,
                "message": "a defect of the worker, please report it: a bug, in http://x/",
            })
        );
    }

    /// Without timers, the first time limit of a fetch panics.
    #[test]
    fn a_panic_outside_the_pool_costs_its_input_only_as_well() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .unwrap();
        let finished = runtime.block_on(async {
            let (lines, _receiver) = tokio::sync::mpsc::channel(1);
            let plan = Plan::new("entries", &["path".to_owned()]).unwrap();
            let config = Config {
                allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
                ..Config::default()
            };
            let analyzer = Arc::new(Analyzer::new(plan, config, Limits::default(), lines).unwrap());
            let url = Some("http://127.0.0.1:1/".to_owned());
            let input = rustpipe_protocol::InputFields { url };
            analyzer.run(Input { id: 5, input }).await
        });
        let line: Value = serde_json::from_slice(&finished.lines).unwrap();
        assert_eq!(
            (&line["id"], &line["code"], finished.failed),
            (&json!(5), &json!("INTERNAL"), true)
        );
    }

    #[tokio::test]
    async fn a_panic_is_a_row_where_every_input_has_one() {
        let line = line_after_panic("fetches", &["status", "error_code", "attempts"]).await;
        let done = json!({"status": "FAILED", "rows": 1});
        assert_eq!(
            line,
            json!({"type": "rows", "id": 3, "rows": [["FAILED", "INTERNAL", 0]], "done": done})
        );
    }
}
