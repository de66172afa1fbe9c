//! One input from its URL to its last frame.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustpipe::engine::{Finished, Output, Session};
use rustpipe_archive::Limits;
use rustpipe_fetch::{Client, Config, Depth, NewClientError, Report};
use rustpipe_protocol::{Input, Status};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::body::{Body, Clock, Ended};
use crate::cpu::{Cpu, Panicked};
use crate::failure::Failure;
use crate::fetches::{Facts, FetchField};
use crate::frames::{Frames, Outlet};
use crate::integrity::Expected;
use crate::limits::{DEFAULT_PLACES, collected_bytes};
use crate::pipeline::{Findings, Recipe, Work};
use crate::plan::{Plan, Rows};
use crate::resume::BadToken;
use crate::source::Source;
use crate::table::Cost;

/// Works on inputs, any number of them at once.
pub struct Analyzer {
    plan: Plan,
    recipe: Arc<Recipe>,
    client: Client,
    cpu: Cpu,
    collected: usize,
    /// For large bodies that make the worker hold much.
    places: Semaphore,
    worker_sha256: Option<Vec<u8>>,
    output: Output,
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

/// One input on its way.
struct Task {
    source: Source,
    /// The token of a replay.
    resume: Option<String>,
    outlet: Outlet,
}

/// Downloads that were given up until there was a place for them.
#[derive(Default)]
struct GivenUp {
    attempts: u32,
    retries: u32,
    wait_ms: u64,
    fetch_ms: u64,
}

/// What an input has come to.
struct Outcome {
    report: Report,
    findings: Findings,
    clock: Clock,
    /// Attempts because one before had failed.
    retries: u32,
    /// What the manifest says the body's digest must be.
    expected: Option<Expected>,
    /// What outweighs all else: the input itself, or a defect of the worker.
    failure: Option<Failure>,
}

impl Outcome {
    fn new(report: Report) -> Self {
        Self {
            report,
            findings: Findings::default(),
            clock: Clock::default(),
            retries: 0,
            expected: None,
            failure: None,
        }
    }

    fn failed(failure: Failure) -> Self {
        Self {
            failure: Some(failure),
            ..Self::new(Report::unfetched())
        }
    }
}

impl Analyzer {
    /// An analyzer for this plan. Lines that can't wait for an input's end go into `output`, each with its `\n`.
    ///
    /// # Errors
    /// When the client or the threads can't be set up.
    pub fn new(
        plan: Plan,
        config: Config,
        limits: Limits,
        output: Output,
    ) -> Result<Self, NewAnalyzerError> {
        let collected = collected_bytes(config.concurrency);
        let worker_sha256 = plan.fills(FetchField::WorkerSha256).then(own_digest);
        Ok(Self {
            recipe: Arc::new(Recipe::new(&plan, limits)),
            client: Client::new(config)?,
            cpu: Cpu::new()?,
            collected,
            places: Semaphore::new(DEFAULT_PLACES),
            worker_sha256: worker_sha256.flatten(),
            output,
            plan,
        })
    }

    async fn work(&self, task: &Task) -> Outcome {
        let url = task.source.url.as_deref();
        if let Err(error) = self.resume(task) {
            return Outcome::failed(Failure::bad_token(url, error));
        }
        let depth = match self.plan.cost() {
            Cost::None => return Outcome::new(Report::unfetched()),
            Cost::Head => Depth::Head,
            Cost::Body | Cost::Entries | Cost::Content => Depth::Body,
        };
        let expected = task
            .source
            .integrity
            .as_deref()
            .map_or(Ok(None), Expected::parse);
        let expected = match expected {
            Ok(expected) => expected,
            Err(error) => return Outcome::failed(Failure::bad_input(url, &error.to_string())),
        };
        let mut place = None;
        let mut clock = Clock::default();
        let mut given_up = GivenUp::default();
        loop {
            let work = Work::new(&self.recipe, expected.as_ref(), task.outlet.clone());
            let mut body = Body::new(&self.cpu, work, self.collected, &self.places, place.take());
            let mut report = self.client.fetch(url, depth, &mut body).await;
            let (ended, its_clock) = body.finish(report.result.is_ok()).await;
            clock.scan += its_clock.scan;
            clock.paused += its_clock.paused;
            let retries = given_up.retries + report.attempts.saturating_sub(1);
            report.attempts += given_up.attempts;
            report.wait_ms += given_up.wait_ms;
            report.fetch_ms += given_up.fetch_ms;
            match ended {
                Ended::Read(findings) => {
                    return Outcome {
                        findings: *findings,
                        clock,
                        retries,
                        expected,
                        ..Outcome::new(report)
                    };
                }
                Ended::Failed(panicked) => {
                    return Outcome {
                        clock,
                        retries,
                        failure: Some(Failure::internal(url, &panicked)),
                        ..Outcome::new(report)
                    };
                }
                Ended::Crowded => {
                    given_up = GivenUp {
                        attempts: report.attempts,
                        retries,
                        wait_ms: report.wait_ms,
                        fetch_ms: report.fetch_ms,
                    };
                    // Nobody closes the semaphore.
                    place = self.places.acquire().await.ok();
                }
            }
        }
    }

    /// Goes on where a replay says.
    fn resume(&self, task: &Task) -> Result<(), BadToken> {
        let Some(token) = &task.resume else {
            return Ok(());
        };
        match self.plan.rows {
            Rows::Entries(_) => task.outlet.continue_behind(token.parse()?),
            // The one row of an input never leaves before its end.
            Rows::Fetches(_) => return Err(BadToken),
        }
        Ok(())
    }

    /// The input's last lines and its account.
    fn end(&self, task: &Task, outcome: Outcome) -> Finished {
        let url = task.source.url.as_deref();
        let integrity_ok = outcome.integrity_ok();
        let (status, failures) = outcome.account(url);
        let Outcome {
            report,
            mut findings,
            clock,
            retries,
            ..
        } = outcome;
        let frames = findings.rows.take();
        let mut frames = frames.unwrap_or_else(|| Frames::new(task.outlet.clone()));
        let (lines, rows, failed) = match (&self.plan.rows, failures.first()) {
            (Rows::Fetches(fields), _) => {
                let facts = Facts {
                    report: &report,
                    findings: &findings,
                    fetch_ms: report
                        .fetch_ms
                        .saturating_sub(report.wait_ms + millis(clock.paused)),
                    scan_ms: millis(clock.scan),
                    expected_integrity: task.source.integrity.as_deref(),
                    integrity_ok,
                    status,
                    failures: &failures,
                    worker_sha256: self.worker_sha256.as_deref(),
                };
                facts.write(fields, frames.row());
                // Ends in the frame alone: the input's one row never leaves before its end.
                frames.row().end_row();
                (frames.done(status), 1, false)
            }
            (Rows::Entries(_), None) => {
                let rows = frames.rows();
                (frames.done(status), rows, false)
            }
            (Rows::Entries(_), Some(failure)) => {
                let rows = frames.rows();
                (frames.failed(failure), rows, true)
            }
        };
        let summary = findings.summary.unwrap_or_default();
        Finished {
            lines,
            rows,
            failed,
            counters: vec![
                // Of its URL, redirects not counted.
                ("requests", report.attempts.into()),
                // Attempts because one before had failed.
                ("retries", retries.into()),
                // In the last attempt.
                ("bytes_downloaded", report.bytes_downloaded),
                ("uncompressed_bytes", summary.uncompressed_bytes),
                // Read whole.
                ("entries", summary.entry_count),
                // For the digests that the query asks for, once for each.
                ("hashed_bytes", findings.hashed_bytes),
            ],
        }
    }
}

impl Session for Analyzer {
    /// A panic on the way costs this input only.
    async fn run(self: Arc<Self>, input: Input) -> Finished {
        let outlet = Outlet::new(input.id, self.output.clone());
        let source = Source::read(input.input);
        let (source, unreadable) = match source {
            Ok(source) => (source, None),
            Err(error) => (Source::default(), Some(error)),
        };
        let task = Arc::new(Task {
            source,
            resume: input.resume,
            outlet,
        });
        if let Some(error) = unreadable {
            let failure = Failure::bad_input(None, &error.to_string());
            return self.end(&task, Outcome::failed(failure));
        }
        let (this, its_task) = (Arc::clone(&self), Arc::clone(&task));
        let work = tokio::spawn(async move {
            let outcome = this.work(&its_task).await;
            this.end(&its_task, outcome)
        });
        match work.await {
            Ok(finished) => finished,
            Err(error) => {
                let panicked = match error.try_into_panic() {
                    Ok(payload) => Panicked::new(payload.as_ref()),
                    Err(error) => Panicked {
                        message: error.to_string(),
                    },
                };
                let failure = Failure::internal(task.source.url.as_deref(), &panicked);
                self.end(&task, Outcome::failed(failure))
            }
        }
    }
}

impl Outcome {
    /// Whether the body is the expected one, if that is known.
    fn integrity_ok(&self) -> Option<bool> {
        let expected = self.expected.as_ref()?;
        let digest = self.findings.digests.get(expected.algorithm)?;
        Some(expected.matches(digest))
    }

    /// How the input has ended, and all that went wrong, what decides first.
    fn account(&self, url: Option<&str>) -> (Status, Vec<Failure>) {
        let mut failures: Vec<_> = self.failure.iter().cloned().collect();
        let changed = self.findings.changed.as_ref();
        failures.extend(changed.map(|changed| Failure::changed(url, changed)));
        failures.extend(self.report.result.as_ref().err().map(Failure::fetch));
        failures.extend(self.mismatch(url));
        let is_failed = !failures.is_empty();

        let findings = &self.findings;
        let archive = findings.error.as_ref();
        failures.extend(archive.map(|error| Failure::archive(url, error)));
        let overflow = findings.overflow.as_ref();
        failures.extend(overflow.map(|overflow| Failure::overflow(url, overflow)));
        let nested = findings.nested.listed.iter();
        failures.extend(nested.map(|failure| Failure::nested(url, failure)));
        if findings.nested.more > 0 {
            failures.push(Failure::more_nested(url, findings.nested.more));
        }
        if let Some(frames) = findings.rows.as_ref().filter(|it| it.missing() > 0) {
            failures.push(Failure::missing(url, frames.missing(), frames.rows()));
        }
        let status = match (is_failed, failures.is_empty()) {
            (true, _) => Status::Failed,
            (false, false) => Status::PartiallySucceeded,
            (false, true) => Status::Succeeded,
        };
        (status, failures)
    }

    fn mismatch(&self, url: Option<&str>) -> Option<Failure> {
        let expected = self.expected.as_ref()?;
        let digest = self.findings.digests.get(expected.algorithm)?;
        (!expected.matches(digest)).then(|| Failure::mismatch(url, &expected.mismatch(digest)))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The digest of the running executable.
fn own_digest() -> Option<Vec<u8>> {
    // The kernel's link works for a file that was replaced or removed meanwhile, too.
    let link = Path::new("/proc/self/exe");
    let file = if link.exists() {
        std::fs::read(link)
    } else {
        std::env::current_exe().and_then(std::fs::read)
    };
    Some(Sha256::digest(file.ok()?).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn analyzer(table: &str, columns: &[&str], config: Config) -> Analyzer {
        let columns: Vec<_> = columns.iter().map(|&column| column.to_owned()).collect();
        let plan = Plan::new(table, &columns, Cost::Content).unwrap();
        let (output, _lines) = rustpipe::engine::output(&tokio::runtime::Handle::current());
        Analyzer::new(plan, config, Limits::default(), output).unwrap()
    }

    /// The last line of an input whose analysis panicked.
    async fn line_after_panic(table: &str, columns: &[&str]) -> Value {
        let analyzer = analyzer(table, columns, Config::default());
        let panicked = analyzer
            .cpu
            .run(|| -> Findings { panic!("a bug") })
            .await
            .err()
            .unwrap();
        let url = "http://x/".to_owned();
        let failure = Failure::internal(Some(&url), &panicked);
        let task = Task {
            source: Source {
                url: Some(url),
                integrity: None,
            },
            resume: None,
            outlet: Outlet::new(3, analyzer.output.clone()),
        };
        let finished = analyzer.end(&task, Outcome::failed(failure));
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
            let config = Config {
                allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
                ..Config::default()
            };
            let analyzer = Arc::new(analyzer("entries", &["path"], config));
            let url = json!("http://127.0.0.1:1/");
            let input = Input {
                id: 5,
                input: [("url".to_owned(), url)].into_iter().collect(),
                resume: None,
            };
            analyzer.run(input).await
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
