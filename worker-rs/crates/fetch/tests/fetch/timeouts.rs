//! Time limits: each ends a wait of its own kind, and the consumer's time counts for none.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use rustpipe_fetch::{Client, Config, Depth};
use rustpipe_testkit::server::{Answer, Routes, Server};

use crate::{Collector, code, config, fetch_into, fetch_with, message};

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_mins(1);

fn serve(answer: Answer) -> Server {
    Server::start(Routes::new().on("/a", answer))
}

fn once() -> Config {
    Config {
        retries: 0,
        ..config()
    }
}

async fn expect(config: Config, url: &str, expected_code: &str, expected_text: &str) {
    let started = Instant::now();
    let (report, _) = fetch_with(config, url).await;
    assert_eq!(code(&report), expected_code, "{:?}", report.result);
    assert!(
        message(&report).contains(expected_text),
        "{}",
        message(&report)
    );
    assert!(started.elapsed() < LONG / 2, "the limit must end the wait");
}

#[tokio::test]
async fn a_connection_that_does_not_come_up_is_a_timeout() {
    // TCP connects, the TLS handshake never answers: the same limit covers both.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}/a", silent.local_addr().expect("an address"));
    expect(
        Config {
            connect_timeout: SHORT,
            ..once()
        },
        &url,
        "TIMEOUT",
        "no connection within 100ms",
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_does_not_begin_is_a_timeout() {
    let server = serve(Answer::ok("x").delay(LONG));
    let hasty = Config {
        connect_timeout: SHORT,
        first_byte_timeout: SHORT,
        ..once()
    };
    expect(
        hasty,
        &server.url("/a"),
        "TIMEOUT",
        "no response head within 200ms",
    )
    .await;
}

#[tokio::test]
async fn a_body_that_pauses_too_long_is_a_timeout() {
    let server = serve(Answer::ok("0123456789").hang_after(5));
    let hasty = Config {
        idle_timeout: SHORT,
        ..once()
    };
    expect(
        hasty,
        &server.url("/a"),
        "TIMEOUT",
        "no byte of the body within 100ms",
    )
    .await;
}

#[tokio::test]
async fn a_body_that_takes_too_long_in_all_is_a_timeout() {
    let server = serve(Answer::ok(vec![0; 10_000]).drip(1, SHORT / 10));
    let hasty = Config {
        total_timeout: 3 * SHORT,
        ..once()
    };
    expect(
        hasty,
        &server.url("/a"),
        "TIMEOUT",
        "no complete body within 300ms",
    )
    .await;
}

#[tokio::test]
async fn the_total_counts_all_attempts_together() {
    let server = serve(Answer::ok("x").delay(LONG));
    let hasty = Config {
        connect_timeout: SHORT / 2,
        first_byte_timeout: SHORT / 2,
        total_timeout: 2 * SHORT + SHORT / 2,
        retries: 1000,
        ..config()
    };
    let (report, _) = fetch_with(hasty, &server.url("/a")).await;
    assert_eq!((code(&report), report.attempts), ("TIMEOUT", 3));
    assert!(message(&report).contains("250ms"), "{}", message(&report));
}

#[tokio::test]
async fn a_drip_below_the_floor_is_too_slow() {
    let server = serve(Answer::ok(vec![0; 10_000]).drip(1, SHORT / 10));
    let hasty = Config {
        floor_bytes_per_second: 1000,
        floor_window: 3 * SHORT,
        ..once()
    };
    expect(
        hasty,
        &server.url("/a"),
        "TOO_SLOW",
        "below the floor of 1000 bytes per second",
    )
    .await;
}

#[tokio::test]
async fn silence_within_the_floors_window_is_too_slow() {
    let server = serve(Answer::ok("0123456789").hang_after(5));
    let hasty = Config {
        floor_bytes_per_second: 1000,
        floor_window: SHORT,
        ..once()
    };
    expect(
        hasty,
        &server.url("/a"),
        "TOO_SLOW",
        "sent 5 bytes in 100ms",
    )
    .await;
}

#[tokio::test]
async fn a_slow_consumer_is_no_slow_server() {
    let server = serve(Answer::ok(vec![0; 40]).drip(10, SHORT / 10));
    let hasty = Config {
        idle_timeout: 3 * SHORT,
        total_timeout: 4 * SHORT,
        floor_bytes_per_second: 10,
        floor_window: 3 * SHORT,
        ..once()
    };
    let mut collector = Collector {
        pause: 5 * SHORT,
        ..Collector::default()
    };
    let report = fetch_into(hasty, &server.url("/a"), &mut collector).await;
    assert_eq!(code(&report), "OK", "{:?}", report.result);
    assert!(
        report.fetch_ms >= 500,
        "the consumer's time is part of fetch_ms: {}",
        report.fetch_ms
    );
}

/// Each one holds an open file, and a manifest may name thousands of hosts.
#[tokio::test]
async fn a_connection_that_nobody_uses_is_closed() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let server = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let patience = Some(Duration::from_secs(10));
        stream.set_read_timeout(patience).expect("a time limit");
        let mut buffer = [0; 4096];
        let request = stream.read(&mut buffer).expect("a request");
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere")
            .expect("an open connection");
        (request, stream.read(&mut buffer).expect("the end"))
    });
    let client = Client::new(Config {
        pool_idle_timeout: Duration::from_millis(100),
        ..config()
    });
    let client = client.expect("a client");
    let mut collector = Collector::default();
    let report = client.fetch(Some(&url), Depth::Body, &mut collector).await;
    assert_eq!(code(&report), "OK");
    let (request, behind) = server.await.expect("no panic");
    assert!(request > 0);
    assert_eq!(behind, 0);
}
