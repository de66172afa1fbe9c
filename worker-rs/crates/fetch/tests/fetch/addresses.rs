//! Addresses: what is not globally routable is not talked to, unless it is opened.

use rustpipe_fetch::{Client, Config, Depth};
use rustpipe_testkit::server::{Answer, Routes, Server};

use crate::{Collector, code, config, fetch, fetch_with, message};

fn serve() -> Server {
    Server::start(Routes::new().on("/a", Answer::ok("here")))
}

#[tokio::test]
async fn loopback_is_refused_before_any_connection() {
    let server = serve();
    let port = server.address().port();
    for host in [
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0.0.0.0",
        "[::]",
    ] {
        let (report, _) = fetch_with(Config::default(), &format!("http://{host}:{port}/a")).await;
        assert_eq!(
            (code(&report), report.attempts),
            ("BLOCKED_ADDRESS", 0),
            "{host}"
        );
        assert!(
            message(&report).contains("allowedNetworks"),
            "{}",
            message(&report)
        );
    }
    assert_eq!(server.connection_count(), 0);
}

#[tokio::test]
async fn a_name_that_leads_to_loopback_is_refused_and_not_asked_again() {
    let server = serve();
    let url = format!("http://localhost:{}/a", server.address().port());
    let (report, _) = fetch_with(Config::default(), &url).await;
    assert_eq!((code(&report), report.attempts), ("BLOCKED_ADDRESS", 1));
    for part in ["localhost", "loopback", "allowedNetworks"] {
        assert!(message(&report).contains(part), "{}", message(&report));
    }
    assert_eq!(server.connection_count(), 0);
}

#[tokio::test]
async fn an_allowed_network_opens_the_name_and_the_address() {
    let server = serve();
    for host in ["localhost", "127.0.0.1", "0x7f.1"] {
        let (report, _) = fetch(&format!("http://{host}:{}/a", server.address().port())).await;
        assert_eq!(code(&report), "OK", "{host}: {:?}", report.result);
    }
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_not_asked_again() {
    let (report, _) = fetch("http://rustpipe.invalid/a").await;
    assert_eq!((code(&report), report.attempts), ("DNS", 1));
    assert!(
        message(&report).contains("rustpipe.invalid"),
        "{}",
        message(&report)
    );
    assert!(!report.result.expect_err("an error").retryable());
}

#[tokio::test]
async fn a_host_that_no_request_can_carry_is_a_bad_url() {
    let (report, _) = fetch("http://a{b/").await;
    assert_eq!(
        (code(&report), report.attempts),
        ("BAD_URL", 1),
        "{:?}",
        report.result
    );
}

#[tokio::test]
async fn a_row_without_a_url_is_an_error_without_an_attempt() {
    let client = Client::new(config()).expect("a client");
    let report = client
        .fetch(None, Depth::Body, &mut Collector::default())
        .await;
    assert_eq!((code(&report), report.attempts), ("BAD_URL", 0));
    assert!(message(&report).starts_with("the manifest has no URL in this row"));
}

#[test]
fn a_client_can_be_made_outside_a_runtime_and_its_fetches_be_sent() {
    let client = Client::new(config()).expect("a client");
    let server = serve();
    let url = server.url("/a");
    let fetch = async move {
        let report = client
            .fetch(Some(&url), Depth::Body, &mut Collector::default())
            .await;
        assert_eq!(code(&report), "OK");
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async { tokio::spawn(fetch).await.expect("a fetch") });
}
