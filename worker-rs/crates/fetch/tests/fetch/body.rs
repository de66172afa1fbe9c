//! Bodies: whole, cut, too large, encoded, unwanted.

use rustpipe_fetch::{Client, Config, Depth};
use rustpipe_testkit::server::{Answer, Routes, Server};

use crate::{Collector, code, config, fetch, fetch_into, fetch_with, message};

fn serve(answer: Answer) -> Server {
    Server::start(Routes::new().on("/a", answer))
}

fn pattern(bytes: usize) -> Vec<u8> {
    (0..bytes)
        .map(|at| u8::try_from(at % 251).expect("below 251"))
        .collect()
}

#[tokio::test]
async fn a_body_arrives_whole_with_its_head() {
    let body = pattern(3 << 20);
    let server = serve(Answer::ok(body.clone()).header("content-type", "application/gzip"));
    let (report, collector) = fetch(&server.url("/a?b#c")).await;

    assert_eq!(report.result, Ok(()));
    assert_eq!((report.attempts, report.bytes_downloaded), (1, 3 << 20));
    assert!(report.fetched_at_micros > 0);
    let head = report.head.expect("a head");
    assert_eq!(head.final_url, server.url("/a?b"));
    assert_eq!(head.http_status, 200);
    assert_eq!(head.content_type.as_deref(), Some("application/gzip"));
    assert_eq!(head.content_length, Some(3 << 20));
    assert_eq!(collector.heads, [head]);
    assert!(collector.body == body);
}

#[tokio::test]
async fn the_head_tells_who_answered_and_how_to_know_the_body_again() {
    let server = serve(
        Answer::ok("x")
            .header("etag", "W/\"a-1\"")
            .header("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    );
    let head = fetch(&server.url("/a")).await.0.head.expect("a head");
    assert_eq!(head.etag.as_deref(), Some("W/\"a-1\""));
    assert_eq!(head.last_modified, Some(784_111_777_000_000));
    assert_eq!(head.remote_ip, Some(server.address().ip()));
}

#[tokio::test]
async fn what_the_server_does_not_tell_or_nobody_can_read_is_not_made_up() {
    for answer in [
        Answer::ok("x"),
        Answer::ok("x").header("last-modified", "yesterday"),
        Answer::ok("x").header("last-modified", ""),
    ] {
        let head = fetch(&serve(answer).url("/a"))
            .await
            .0
            .head
            .expect("a head");
        assert_eq!((head.etag, head.last_modified), (None, None));
    }
}

#[tokio::test]
async fn every_framing_gives_the_same_bytes() {
    let body = pattern(100_000);
    let ok = || Answer::ok(body.clone());
    for answer in [
        ok(),
        ok().chunked(),
        ok().until_close(),
        ok().chunked().drip(9_999, std::time::Duration::ZERO),
    ] {
        let (report, collector) = fetch(&serve(answer).url("/a")).await;
        assert_eq!(code(&report), "OK");
        assert!(collector.body == body);
    }
}

#[tokio::test]
async fn an_empty_body_is_a_body() {
    let (report, collector) = fetch(&serve(Answer::ok("")).url("/a")).await;
    assert_eq!(code(&report), "OK");
    assert_eq!((collector.heads.len(), report.bytes_downloaded), (1, 0));
}

#[tokio::test]
async fn the_request_asks_for_plain_bytes_and_says_who_asks() {
    let server = serve(Answer::ok("x"));
    fetch(&server.url("/a")).await;
    let request = &server.requests("/a")[0];
    assert_eq!(request.line, "GET /a");
    assert_eq!(request.header("accept-encoding"), Some("identity"));
    assert_eq!(
        request.header("user-agent"),
        Some(concat!("rustpipe/", env!("CARGO_PKG_VERSION")))
    );
}

#[tokio::test]
async fn fetches_one_after_the_other_share_a_connection() {
    let server = serve(Answer::ok("x"));
    let client = Client::new(config()).expect("a client");
    for _ in 0..3 {
        client
            .fetch(
                Some(&server.url("/a")),
                Depth::Body,
                &mut Collector::default(),
            )
            .await;
    }
    assert_eq!(
        (server.request_count("/a"), server.connection_count()),
        (3, 1)
    );
}

#[tokio::test]
async fn the_head_alone_is_had_without_the_body() {
    let server = serve(Answer::ok("").content_length(5).hang_after(0));
    let client = Client::new(config()).expect("a client");
    let mut collector = Collector::default();
    let report = client
        .fetch(Some(&server.url("/a")), Depth::Head, &mut collector)
        .await;
    assert_eq!(code(&report), "OK");
    assert_eq!(report.head.expect("a head").content_length, Some(5));
    assert_eq!((report.bytes_downloaded, collector.heads.len()), (0, 1));
}

#[tokio::test]
async fn a_body_that_ends_early_is_truncated() {
    let no_retries = || Config {
        retries: 0,
        ..config()
    };
    let ok = || Answer::ok(pattern(1000));
    for (answer, expected) in [
        (ok().cut_after(10), "10 bytes of 1000"),
        (ok().content_length(1001), "1000 bytes of 1001"),
        (ok().chunked().cut_after(10), "10 bytes:"),
        (
            Answer::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n"),
            "3 bytes:",
        ),
    ] {
        let (report, _) = fetch_with(no_retries(), &serve(answer).url("/a")).await;
        assert_eq!(code(&report), "TRUNCATED");
        assert!(message(&report).contains(expected), "{}", message(&report));
    }
}

#[tokio::test]
async fn a_reset_within_the_body_is_truncated() {
    let server = serve(Answer::ok(pattern(1000)).reset_after(10));
    let (report, _) = fetch_with(
        Config {
            retries: 0,
            ..config()
        },
        &server.url("/a"),
    )
    .await;
    assert!(
        matches!(code(&report), "TRUNCATED" | "CONNECT"),
        "the reset may overtake the head"
    );
    let server = serve(
        Answer::ok(pattern(1000))
            .drip(10, std::time::Duration::from_millis(20))
            .reset_after(30),
    );
    let (report, _) = fetch_with(
        Config {
            retries: 0,
            ..config()
        },
        &server.url("/a"),
    )
    .await;
    assert_eq!(code(&report), "TRUNCATED");
}

#[tokio::test]
async fn a_declared_length_above_the_limit_ends_before_the_body() {
    let limited = Config {
        body_limit: 999,
        ..config()
    };
    let (report, collector) =
        fetch_with(limited, &serve(Answer::ok(pattern(1000))).url("/a")).await;
    assert_eq!(
        (code(&report), report.attempts, collector.heads.len()),
        ("TOO_LARGE", 1, 0)
    );
    assert!(
        message(&report).contains("has 1000 bytes, above the limit of 999"),
        "{}",
        message(&report)
    );
    assert_eq!(report.head.expect("a head").content_length, Some(1000));
}

#[tokio::test]
async fn what_arrives_is_counted_whatever_was_declared() {
    let limited = |body_limit| Config {
        body_limit,
        ..config()
    };
    let server = serve(Answer::ok(pattern(1000)).chunked());
    let (report, collector) = fetch_with(limited(999), &server.url("/a")).await;
    assert_eq!((code(&report), report.attempts), ("TOO_LARGE", 1));
    assert!(collector.body.len() <= 999);
    let (report, _) = fetch_with(limited(1000), &server.url("/a")).await;
    assert_eq!(code(&report), "OK");
}

#[tokio::test]
async fn gzip_as_an_encoding_is_the_file_itself() {
    for encoding in ["gzip", "x-gzip", "GZIP", "identity", ""] {
        let server = serve(Answer::ok("not decoded").header("content-encoding", encoding));
        let (report, collector) = fetch(&server.url("/a")).await;
        assert_eq!(code(&report), "OK", "{encoding}");
        assert_eq!(collector.body, b"not decoded");
    }
}

#[tokio::test]
async fn other_encodings_are_refused_by_name() {
    for encoding in ["br", "zstd", "deflate", "gzip, gzip", "compress"] {
        let server = serve(Answer::ok("x").header("content-encoding", encoding));
        let (report, collector) = fetch(&server.url("/a")).await;
        assert_eq!(
            (code(&report), report.attempts, collector.heads.len()),
            ("BAD_ENCODING", 1, 0)
        );
        assert!(message(&report).contains(encoding), "{}", message(&report));
    }
}

#[tokio::test]
async fn a_consumer_that_has_enough_ends_the_download() {
    let server = serve(
        Answer::ok(pattern(1000))
            .content_length(1_000_000)
            .hang_after(1000),
    );
    let mut collector = Collector {
        stop_at: 1,
        ..Collector::default()
    };
    let report = fetch_into(config(), &server.url("/a"), &mut collector).await;
    assert_eq!((code(&report), report.attempts), ("OK", 1));
    assert!(report.bytes_downloaded > 0);
}

#[tokio::test]
async fn a_refused_status_is_an_error_with_a_head() {
    for status in [400, 401, 403, 404, 410, 206, 304] {
        let (report, collector) = fetch(&serve(Answer::status(status)).url("/a")).await;
        assert_eq!(
            (code(&report), report.attempts),
            ("HTTP_STATUS", 1),
            "{status}"
        );
        assert_eq!(report.head.expect("a head").http_status, status);
        assert!(collector.heads.is_empty());
    }
}

#[tokio::test]
async fn what_is_no_http_is_an_error_and_never_a_hang() {
    let endless_head = [b"HTTP/1.1 200 OK\r\nx: ".as_slice(), &vec![b'a'; 2 << 20]].concat();
    let many_headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(10_000));
    for raw in [
        Vec::new(),
        b"SSH-2.0-OpenSSH\r\n".to_vec(),
        vec![0xff; 100],
        endless_head,
        many_headers.into(),
    ] {
        let (report, _) = fetch_with(
            Config {
                retries: 1,
                ..config()
            },
            &serve(Answer::raw(raw)).url("/a"),
        )
        .await;
        assert_eq!(
            (code(&report), report.attempts),
            ("CONNECT", 2),
            "{:?}",
            report.result
        );
        assert!(message(&report).len() < 1000);
    }
}
