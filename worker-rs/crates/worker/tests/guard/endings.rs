//! How the program ended is how the guard ends.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Guard, SOON, guard, is_gone, signal, wait_until};

#[test]
fn an_exit_code_is_passed_on() {
    for code in [0, 1, 7, 255] {
        let end = Guard::script(&format!("exit {code}")).end();
        assert_eq!(end.status.code(), Some(code));
        assert_eq!(end.report["exit"], code);
        assert_eq!(end.report["signal"], json!(null));
        assert_eq!(end.report["killed"], 0);
    }
}

#[test]
fn a_signal_is_passed_on_as_shells_do() {
    for (name, number) in [("SEGV", 11), ("KILL", 9), ("RTMIN", 34)] {
        let end = Guard::script(&format!("kill -s {name} $$")).end();
        assert_eq!(end.status.code(), Some(128 + number), "{name}");
        assert_eq!(end.report["exit"], json!(null));
        assert_eq!(end.report["signal"], number);
    }
}

#[test]
fn a_program_that_can_not_be_executed_is_named() {
    let end = Guard::start(guard().args(["--", "/nowhere/program"])).end();
    assert_eq!(end.status.code(), Some(127));
    assert_eq!(
        end.stderr,
        "rustpipe-worker: can't execute '/nowhere/program': No such file or directory (os error 2)\n"
    );
}

#[test]
fn a_program_that_listens_to_term_may_end_by_itself() {
    let mut guard =
        Guard::script("trap 'echo bye >&2; exit 5' TERM; echo ready; while :; do sleep 0.01; done");
    assert_eq!(guard.line(), "ready");
    for name in ["HUP", "INT", "TERM"] {
        guard.signal(name);
    }
    let end = guard.end();
    assert_eq!(end.status.code(), Some(5));
    assert!(end.stderr.ends_with("bye\n"), "{}", end.stderr);
}

#[test]
fn a_program_that_is_deaf_to_term_is_killed() {
    let mut guard = Guard::script("trap '' TERM; echo $$; while :; do sleep 1; done");
    let program = guard.told_pid();
    let start = Instant::now();
    guard.signal("TERM");
    let end = guard.end();
    assert!(start.elapsed() > Duration::from_millis(300));
    assert!(start.elapsed() < SOON);
    assert!(is_gone(program));
    assert_eq!(end.status.code(), Some(128 + 9));
    assert_eq!(end.report["signal"], 9);
}

#[test]
fn a_stopped_program_is_killed() {
    let mut guard = Guard::script("echo $$; kill -s STOP $$");
    let program = guard.told_pid();
    guard.signal("TERM");
    guard.end();
    assert!(is_gone(program));
}

#[test]
fn the_end_of_the_output_is_seen_while_the_program_goes_on() {
    let mut guard = Guard::script("echo ready; exec >&-; read go; exit 7");
    assert_eq!(guard.line(), "ready");
    // Returns only because neither the guard nor the program holds it any more.
    assert_eq!(guard.line(), "");
    assert_eq!(guard.end().status.code(), Some(7));
}

#[test]
fn the_report_follows_an_unfinished_line() {
    let end = Guard::script("printf unfinished >&2").end();
    assert_eq!(end.stderr, "unfinished");
}

#[test]
fn a_full_stderr_that_nobody_reads_does_not_hold_the_guard() {
    let mut guard = guard()
        .args(["--", "/bin/sh", "-c", "head -c 1000000 /dev/zero >&2"])
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let guard_pid = guard.id();
    wait_until("the program writes", || {
        !is_gone(guard_pid) && blocked_in_a_pipe(guard_pid)
    });
    signal(guard_pid, "TERM");
    let start = Instant::now();
    guard.wait().unwrap();
    assert!(start.elapsed() < SOON);
}

/// Does anything below this process wait for room in a pipe?
fn blocked_in_a_pipe(pid: u32) -> bool {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    children
        .unwrap_or_default()
        .split_whitespace()
        .any(|child| {
            let child = child.parse().unwrap();
            let wchan = std::fs::read_to_string(format!("/proc/{child}/wchan")).unwrap_or_default();
            wchan.contains("pipe_write") || blocked_in_a_pipe(child)
        })
}

#[test]
fn the_largest_process_counts_as_peak_memory() {
    let bytes = 50 << 20;
    let end = Guard::script(&format!("perl -e '$x = \"x\" x {bytes}'; exit 0")).end();
    let peak = end.report["peak_memory_bytes"].as_u64().unwrap();
    assert!((bytes..3 * bytes).contains(&peak), "{peak}");
}

#[test]
fn a_program_has_no_signals_blocked() {
    // Not from a shell: some let signals through for their children.
    let words = ["--", "grep", "SigBlk", "/proc/self/status"];
    let mut guard = Guard::start(guard().args(words));
    assert_eq!(guard.line(), "SigBlk:\t0000000000000000");
    guard.end();
}

#[test]
fn a_signal_to_the_parents_group_reaches_neither_guard_nor_program() {
    let mut guard = Guard::script("echo $$; read go");
    let program = guard.told_pid();
    let groups = [std::process::id(), guard.pid(), program].map(group);
    assert_ne!(groups[0], groups[1]);
    assert_ne!(groups[0], groups[2]);
    // Nor does one to the program's group reach the guard.
    assert_ne!(groups[1], groups[2]);
    guard.end();
}

fn group(pid: u32) -> String {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, behind_name) = stat.rsplit_once(") ").unwrap();
    behind_name.split(' ').nth(2).unwrap().to_owned()
}
