//! What a program left unread is counted to the byte.

use std::io::{ErrorKind, Read, Write};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Guard, guard};

#[test]
fn input_that_a_program_ignores_is_counted() {
    let mut guard = Guard::script("read first; exec 0<&-; echo read; sleep 0.01");
    guard
        .stdin
        .as_mut()
        .unwrap()
        .write_all(b"first\n0123456789")
        .unwrap();
    assert_eq!(guard.line(), "read");
    // Its standard input is closed, yet this is taken: the guard holds it open in order to count.
    guard.stdin.as_mut().unwrap().write_all(b"more\n").unwrap();
    assert_eq!(guard.end().report["unread_bytes"], 15);
}

#[test]
fn input_that_was_read_to_the_end_is_not_counted() {
    let mut guard = Guard::script("cat");
    guard
        .stdin
        .as_mut()
        .unwrap()
        .write_all(b"all of it\n")
        .unwrap();
    assert_eq!(guard.end().report["unread_bytes"], 0);
}

#[test]
fn lines_behind_those_that_were_read_are_counted() {
    let mut guard = Guard::script("for n in 1 2 3; do read line; done");
    let lines = "line 1234\n".repeat(1000);
    guard
        .stdin
        .as_mut()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    assert_eq!(guard.end().report["unread_bytes"], 997 * 10);
}

#[test]
fn with_a_writer_that_never_stops_each_byte_is_read_or_counted() {
    for taken in [0, 1, 4096, 70_000, 1_000_000] {
        let mut guard = Guard::script(&format!("head -c {taken} | wc -c"));
        let mut stdin = guard.stdin.take().unwrap();
        let mut written = 0;
        // Odd sizes, so that the end comes within a page.
        loop {
            match stdin.write(&[b'x'; 777]) {
                Ok(count) => written += count,
                Err(error) => break assert_eq!(error.kind(), ErrorKind::BrokenPipe),
            }
        }
        assert_eq!(guard.line(), taken.to_string());
        assert_eq!(guard.end().report["unread_bytes"], written - taken);
    }
}

#[test]
fn without_a_pipe_there_is_nothing_to_tell() {
    let end = guard()
        .args(["--", "/bin/true"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let report = String::from_utf8(end.stderr).unwrap();
    let report = report.strip_prefix("\nrustpipe-guard ").unwrap();
    let report: serde_json::Value = serde_json::from_str(report).unwrap();
    assert_eq!(report["unread_bytes"], json!(null));
    assert_eq!(report["exit"], 0);
}

#[test]
fn what_somebody_else_could_still_read_is_counted_once_he_lets_go() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"0123456789").unwrap();
    // As a process has that is started at the same time, and is not on its way for want of a core.
    let copy = reader.try_clone().unwrap();
    let mut child = guard()
        .args(["--", "/bin/true"])
        .stdin(reader)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Its end is the program's.
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_to_string(&mut String::new()).unwrap();
    // No wait for a condition: this is how long it is held.
    std::thread::sleep(Duration::from_millis(300));
    drop(copy);
    let end = child.wait_with_output().unwrap();
    let report = String::from_utf8(end.stderr).unwrap();
    assert!(report.contains(r#""unread_bytes":10"#), "{report}");
}
