//! Retries: one loop around the whole download, only for what may pass.

use std::time::{Duration, SystemTime};

use rustpipe_fetch::Config;
use rustpipe_testkit::server::{Answer, Routes, Server};

use crate::{code, config, fetch, fetch_with, message};

fn serve(answers: impl IntoIterator<Item = Answer>) -> Server {
    Server::start(Routes::new().on_each("/a", answers))
}

#[tokio::test]
async fn failures_that_pass_are_tried_again() {
    for status in [408, 425, 429, 500, 502, 503, 504, 599] {
        let server = serve([
            Answer::status(status),
            Answer::status(status),
            Answer::ok("here"),
        ]);
        let (report, collector) = fetch(&server.url("/a")).await;
        assert_eq!((code(&report), report.attempts), ("OK", 3), "{status}");
        assert_eq!(collector.body, b"here");
    }
}

#[tokio::test]
async fn after_three_retries_the_last_failure_counts() {
    let server = serve([Answer::status(503)]);
    let (report, _) = fetch(&server.url("/a")).await;
    assert_eq!(
        (code(&report), report.attempts, server.request_count("/a")),
        ("HTTP_STATUS", 4, 4)
    );
    assert!(report.result.expect_err("an error").retryable());
    assert_eq!(report.head.expect("a head").http_status, 503);
}

#[tokio::test]
async fn a_429_that_stays_is_rate_limited() {
    let server = serve([Answer::status(429)]);
    let (report, _) = fetch(&server.url("/a")).await;
    assert_eq!((code(&report), report.attempts), ("RATE_LIMITED", 4));
}

#[tokio::test]
async fn a_truncated_body_is_fetched_from_its_start_and_the_first_half_is_void() {
    let server = serve([
        Answer::ok("0123456789").cut_after(5),
        Answer::ok("0123456789"),
    ]);
    let (report, collector) = fetch(&server.url("/a")).await;
    assert_eq!(
        (code(&report), report.attempts, report.bytes_downloaded),
        ("OK", 2, 10)
    );
    assert_eq!(
        (collector.heads.len(), collector.body.as_slice()),
        (2, b"0123456789".as_slice())
    );
}

#[tokio::test]
async fn the_first_half_is_void_also_where_the_next_attempt_has_no_body() {
    let server = serve([Answer::ok("0123456789").cut_after(5), Answer::status(404)]);
    let (report, collector) = fetch(&server.url("/a")).await;
    assert_eq!(
        (code(&report), report.attempts, report.bytes_downloaded),
        ("HTTP_STATUS", 2, 0)
    );
    assert_eq!(collector.body, b"");
}

#[tokio::test]
async fn a_server_that_hangs_up_is_asked_again() {
    let server = serve([
        Answer::raw(""),
        Answer::ok("x").reset_after(0),
        Answer::ok("here"),
    ]);
    let (report, collector) = fetch(&server.url("/a")).await;
    assert_eq!(code(&report), "OK");
    assert_eq!(collector.body, b"here");
}

#[tokio::test]
async fn a_port_without_a_server_is_a_connection_error() {
    let server = serve([Answer::ok("")]);
    let url = server.url("/a");
    drop(server);
    let (report, _) = fetch(&url).await;
    assert_eq!((code(&report), report.attempts), ("CONNECT", 4));
    assert!(
        message(&report).contains(&url) && message(&report).contains("refused"),
        "{}",
        message(&report)
    );
}

#[tokio::test]
async fn a_timeout_is_tried_again() {
    let server = serve([
        Answer::ok("").delay(Duration::from_mins(1)),
        Answer::ok("here"),
    ]);
    let hasty = Config {
        connect_timeout: Duration::from_millis(150),
        first_byte_timeout: Duration::from_millis(150),
        ..config()
    };
    let (report, _) = fetch_with(hasty, &server.url("/a")).await;
    assert_eq!((code(&report), report.attempts), ("OK", 2));
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    // A date has whole seconds, so up to one is lost.
    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    for value in ["1", &soon] {
        let server = serve([
            Answer::status(503).header("retry-after", value),
            Answer::ok("here"),
        ]);
        let (report, _) = fetch(&server.url("/a")).await;
        assert_eq!((code(&report), report.attempts), ("OK", 2));
        assert!(report.wait_ms >= 900, "{value}: {} ms", report.wait_ms);
        assert!(report.fetch_ms >= report.wait_ms);
    }
}

#[tokio::test]
async fn a_wait_longer_than_the_cap_ends_the_fetch_and_is_named() {
    for (status, expected) in [(429, "RATE_LIMITED"), (503, "HTTP_STATUS")] {
        let server = serve([
            Answer::status(status).header("retry-after", "3600"),
            Answer::ok("here"),
        ]);
        let (report, _) = fetch(&server.url("/a")).await;
        assert_eq!((code(&report), report.attempts), (expected, 1));
        assert!(
            message(&report).contains("wait 3600 s"),
            "{}",
            message(&report)
        );
    }
}

#[tokio::test]
async fn retries_and_redirects_start_from_the_manifests_url() {
    let server = Server::start(
        Routes::new()
            .on("/a", Answer::redirect(302, "/b"))
            .on_each("/b", [Answer::status(500), Answer::ok("here")]),
    );
    let (report, _) = fetch(&server.url("/a")).await;
    assert_eq!((code(&report), report.attempts), ("OK", 2));
    assert_eq!(
        (server.request_count("/a"), server.request_count("/b")),
        (2, 2)
    );
    assert_eq!(report.redirects, [server.url("/a")], "of the last attempt");
}

#[tokio::test]
async fn the_servers_own_time_is_no_wait() {
    let server = serve([Answer::ok("here").delay(Duration::from_millis(50))]);
    let (report, _) = fetch(&server.url("/a")).await;
    assert_eq!((code(&report), report.wait_ms), ("OK", 0));
    assert!(report.fetch_ms >= 50, "{} ms", report.fetch_ms);
}
