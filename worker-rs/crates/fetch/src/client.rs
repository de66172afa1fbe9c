//! The client: the connections, and the one retry loop around the whole download.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use crate::address::AddressRules;
use crate::attempt::{Outcome, Setup};
use crate::consumer::micros;
use crate::error::NewClientError;
use crate::pace::Budget;
use crate::resolver::GuardedResolver;
use crate::{Config, Consumer, Depth, Report, classify, retry, target};

/// Fetches URLs. One per process keeps all connections in one pool; share it by reference.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    rules: AddressRules,
    config: Config,
}

impl Client {
    /// A client with these settings. Reads the system's resolver configuration and hosts file, and no file later on.
    ///
    /// # Errors
    /// When the TLS, DNS or HTTP library refuses the settings.
    pub fn new(config: Config) -> Result<Self, NewClientError> {
        let failed = |error: &dyn std::error::Error| NewClientError {
            reason: error.to_string(),
        };
        let rules = AddressRules::new(config.allowed_networks.clone());
        let resolver =
            GuardedResolver::new(rules.clone(), &config).map_err(|error| failed(&error))?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls().map_err(|error| failed(&error))?)
            .dns_resolver(Arc::new(resolver))
            .http1_only()
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .user_agent(config.user_agent.as_str())
            .default_headers(headers)
            .connect_timeout(config.connect_timeout)
            .pool_max_idle_per_host(config.concurrency)
            .pool_idle_timeout(config.pool_idle_timeout)
            .build()
            .map_err(|error| NewClientError {
                reason: classify::reason(&error),
            })?;
        Ok(Self {
            http,
            rules,
            config,
        })
    }

    /// Fetches `url`, the manifest's value, and gives its body to `consumer`. It always ends in a report; what went
    /// wrong is in [`Report::result`].
    pub async fn fetch<C: Consumer>(
        &self,
        url: Option<&str>,
        depth: Depth,
        consumer: &mut C,
    ) -> Report {
        let started = Instant::now();
        let mut report = Report::unfetched();
        let mut waited = Duration::ZERO;
        match target::parse(url, &self.rules) {
            Err(error) => report.result = Err(error),
            Ok(start) => {
                let setup = Setup {
                    http: &self.http,
                    rules: &self.rules,
                    config: &self.config,
                    depth,
                };
                let mut budget = Budget::new(self.config.total_timeout);
                loop {
                    report.attempts += 1;
                    report.fetched_at_micros = micros(SystemTime::now());
                    let mut outcome = Outcome::default();
                    report.result = setup.run(&start, consumer, &mut budget, &mut outcome).await;
                    report.head = outcome.head;
                    report.redirects = outcome.redirects;
                    report.bytes_downloaded = outcome.bytes;

                    let Err(error) = &report.result else { break };
                    if budget.left().is_zero() {
                        break;
                    }
                    let Some(delay) = retry::delay(error, report.attempts, &self.config) else {
                        break;
                    };
                    tracing::debug!(attempt = report.attempts, ?delay, %error, "trying again");
                    consumer.restart();
                    let waiting = Instant::now();
                    tokio::time::sleep(delay).await;
                    waited += waiting.elapsed();
                }
            }
        }
        report.fetch_ms = millis(started.elapsed());
        report.wait_ms = millis(waited);
        report
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn tls() -> Result<ClientConfig, rustls::Error> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
