//! The rows of `entries`.

use rustpipe_protocol::{ErrorCode, RowsDone, Status};
use rustpipe_testkit::archive::{Header, MTIME, TarBuilder, gzip};
use rustpipe_testkit::server::Answer;
use serde_json::{Map, Value, json};

use crate::harness::{ask, serve, sha256};

#[test]
fn entries_carry_every_column() {
    let tar = TarBuilder::new()
        .file("a \"quoted\"\n", "hello")
        .symlink("link", "target")
        .end();
    let (_server, url) = serve(Answer::ok(tar));
    let answered = ask("entries", &["*"], Some(&url));
    assert_eq!(
        answered.done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 2
        }
    );
    assert_eq!(
        answered.frames.len(),
        1,
        "rows and end of a small input travel together"
    );
    assert_eq!(answered.column("entry_index"), [0, 1]);
    assert_eq!(answered.column("path"), ["a \"quoted\"\n", "link"]);
    assert_eq!(answered.column("entry_type"), ["REGULAR", "SYMLINK"]);
    assert_eq!(answered.column("size"), [5, 0]);
    assert_eq!(
        answered.column("link_target"),
        [Value::Null, json!("target")]
    );
    assert_eq!(
        answered.column("sha256"),
        [json!(sha256(b"hello")), Value::Null]
    );
    assert!(
        answered
            .column("mtime")
            .iter()
            .chain(&answered.column("mode"))
            .all(Value::is_i64)
    );
}

#[test]
fn metadata_that_can_not_be_read_is_null_and_hides_nothing() {
    let junk = [100, 108, 116]
        .iter()
        .fold(Header::ustar("a", b'0'), |header, &offset| {
            header.field(offset, b"junk", 8)
        });
    let tar = TarBuilder::new()
        .header(junk.field(MTIME, b"junk", 12))
        .file("b", "");
    let (_server, url) = serve(Answer::ok(tar.end()));
    let answered = ask("entries", &["*"], Some(&url));
    assert_eq!(answered.column("path"), ["a", "b"]);
    for column in ["mode", "mtime", "uid", "gid"] {
        assert!(answered.column(column)[0].is_null(), "{column}");
        assert!(answered.column(column)[1].is_i64(), "{column}");
    }
}

#[test]
fn entries_without_columns_are_counted() {
    let (_server, url) = serve(Answer::ok(
        TarBuilder::new().file("a", "").file("b", "").end(),
    ));
    let answered = ask("entries", &[], Some(&url));
    assert_eq!(
        answered.done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 2
        }
    );
    assert_eq!(answered.rows(), [Map::new(), Map::new()]);
}

#[test]
fn an_empty_archive_is_done_without_rows() {
    let (_server, url) = serve(Answer::ok(gzip(TarBuilder::new().end())));
    let answered = ask("entries", &["path"], Some(&url));
    assert_eq!(
        answered.done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 0
        }
    );
    assert_eq!(answered.frames.len(), 1);
}

#[test]
fn an_archive_broken_at_entry_500_has_499_rows_and_the_error() {
    let tar = (0..499).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("file-{n}"), "content")
    });
    let (_server, url) = serve(Answer::ok(tar.raw([b'?'; 1024]).end()));
    let answered = ask("entries", &["path", "sha256"], Some(&url));
    assert_eq!(answered.rows().len(), 499);
    let (code, _, rows) = answered.error();
    assert_eq!((code, rows), (ErrorCode::BadTar, 499));
    assert_eq!(answered.finished.rows, 499);
}

#[test]
fn an_entry_whose_content_is_cut_has_no_row() {
    let mut tar = TarBuilder::new()
        .file("whole", "1")
        .file("cut", [7; 2000])
        .without_end();
    tar.truncate(tar.len() - 1000);
    let (_server, url) = serve(Answer::ok(tar));
    let answered = ask("entries", &["path", "sha256"], Some(&url));
    assert_eq!(answered.column("path"), ["whole"]);
    assert_eq!(answered.error().0, ErrorCode::BadTar);
}

#[test]
fn many_rows_leave_in_frames_of_256_kib_and_keep_their_order() {
    let tar = (0..9000).fold(TarBuilder::new(), |tar, n| {
        tar.file(format!("{n:0>80}"), "")
    });
    let (_server, url) = serve(Answer::ok(gzip(tar.end())));
    let answered = ask("entries", &["entry_index", "path"], Some(&url));
    assert_eq!(
        answered.column("entry_index"),
        (0..9000).map(Value::from).collect::<Vec<_>>()
    );
    assert_eq!(
        answered.done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 9000
        }
    );
    assert_eq!(answered.frames.len(), 4, "9000 rows of 90 bytes");
    assert_eq!(answered.finished.rows, 9000);
}

#[test]
fn hostile_names_stay_below_the_limit_of_a_line() {
    let name = vec![1; 250_000];
    let tar = (0..4).fold(TarBuilder::new(), |tar, _| {
        tar.pax(&[("path", &name)]).file("x", "")
    });
    let (_server, url) = serve(Answer::ok(tar.end()));
    let answered = ask("entries", &["*"], Some(&url));
    assert_eq!(
        answered.done(),
        RowsDone {
            status: Status::Succeeded,
            rows: 4
        }
    );
    assert_eq!(answered.column("path")[3], "\u{1}".repeat(250_000));
}
