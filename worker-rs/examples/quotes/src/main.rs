//! Tickers in, quotes out: asks an HTTP API for the last trading day of each share.

use std::{process::ExitCode, sync::LazyLock, time::Duration};

use reqwest::{Client, StatusCode, Url};
use rustpipe::{Coded, Context, ErrorCode, Failure, Record, Worker};

/// What comes in: the columns that the worker reads.
#[derive(Record)]
struct Share {
    ticker: String,
}

/// What goes out: the columns of a row.
#[derive(Record, serde::Deserialize)]
struct Quote {
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    /// Shares traded
    volume: i64,
}

static CLIENT: LazyLock<Client> = LazyLock::new(Client::new);

async fn quote(share: Share, context: Context) -> Result<Quote, Failure> {
    let mut url: Url = context.option("api");
    url.query_pairs_mut().append_pair("ticker", &share.ticker);
    let mut pause = Duration::from_millis(100);
    loop {
        context.count("requests", 1);
        match ask(&url).await {
            Err(failure) if failure.is_retryable() && pause < Duration::from_secs(5) => {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            answer => return answer,
        }
    }
}

async fn ask(url: &Url) -> Result<Quote, Failure> {
    let request = CLIENT.get(url.clone()).timeout(Duration::from_secs(10));
    let answer = request.send().await.code(ErrorCode::Connect)?;
    let status = answer.status();
    if status == StatusCode::OK {
        return answer.json().await.code(ErrorCode::Truncated);
    }
    let busy = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    Err(Failure::new(ErrorCode::HttpStatus, format!("{status} for {url}")).retryable(busy))
}

fn main() -> ExitCode {
    Worker::new("quotes", env!("CARGO_PKG_VERSION"))
        .option::<Url>("api", "http://127.0.0.1:8080/quote", "Where to ask")
        .one("quotes", "The last trading day of a share", quote)
        .run()
}
