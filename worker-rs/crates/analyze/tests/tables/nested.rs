//! Archives in archives.

use std::time::Duration;

use rustpipe_archive::Limits;
use rustpipe_protocol::{ErrorCode, Status};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::compressed::{xz, zstd};
use rustpipe_testkit::server::Answer;
use serde_json::{Value, json};

use crate::harness::{Question, ask, ask_with, noise, serve, sha256};

fn broken() -> Vec<u8> {
    gzip(TarBuilder::new().file("whole", "1").raw([b'?'; 1024]).end())
}

#[test]
fn entries_of_a_nested_archive_come_before_the_entry_that_holds_it() {
    let inner = gzip(
        TarBuilder::new()
            .file("in/a", "1")
            .file("in/b", noise(400_000))
            .end(),
    );
    let tar = TarBuilder::new()
        .file("first", "")
        .file("out/inner.tgz", &inner)
        .file("last", "")
        .end();
    let (_server, url) = serve(Answer::ok(tar));
    let columns = ["entry_index", "path", "depth", "parent_archive", "sha256"];
    for concurrency in [64, 1024] {
        let answered = ask_with(concurrency, "entries", &columns, Some(&url));
        let parent = || vec!["out/inner.tgz"];
        let expected = [
            json!([0, "first", 0, [], sha256(b"")]),
            json!([2, "in/a", 1, parent(), sha256(b"1")]),
            json!([3, "in/b", 1, parent(), sha256(&noise(400_000))]),
            json!([1, "out/inner.tgz", 0, [], sha256(&inner)]),
            json!([4, "last", 0, [], sha256(b"")]),
        ];
        let rows: Vec<_> = answered
            .rows()
            .iter()
            .map(|row| Value::from(columns.map(|column| row[column].clone()).to_vec()))
            .collect();
        assert_eq!(rows, expected);
        assert_eq!(answered.done().status, Status::Succeeded);
        assert_eq!(answered.finished.counter("entries"), 5);
    }
}

#[test]
fn a_nested_archive_that_breaks_is_an_error_behind_all_rows() {
    let tar = TarBuilder::new()
        .file(
            "a.tgz",
            gzip(TarBuilder::new().file("b.tgz", broken()).end()),
        )
        .file("c.tgz", broken())
        .file("last", "")
        .end();
    let (_server, url) = serve(Answer::ok(tar));
    let entries = ask("entries", &["path"], Some(&url));
    assert_eq!(
        entries.column("path"),
        ["whole", "b.tgz", "a.tgz", "whole", "c.tgz", "last"]
    );
    let (code, message, rows) = entries.error();
    assert_eq!((code, rows), (ErrorCode::BadTar, 6));
    assert!(
        message.contains("a.tgz!/b.tgz") && message.contains(&url),
        "{message}"
    );

    let columns = ["status", "error_code", "entry_count", "errors"];
    let fetch = ask("fetches", &columns, Some(&url)).rows().remove(0);
    assert_eq!(fetch["status"], "PARTIALLY_SUCCEEDED");
    assert_eq!(fetch["error_code"], "BAD_TAR");
    assert_eq!(fetch["entry_count"], 6);
    let errors: Vec<_> = fetch["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| [0, 1, 2, 3].map(|at| error[at].clone()))
        .collect();
    let expected = |path| [json!("archive"), json!(path), json!(1024), json!("BAD_TAR")];
    assert_eq!(errors, [expected("a.tgz!/b.tgz"), expected("c.tgz")]);
}

#[test]
fn of_many_broken_archives_100_are_listed_and_the_rest_counted() {
    let tar = (0..130).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n}.tgz"), broken())
    });
    let (_server, url) = serve(Answer::ok(gzip(tar.end())));
    let errors = ask("fetches", &["errors"], Some(&url)).column("errors");
    let errors = errors[0].as_array().unwrap();
    assert_eq!(errors.len(), 101);
    assert_eq!(errors[99][1], "99.tgz");
    assert_eq!(errors[100][3], "LIMIT");
    assert!(errors[100][4].as_str().unwrap().starts_with("30 more"));
}

#[test]
fn limits_that_are_hit_are_named() {
    let bomb = gzip(TarBuilder::new().file("zeros", vec![0; 3 << 20]).end());
    let nested = TarBuilder::new().file("a.tar", TarBuilder::new().file("b", "").end());
    let cases = [
        (bomb.clone(), Limits::default(), 1 << 30, "ratio"),
        (bomb.clone(), Limits::default(), 10, "body_bytes"),
        (
            nested.end(),
            Limits {
                nested_depth: 0,
                ..Limits::default()
            },
            1 << 30,
            "",
        ),
    ];
    for (body, limits, body_limit, name) in cases {
        let (_server, url) = serve(Answer::ok(body));
        let question = Question {
            columns: &["limits_hit"],
            url: Some(&url),
            limits,
            body_limit,
            ..Question::default()
        };
        let expected = if name.is_empty() {
            json!([])
        } else {
            json!([name])
        };
        assert_eq!(question.ask().column("limits_hit"), [expected]);
    }
}

#[test]
fn archives_that_are_too_deep_show_as_a_limit() {
    let deep = (0..3).fold(TarBuilder::new().file("x", "").end(), |inner, n| {
        TarBuilder::new().file(format!("{n}.tar"), inner).end()
    });
    let (_server, url) = serve(Answer::ok(deep));
    let question = Question {
        columns: &["status", "limits_hit", "anomalies"],
        url: Some(&url),
        limits: Limits {
            nested_depth: 2,
            ..Limits::default()
        },
        ..Question::default()
    };
    let row = question.ask().rows().remove(0);
    assert_eq!(row["limits_hit"], json!(["nested_depth"]));
    assert_eq!(row["anomalies"], json!(["NESTED_TOO_DEEP"]));
    assert_eq!(row["status"], "SUCCEEDED");
}

/// The entries of 30 archives at once, each of these files and then one whose decompressor holds much; with the number of
/// requests.
fn entries_of_many(files: usize, inner: &[u8]) -> (Vec<Vec<Value>>, u64) {
    let tar = (0..files).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>98}"), "")
    });
    let body = tar.file("inner", inner).file("last", noise(600_000)).end();
    let slow = Answer::ok(body).drip(64 << 10, Duration::from_millis(5));
    let (_server, url) = serve(slow);
    let question = Question {
        table: "entries",
        columns: &["entry_index", "path"],
        url: Some(&url),
        concurrency: 1024,
        copies: 30,
        ..Question::default()
    };
    let answers = question.ask_all();
    let requests = answers
        .iter()
        .map(|it| it.finished.counter("requests"))
        .sum();
    let indexes = answers.iter().map(|it| it.column("entry_index"));
    (indexes.collect(), requests)
}

#[test]
fn bodies_with_a_large_window_in_an_archive_within_are_fetched_again_when_it_is_their_turn() {
    let inner = TarBuilder::new().file("x", noise(400_000)).end();
    for inner in [xz(&inner), zstd(&inner)] {
        let (answers, requests) = entries_of_many(0, &inner);
        assert!(requests > 30, "{requests}");
        assert!(answers.iter().all(|indexes| *indexes == [1, 0, 2]));
    }
}

#[test]
fn they_go_on_behind_the_rows_that_have_left_by_then() {
    let inner = xz(TarBuilder::new().file("x", noise(400_000)).end());
    let (answers, requests) = entries_of_many(9_000, &inner);
    assert!(requests > 30, "{requests}");
    for indexes in answers {
        let outermost = 0..9_000;
        let rest = [9_001, 9_000, 9_002];
        assert_eq!(
            indexes,
            outermost.chain(rest).map(Value::from).collect::<Vec<_>>()
        );
    }
}
