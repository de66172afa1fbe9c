//! What `entries` says of contents.

use data_encoding::BASE64;
use md5::Md5;
use rustpipe_archive::Limits;
use rustpipe_protocol::{ErrorCode, RowsDone, Status};
use rustpipe_testkit::archive::TarBuilder;
use rustpipe_testkit::server::Answer;
use serde_json::{Value, json};
use sha1::Sha1;

use crate::harness::{Question, all_columns, ask, ask_with, hex, noise, serve, sha256};

const COLUMNS: [&str; 8] = [
    "sha256",
    "sha1",
    "md5",
    "is_text",
    "lines",
    "executable_format",
    "content",
    "content_truncated",
];

#[test]
fn contents_are_described_whether_the_body_is_collected_or_streamed() {
    let large = noise(600_000);
    let files: [(&[u8], bool, u64, Value); 4] = [
        (b"#!/bin/sh\necho\n", true, 2, json!("SCRIPT")),
        (b"\x7FELF\0", false, 1, json!("ELF")),
        (b"", true, 0, Value::Null),
        (&large, false, lines(&large), Value::Null),
    ];
    let tar = files.iter().fold(TarBuilder::new(), |tar, (content, ..)| {
        tar.file("x", content)
    });
    let (_server, url) = serve(Answer::ok(tar.directory("d/").symlink("l", "x").end()));
    for concurrency in [64, 1024] {
        let rows = ask_with(concurrency, "entries", &COLUMNS, Some(&url)).rows();
        for (row, (content, is_text, lines, format)) in rows.iter().zip(&files) {
            assert_eq!(
                Value::from(row.clone()),
                json!({
                    "sha256": sha256(content), "sha1": hex::<Sha1>(content), "md5": hex::<Md5>(content),
                    "is_text": is_text, "lines": lines, "executable_format": format,
                    "content": BASE64.encode(content), "content_truncated": false,
                })
            );
        }
        for row in &rows[files.len()..] {
            assert!(row.values().all(Value::is_null), "{row:?}");
        }
    }
}

fn lines(content: &[u8]) -> u64 {
    let pieces = content.split(|&byte| byte == b'\n').count() as u64;
    pieces - u64::from(content.last() == Some(&b'\n'))
}

#[test]
fn a_content_beyond_8_mib_is_cut_and_says_so() {
    let (whole, longer) = (noise(8 << 20), noise((8 << 20) + 1));
    let tar = TarBuilder::new()
        .file("whole", &whole)
        .file("longer", &longer);
    let (_server, url) = serve(Answer::ok(tar.end()));
    let answered = ask(
        "entries",
        &["path", "content", "content_truncated"],
        Some(&url),
    );
    assert_eq!(answered.column("content_truncated"), [false, true]);
    assert_eq!(
        answered.column("content"),
        [BASE64.encode(&whole), BASE64.encode(&longer[..8 << 20])]
    );
}

fn long(byte: u8, length: usize) -> Vec<u8> {
    vec![byte; length]
}

/// All columns but the one for which rows have to wait.
fn columns() -> Vec<String> {
    let mut columns = all_columns("entries");
    columns.retain(|column| column != "archive_sha256");
    columns
}

/// Texts that are as long as the archive reader allows, and JSON takes six bytes for each of theirs.
#[test]
fn hostile_names_cut_a_large_content_so_that_the_row_fits_into_a_line() {
    let content = noise(9 << 20);
    let wrap = |content: &[u8]| {
        TarBuilder::new()
            .pax_global(&[("comment", long(1, 500_000))])
            .pax(&[("path", long(1, 250_000))])
            .file("x", content)
            .end()
    };
    let (_server, url) = serve(Answer::ok(wrap(&wrap(&content))));
    let columns = columns();
    let columns: Vec<_> = columns.iter().map(String::as_str).collect();
    let answered = ask("entries", &columns, Some(&url));
    let done = RowsDone {
        status: Status::Succeeded,
        rows: 2,
    };
    assert_eq!(answered.done(), done);
    assert_eq!(answered.column("depth"), [1, 0]);
    assert_eq!(answered.column("content_truncated"), [true, true]);
    for kept in answered.column("content") {
        let kept = BASE64.decode(kept.as_str().unwrap().as_bytes()).unwrap();
        let range = (1 << 20)..(8 << 20);
        assert!(range.contains(&kept.len()), "{} bytes", kept.len());
    }
}

#[test]
fn a_row_that_is_too_long_without_its_content_ends_the_input_with_a_limit() {
    let tar = TarBuilder::new()
        .file("first", "")
        .pax(&[("path", long(1, 3 << 20))])
        .file("x", "content")
        .file("last", "");
    let (_server, url) = serve(Answer::ok(tar.end()));
    let question = Question {
        table: "entries",
        columns: &["path", "content"],
        url: Some(&url),
        limits: Limits {
            pax_header: 4 << 20,
            ..Limits::default()
        },
        ..Question::default()
    };
    let answered = question.ask();
    let (code, message, rows) = answered.error();
    assert_eq!((code, rows), (ErrorCode::Limit, 1));
    assert!(
        message.contains("entry 1 ") && message.contains("leave out"),
        "{message}"
    );
}
