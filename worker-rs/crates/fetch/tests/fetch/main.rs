//! The client against servers that misbehave, each test one rule.

mod addresses;
mod body;
mod redirects;
mod retries;
mod timeouts;
mod tls;

use std::time::Duration;

use bytes::Bytes;
use rustpipe_fetch::{Client, Config, Consumer, Depth, Head, Report, Stop};

/// Loopback is open, and retries come at once.
fn config() -> Config {
    Config {
        allowed_networks: vec!["127.0.0.0/8".parse().expect("a range")],
        retry_base: Duration::from_millis(1),
        retry_cap: Duration::from_millis(4),
        ..Config::default()
    }
}

/// Keeps what it gets.
struct Collector {
    heads: Vec<Head>,
    body: Vec<u8>,
    stop_at: usize,
    pause: Duration,
}

impl Default for Collector {
    fn default() -> Self {
        Self {
            heads: Vec::new(),
            body: Vec::new(),
            stop_at: usize::MAX,
            pause: Duration::ZERO,
        }
    }
}

impl Consumer for Collector {
    async fn begin(&mut self, head: &Head) {
        self.heads.push(head.clone());
    }

    async fn chunk(&mut self, bytes: Bytes) -> Result<(), Stop> {
        if !self.pause.is_zero() {
            tokio::time::sleep(self.pause).await;
        }
        self.body.extend_from_slice(&bytes);
        if self.body.len() >= self.stop_at {
            Err(Stop)
        } else {
            Ok(())
        }
    }

    fn restart(&mut self) {
        self.body.clear();
    }
}

async fn fetch_into(config: Config, url: &str, collector: &mut Collector) -> Report {
    let client = Client::new(config).expect("a client");
    client.fetch(Some(url), Depth::Body, collector).await
}

async fn fetch_with(config: Config, url: &str) -> (Report, Collector) {
    let mut collector = Collector::default();
    let report = fetch_into(config, url, &mut collector).await;
    (report, collector)
}

async fn fetch(url: &str) -> (Report, Collector) {
    fetch_with(config(), url).await
}

/// The error's code, or `OK`.
fn code(report: &Report) -> &'static str {
    report
        .result
        .as_ref()
        .err()
        .map_or("OK", rustpipe_fetch::FetchError::code)
}

fn message(report: &Report) -> String {
    report.result.as_ref().expect_err("an error").to_string()
}
