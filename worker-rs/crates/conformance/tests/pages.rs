//! What pages say about workers is what the code says, and what commands print.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use rustpipe_conformance::Rule;
use rustpipe_testkit::page;

const WORKERS: &str = "docs/workers.md";
const EXAMPLES: &str = "examples/README.md";

#[test]
fn every_rule_is_in_workers_md() {
    let mut table = String::from("| rule | what a worker has to do |\n|---|---|\n");
    for rule in Rule::ALL {
        let anchor = rule
            .section()
            .to_lowercase()
            .replace(' ', "-")
            .replace(',', "");
        writeln!(
            table,
            "| [`{}`](protocol.md#{anchor}) | {} |",
            rule.name(),
            rule.sentence()
        )
        .unwrap();
    }
    page::check_part(WORKERS, "rules", &table);
}

#[test]
fn the_python_of_workers_md_is_the_example() {
    let example = fs::read_to_string(page::root().join("examples/python/purls.py")).unwrap();
    for block in page::blocks(WORKERS, "python") {
        assert!(example.contains(&block), "not in purls.py:\n{block}");
    }
}

#[test]
fn commands_print_what_the_pages_show() {
    for page in [WORKERS, EXAMPLES] {
        for block in page::blocks(page, "console") {
            check_commands(page, &block);
        }
    }
}

fn check_commands(page: &str, block: &str) {
    let mut rest = block;
    while let Some(begin) = rest.strip_prefix("$ ") {
        let end = match begin.find("<<'END'") {
            Some(_) => begin.find("\nEND\n").expect("the end of the input") + 4,
            None => begin.find('\n').expect("a line"),
        };
        let (command, output) = begin.split_at(end + 1);
        let next = output.find("\n$ ").map_or(output.len(), |at| at + 1);
        let next = if output.starts_with("$ ") { 0 } else { next };
        let (expected, more) = output.split_at(next);
        rest = more;
        if let Some(missing) = missing_interpreter(command) {
            eprintln!("skipped, because this machine has no {missing}: {command}");
            continue;
        }
        assert_eq!(print(command), expected, "{page}: {command}");
    }
    assert_eq!(rest, "", "{page}: not a command");
}

/// Interpreters that not every machine has.
fn missing_interpreter(command: &str) -> Option<&'static str> {
    let is_there = |program: &str, words: &[&str]| {
        let mut command = Command::new(program);
        let status = command.args(words).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    if command.contains("examples/python/") && !is_there("python3", &["-c", ""]) {
        Some("python3")
    } else if command.contains("examples/perl/") && !is_there("perl", &["-MJSON::PP", "-e", "1"]) {
        Some("perl with JSON::PP")
    } else {
        None
    }
}

fn print(command: &str) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_rustpipe-conformance"));
    let mut path = programs.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .args(["-c", command])
        .current_dir(page::root())
        .env("PATH", path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr)
}
