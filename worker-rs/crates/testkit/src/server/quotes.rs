//! An API of the kind that people pay for: quotes of shares, so many requests a second, and now and then it fails.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::connection::head_end;

/// What comes before the ticker in the first line of a request.
const ASKS: &str = "GET /quote?ticker=";
const SECOND: Duration = Duration::from_secs(1);

/// The server. Of ten requests that it lets in, one is answered with 503 and one with half an answer.
#[derive(Debug)]
pub struct Quotes {
    per_second: u32,
    latency: Duration,
    /// When the current second began, and the requests in it.
    second: Mutex<(Instant, u32)>,
    let_in: AtomicU64,
}

impl Quotes {
    /// A server that lets in so many requests a second, and answers more with 429, each after `latency`.
    #[must_use]
    pub fn new(per_second: u32, latency: Duration) -> Self {
        Self {
            per_second,
            latency,
            second: Mutex::new((Instant::now(), 0)),
            let_in: AtomicU64::new(0),
        }
    }

    /// Answers on `listener` until the future is dropped.
    ///
    /// # Errors
    /// When no connection can be accepted any more.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let quotes = Arc::new(self);
        loop {
            let (stream, _) = listener.accept().await?;
            let quotes = Arc::clone(&quotes);
            // An error there is a client that left.
            tokio::spawn(async move { quotes.converse(stream).await });
        }
    }

    async fn converse(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut buffer = Vec::new();
        loop {
            while let Some(end) = head_end(&buffer) {
                let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
                buffer.drain(..end);
                let (answer, is_whole) = self.answer(head.lines().next().unwrap_or_default());
                tokio::time::sleep(self.latency).await;
                stream.write_all(answer.as_bytes()).await?;
                if !is_whole {
                    return Ok(());
                }
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
    }

    /// The answer, and whether that is all of it.
    fn answer(&self, line: &str) -> (String, bool) {
        let ticker = line
            .strip_prefix(ASKS)
            .and_then(|rest| rest.split(' ').next());
        let Some(body) = ticker.and_then(quote) else {
            return (answer("404 Not Found", ""), true);
        };
        if self.is_exhausted() {
            return (answer("429 Too Many Requests", ""), true);
        }
        match self.let_in.fetch_add(1, Ordering::Relaxed) % 10 {
            3 => (answer("503 Service Unavailable", ""), true),
            7 => {
                let mut half = answer("200 OK", &body);
                half.truncate(half.len() - body.len() / 2);
                (half, false)
            }
            _ => (answer("200 OK", &body), true),
        }
    }

    fn is_exhausted(&self) -> bool {
        let mut second = self.second.lock().unwrap_or_else(PoisonError::into_inner);
        if second.0.elapsed() >= SECOND {
            *second = (Instant::now(), 0);
        }
        second.1 += 1;
        second.1 > self.per_second
    }
}

fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// The quote of a ticker, which is always the same: one to five capital letters have one.
fn quote(ticker: &str) -> Option<String> {
    let is_ticker =
        (1..=5).contains(&ticker.len()) && ticker.bytes().all(|it| it.is_ascii_uppercase());
    let seed = ticker.bytes().fold(7_u64, |seed, byte| {
        (seed * 31 + u64::from(byte)) % 1_000_003
    });
    let cents = 1_000 + seed % 40_000;
    let money = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
    let (open, close) = (money(cents), money(cents + seed % 97));
    let (low, high) = (
        money(cents - seed % 53),
        money(cents + seed % 97 + seed % 29),
    );
    let volume = 10_000 + seed * 17;
    is_ticker.then(|| {
        format!(r#"{{"open":{open},"high":{high},"low":{low},"close":{close},"volume":{volume}}}"#)
    })
}
