//! For each rule a worker that breaks it, and as far as one fault can, no other.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustpipe_conformance::Rule;

use crate::harness::{Outcome, conformance, sibling};

/// Longer than a healthy worker takes for anything, on a machine with much to do.
const TIMEOUT: &str = "5s";

fn with_fault(fault: &str) -> Outcome {
    // Enough rows for frames that leave before their input's end.
    let long: Vec<_> = (0..12_000).map(|n| format!("word{n}")).collect();
    let long = format!(r#"{{"text":"{}"}}"#, long.join(" "));
    let short = r#"{"text":"the quick brown fox"}"#;
    let inputs = match fault {
        "none" | "resumes-from-the-start" => long.as_str(),
        _ => short,
    };
    let worker = sibling("rustpipe-broken");
    conformance(&[
        "--timeout",
        TIMEOUT,
        "--input",
        inputs,
        "--",
        &worker,
        fault,
    ])
}

/// Faults with the rules that they break.
const FAULTS: [(&str, &[Rule]); 39] = [
    ("reads-stdin-to-describe", &[Rule::DescribeOneLine]),
    ("describes-no-filters", &[Rule::DescribeFields]),
    ("describes-version-two", &[Rule::DescribeVersion]),
    ("describes-a-column-twice", &[Rule::DescribeTables]),
    ("describes-an-unknown-type", &[Rule::DescribeTypes]),
    ("logs-to-stdout", &[Rule::OnlyFrames]),
    ("writes-latin1", &[Rule::LineForm]),
    ("forgets-a-field", &[Rule::FrameFields]),
    ("writes-type-last", &[Rule::FieldOrder]),
    ("logs-before-hello", &[Rule::HelloFirst]),
    ("keeps-its-own-column-order", &[Rule::HelloColumns]),
    ("has-no-window", &[Rule::HelloWindow]),
    ("ends-a-stranger", &[Rule::IdKnown]),
    ("forgets-an-input", &[Rule::InputEndsOnce]),
    ("ends-an-input-twice", &[Rule::InputEndsOnce]),
    ("cuts-rows-short", &[Rule::RowWidth]),
    ("writes-numbers-as-strings", &[Rule::RowValues]),
    ("sends-null-for-a-word", &[Rule::RowNulls]),
    ("counts-a-row-too-many", &[Rule::RowsCounted]),
    ("sends-done-apart", &[Rule::RowsWhole]),
    ("sends-two-rows-for-one", &[Rule::OneRow]),
    ("invents-a-code", &[Rule::ErrorCodes]),
    ("starts-counters-anew", &[Rule::Metrics]),
    ("says-no-bye", &[Rule::ByeLast]),
    ("talks-behind-bye", &[Rule::ByeLast]),
    ("exits-with-one", &[Rule::ByeLast]),
    ("forgets-errors-in-bye", &[Rule::ByeTotals]),
    ("waits-for-an-input", &[Rule::EndAtOnce]),
    ("wants-ids-in-a-row", &[Rule::IdsAny]),
    ("refuses-unknown-fields", &[Rule::UnknownFields]),
    ("refuses-long-lines", &[Rule::LongLine]),
    ("dies-of-a-bad-input", &[Rule::BadInput]),
    ("waits-for-its-output", &[Rule::WindowRead]),
    ("resumes-from-the-start", &[Rule::Resume]),
    ("takes-any-version", &[Rule::RefusesVersion]),
    ("takes-any-table", &[Rule::RefusesTable]),
    ("takes-any-column", &[Rule::RefusesColumn]),
    ("takes-any-frame", &[Rule::RefusesFrame]),
    ("outlives-its-stdin", &[Rule::StdinEnd]),
];

#[test]
fn every_fault_breaks_its_rule_and_no_other() {
    for (fault, rules) in FAULTS {
        let outcome = with_fault(fault);
        let expected: Vec<_> = rules.iter().map(|rule| rule.name()).collect();
        assert_eq!(outcome.broken(), expected, "{fault}: {}", outcome.stdout);
        assert_eq!(outcome.code, Some(1), "{fault}");
    }
}

#[test]
fn every_rule_has_a_fault() {
    let broken: BTreeSet<_> = FAULTS.iter().flat_map(|(_, rules)| *rules).collect();
    let missing: Vec<_> = Rule::ALL
        .iter()
        .filter(|rule| !broken.contains(rule))
        .collect();
    assert_eq!(missing, [&Rule::StdoutClosed], "tested below");
}

#[test]
fn a_worker_without_fault_keeps_all_rules() {
    with_fault("none").assert_all_kept_but(&["one-row"]);
}

#[test]
fn a_worker_that_outlives_its_output_is_ended() {
    let outcome = with_fault("outlives-its-stdout");
    assert_eq!(outcome.broken(), ["stdout-closed"], "{}", outcome.stdout);
}

#[test]
fn what_was_seen_is_shown_with_the_rule_and_the_remedy() {
    let outcome = with_fault("writes-numbers-as-strings");
    for part in [
        r#"seen: row 1 of input 1, column 'length': bigint can't be "3": {"type":"rows","id":1,"#,
        r#"rule: A value fits the type of its column. (docs/protocol.md, "Values")"#,
        "do:   write it as the table on the page says",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
}

#[test]
fn a_worker_that_never_speaks_or_never_stops_is_given_up() {
    for fault in ["sleeps", "floods"] {
        let start = Instant::now();
        let outcome = with_fault(fault);
        assert_eq!(outcome.broken(), ["hello-first"], "{}", outcome.stdout);
        assert!(start.elapsed() < Duration::from_secs(30), "{fault}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_a_worker_has_started_is_left() {
    let outcome = with_fault("leaves-a-child");
    assert!(
        outcome.broken().contains(&"hello-first"),
        "{}",
        outcome.stdout
    );
    assert_eq!(running(b"sleep\x001000.1\0"), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_is_not_left_when_the_program_is_told_to_end() {
    let words = b"sleep\x001000.2\0";
    let worker = sibling("rustpipe-broken");
    let mut program = Command::new(env!("CARGO_BIN_EXE_rustpipe-conformance"))
        .args(["--timeout", "60s", "--", &worker, "waits-in-another"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("a worker that hangs", || running(words) == 1);
    let interrupt = Command::new("/bin/sh")
        .args(["-c", "kill -s INT $0", &program.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    wait_until("the end of the worker", || running(words) == 0);
    assert_eq!(program.wait().unwrap().code(), Some(130));
    let folder = std::env::temp_dir().join(format!("rustpipe-conformance-{}", program.id()));
    assert!(!folder.exists());
}

#[cfg(target_os = "linux")]
fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "waited for {what}"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// How many processes have this command line.
#[cfg(target_os = "linux")]
fn running(words: &[u8]) -> usize {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|process| fs::read(process.path().join("cmdline")).ok())
        .filter(|line| line == words)
        .count()
}
