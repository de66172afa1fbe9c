//! Redirects: followed by our own loop, each hop checked as if it were new.

use rustpipe_testkit::server::{Answer, Routes, Server};

use crate::{code, fetch, message};

#[tokio::test]
async fn every_kind_of_redirect_is_followed_by_get() {
    for status in [301, 302, 303, 307, 308] {
        for location in ["/b", "b", "{base}/b"] {
            let server = Server::start(
                Routes::new()
                    .on("/a", Answer::redirect(status, location))
                    .on("/b", Answer::ok("here")),
            );
            let (report, collector) = fetch(&server.url("/a")).await;
            assert_eq!(
                (code(&report), report.attempts),
                ("OK", 1),
                "{status} {location}"
            );
            assert_eq!(collector.body, b"here");
            assert_eq!(report.redirects, [server.url("/a")]);
            assert_eq!(report.head.expect("a head").final_url, server.url("/b"));
            assert_eq!(server.requests("/b")[0].line, "GET /b");
        }
    }
}

#[tokio::test]
async fn five_hops_are_followed_and_a_sixth_is_not() {
    let mut routes = Routes::new().on("/6", Answer::ok("here"));
    for hop in 0..6 {
        routes = routes.on(
            &format!("/{hop}"),
            Answer::redirect(302, &format!("/{}", hop + 1)),
        );
    }
    let server = Server::start(routes);
    assert_eq!(code(&fetch(&server.url("/1")).await.0), "OK");

    let (report, _) = fetch(&server.url("/0")).await;
    assert_eq!((code(&report), report.attempts), ("TOO_MANY_REDIRECTS", 1));
    assert!(
        message(&report).contains("more than 5 times"),
        "{}",
        message(&report)
    );
    assert_eq!(server.request_count("/6"), 1);
    let hops = [0, 1, 2, 3, 4, 5].map(|hop| server.url(&format!("/{hop}")));
    assert_eq!(report.redirects, hops);
    let last = report.head.expect("the head of the last redirect");
    assert_eq!((last.http_status, last.final_url), (302, server.url("/5")));
}

#[tokio::test]
async fn a_redirect_to_itself_ends() {
    let server = Server::start(Routes::new().on("/a", Answer::redirect(302, "/a")));
    assert_eq!(
        code(&fetch(&server.url("/a")).await.0),
        "TOO_MANY_REDIRECTS"
    );
    assert_eq!(server.request_count("/a"), 6);
}

#[tokio::test]
async fn a_redirect_without_a_location_is_a_status() {
    let server = Server::start(Routes::new().on("/a", Answer::status(302)));
    let (report, _) = fetch(&server.url("/a")).await;
    assert_eq!((code(&report), report.attempts), ("HTTP_STATUS", 1));
    assert!(
        message(&report).contains("302") && message(&report).contains("Location"),
        "{}",
        message(&report)
    );
}

#[tokio::test]
async fn a_redirect_to_a_place_that_is_not_allowed_is_refused_without_a_request() {
    for (location, expected) in [
        ("http://10.0.0.1/", "BLOCKED_ADDRESS"),
        ("http://[::1]/", "BLOCKED_ADDRESS"),
        (
            "http://169.254.169.254/latest/meta-data/",
            "BLOCKED_ADDRESS",
        ),
        ("ftp://example.org/a", "BAD_SCHEME"),
        ("file:///etc/passwd", "BAD_SCHEME"),
        ("http://user:secret@example.org/", "BAD_URL"),
        ("http://[", "BAD_URL"),
    ] {
        let server = Server::start(Routes::new().on("/a", Answer::redirect(302, location)));
        let (report, collector) = fetch(&server.url("/a")).await;
        assert_eq!(
            (code(&report), report.attempts),
            (expected, 1),
            "{location}"
        );
        assert!(!message(&report).contains("secret"));
        assert!(collector.heads.is_empty());
        assert_eq!(report.redirects, [server.url("/a")]);
        let redirect = report.head.expect("the head of the redirect");
        assert_eq!(
            (redirect.http_status, redirect.final_url),
            (302, server.url("/a"))
        );
    }
}
