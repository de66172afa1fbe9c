//! Many downloads at once, and a job on a blocking thread for each body. Knows nothing of archives.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use reqwest::Client;

/// Time for one download as a whole, so that a silent server can't hold up the race for ever.
const TIMEOUT: Duration = Duration::from_mins(5);

/// Downloads each URL, at most `at_once` at a time, and runs `job` on URL and body; results come in the order in which they
/// get ready. A download that failed is an `Err` for the job.
///
/// # Errors
/// Only if the client can't be built.
pub(crate) fn for_each_body<T, J>(
    urls: impl Stream<Item = String>,
    at_once: usize,
    job: J,
) -> Result<impl Stream<Item = Result<T>>>
where
    T: Send + 'static,
    J: Fn(&str, Result<Bytes>) -> T + Copy + Send + 'static,
{
    // Fails only if one is installed already, which does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().timeout(TIMEOUT).build()?;
    Ok(urls
        .map(move |url| {
            let client = client.clone();
            // Tasks of their own, so that all threads of the runtime share the work.
            tokio::spawn(async move {
                let body = body(&client, &url).await;
                tokio::task::spawn_blocking(move || job(&url, body))
                    .await
                    .context("the job for a body panicked")
            })
        })
        .buffer_unordered(at_once)
        .map(|joined| joined.context("a download panicked")?))
}

async fn body(client: &Client, url: &str) -> Result<Bytes> {
    let response = client.get(url).send().await?.error_for_status()?;
    Ok(response.bytes().await?)
}
