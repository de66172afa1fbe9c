//! Whatever a program starts, the guard ends.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{BINARY, Guard, SOON, guard, is_gone, running_with, unique_sleep, wait_until};

#[test]
fn a_grandchild_that_holds_stdout_ends_with_the_program() {
    let mut guard = Guard::script("sleep 1000 & echo $!");
    let grandchild = guard.told_pid();
    let end = guard.end();
    assert!(end.status.success());
    assert!(is_gone(grandchild));
    assert_eq!(end.report["killed"], 1);
}

#[test]
fn a_grandchild_in_a_session_of_its_own_ends_with_the_program() {
    let mut guard = Guard::script("setsid sleep 1000 & echo $!");
    let grandchild = guard.told_pid();
    guard.end();
    assert!(is_gone(grandchild));
}

#[test]
fn a_daemon_whose_parents_are_gone_ends_with_the_program() {
    let mut guard = Guard::script("(setsid sh -c 'echo $$; exec sleep 1000' &) ; read go");
    let daemon = guard.told_pid();
    assert!(!is_gone(daemon));
    guard.end();
    assert!(is_gone(daemon));
}

#[test]
fn a_tree_of_several_levels_and_sessions_ends_with_the_program() {
    let mut guard = Guard::script(
        "setsid sh -c 'setsid sh -c \"setsid sleep 1000 & echo \\$!; wait\" & echo $!; wait' & echo $!; read go",
    );
    let tree = [guard.told_pid(), guard.told_pid(), guard.told_pid()];
    guard.signal("TERM");
    guard.end();
    assert!(tree.into_iter().all(is_gone), "{tree:?}");
}

#[test]
fn a_storm_of_children_ends_with_the_program() {
    let sleep = unique_sleep();
    let storm = format!(
        "trap '' TERM; echo ready; n=0; while [ $n -lt 5000 ]; do n=$((n + 1)); sleep {sleep} & setsid sleep {sleep} & done"
    );
    let mut guard = Guard::script(&storm);
    assert_eq!(guard.line(), "ready");
    wait_until("100 children", || running_with(&sleep) >= 100);
    guard.signal("TERM");
    let end = guard.end();
    assert_eq!(running_with(&sleep), 0);
    assert!(end.report["killed"].as_u64() > Some(100));
}

#[test]
fn a_chain_of_processes_that_each_start_the_next_and_end_is_caught() {
    // By itself it ends after some seconds, for the sake of the machine if it is not caught.
    let chain = "use POSIX; $0 = $ARGV[0]; $end = time + 10; setsid; $| = 1; print \"ready\\n\"; \
                 while (time < $end) { exit if fork; setsid }";
    for round in 0..10 {
        let name = unique_sleep();
        let mut guard = Guard::start(
            guard()
                .args(["--", "/bin/sh", "-c"])
                .arg(format!("perl -e '{chain}' {name} & read go")),
        );
        assert_eq!(guard.line(), "ready");
        wait_until("the chain is seen", || running_with(&name) > 0);
        guard.signal("TERM");
        guard.end();
        for _ in 0..20 {
            assert_eq!(running_with(&name), 0, "round {round}");
        }
    }
}

#[test]
fn the_end_of_the_parent_is_the_end_of_all() {
    let script = r#""$0" guard --parent $$ -- /bin/sh -c 'echo $PPID; echo $$; setsid sleep 1000 & echo $!; wait' & wait"#;
    let mut parent = Guard::start(Command::new("/bin/sh").args(["-c", script, BINARY]));
    let below = [parent.told_pid(), parent.told_pid(), parent.told_pid()];
    assert!(!below.into_iter().any(is_gone));
    parent.signal("KILL");
    let took = wait_until("all are gone", || below.into_iter().all(is_gone));
    assert!(took < SOON, "{took:?}");
}

#[test]
fn a_parent_that_is_gone_before_the_guard_starts_gets_no_program() {
    let sleep = unique_sleep();
    let mut other = Command::new("/bin/true").spawn().unwrap();
    let gone = other.id().to_string();
    other.wait().unwrap();
    let end = Guard::start(Command::new(BINARY).args([
        "guard",
        "--parent",
        &gone,
        "--",
        "/bin/sleep",
        &sleep,
    ]))
    .end();
    assert!(end.stderr.contains("is not the parent"), "{}", end.stderr);
    assert_eq!(running_with(&sleep), 0);
}

#[test]
fn a_killed_guard_takes_the_program_with_it() {
    let mut guard = Guard::script("echo $$; exec sleep 1000");
    let program = guard.told_pid();
    guard.signal("KILL");
    guard.wait();
    let took = wait_until("the program is gone", || is_gone(program));
    assert!(took < SOON, "{took:?}");
}

#[test]
fn a_signal_at_any_moment_of_the_start_leaves_nothing() {
    let sleep = unique_sleep();
    for microseconds in (0..3000).step_by(60) {
        let guard = Guard::start(guard().args(["--", "/bin/sleep", &sleep]));
        let sent_at = Instant::now() + Duration::from_micros(microseconds);
        while Instant::now() < sent_at {
            std::hint::spin_loop();
        }
        guard.signal("TERM");
        assert!(!guard.wait().success());
        assert_eq!(running_with(&sleep), 0, "after {microseconds} µs");
    }
}
