//! Arguments, and what is wrong with them.

use rustpipe_conformance::Rule;

use crate::harness::{conformance, sibling};

#[test]
fn the_list_has_every_rule() {
    let outcome = conformance(&["--list"]);
    assert_eq!(outcome.code, Some(0));
    assert_eq!(outcome.stdout.lines().count(), Rule::ALL.len());
    assert!(
        outcome
            .stdout
            .contains("hello-first: `hello` is the answer")
    );
}

#[test]
fn what_cannot_be_tested_is_a_usage_error() {
    let rows = sibling("rustpipe-rows");
    for (words, part) in [
        (vec![], "WORKER"),
        (vec!["--input", "[]", "--", "x"], "not a JSON object"),
        (vec!["--timeout", "10", "--", "x"], "10s or 500ms"),
        (vec!["--timeout", "0s", "--", "x"], "more than nothing"),
        (vec!["--option", "a", "--", "x"], "no '='"),
        (vec!["--", &rows], "plain, seconds, nested"),
        (vec!["--table", "plane", "--", &rows], "no table 'plane'"),
    ] {
        let outcome = conformance(&words);
        assert_eq!(outcome.code, Some(2), "{words:?}");
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
}

#[test]
fn a_program_that_is_no_worker_is_a_finding() {
    for (program, seen) in [
        ("/nowhere/worker", "can't be started"),
        ("/bin/true", "printed nothing"),
    ] {
        let outcome = conformance(&["--timeout", "5s", "--", program]);
        assert_eq!(outcome.broken(), ["describe-one-line"]);
        assert!(outcome.stdout.contains(seen), "{}", outcome.stdout);
        assert_eq!(outcome.code, Some(1));
    }
}
