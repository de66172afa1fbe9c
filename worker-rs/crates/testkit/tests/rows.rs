//! The worker that invents rows, as a process.

use std::io::{Read, Write};
use std::process::{Child, Command, Output, Stdio};

use rustpipe_protocol::{Description, FromWorker, Window};
use serde_json::{Value, json};

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_rustpipe-rows"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process")
}

fn run(arguments: &[&str], stdin: &str) -> Output {
    let mut process = start(arguments);
    let mut pipe = process.stdin.take().expect("a pipe");
    pipe.write_all(stdin.as_bytes()).expect("it reads");
    drop(pipe);
    process.wait_with_output().expect("it ends")
}

fn open(table: &str, columns: &[&str]) -> String {
    let window = Window {
        inputs: 8,
        bytes: 1 << 20,
    };
    let open =
        json!({"type": "open", "version": 1, "table": table, "columns": columns, "window": window});
    format!("{open}\n")
}

fn input(id: u64, url: &str) -> String {
    format!(
        "{}\n",
        json!({"type": "in", "id": id, "input": {"url": url}})
    )
}

const END: &str = "{\"type\":\"end\"}\n";

fn frames(output: &Output) -> Vec<FromWorker> {
    assert!(output.status.success(), "{output:?}");
    let lines = output.stdout.split_inclusive(|&byte| byte == b'\n');
    lines
        .map(|line| serde_json::from_slice(line).expect("a frame"))
        .collect()
}

#[test]
fn every_table_sends_the_columns_that_it_describes() {
    let description: Description =
        serde_json::from_slice(&run(&["describe"], "").stdout).expect("a description");
    assert_eq!(description.tables.len(), 6);
    for table in &description.tables {
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let talk = open(&table.name, &names) + &input(1, "rows:100") + END;
        let frames = frames(&run(&["run"], &talk));
        let FromWorker::Hello { columns, .. } = &frames[0] else {
            panic!("{frames:?}")
        };
        let offered: Vec<_> = columns.iter().map(|c| (&c.name, &c.r#type)).collect();
        let described: Vec<_> = table.columns.iter().map(|c| (&c.name, &c.r#type)).collect();
        assert_eq!(offered, described);
        let FromWorker::Rows { rows, done, .. } = &frames[1] else {
            panic!("{frames:?}")
        };
        assert_eq!(rows.len(), 100);
        assert!(rows.iter().all(|row| row.len() == names.len()));
        assert_eq!(
            done.map(|done| done.rows),
            Some(100),
            "small inputs are one frame"
        );
    }
}

#[test]
fn columns_come_in_the_order_in_which_they_are_wanted() {
    let talk = open("plain", &["flag", "id"]) + &input(1, "rows:3@7") + END;
    let frames = frames(&run(&["run"], &talk));
    let FromWorker::Rows { rows, .. } = &frames[1] else {
        panic!("{frames:?}")
    };
    assert_eq!(
        rows.iter().map(|row| &row[1]).collect::<Vec<_>>(),
        [7, 8, 9].map(Value::from).iter().collect::<Vec<_>>()
    );
    assert!(rows.iter().all(|row| row[0].is_boolean()));
}

#[test]
fn totals_count_large_inputs_empty_ones_and_errors() {
    let talk = open("plain", &["id", "path"])
        + &input(1, "rows:20000")
        + &input(2, "rows:0")
        + &input(3, "https://example.org/")
        + END;
    let frames = frames(&run(&["run"], &talk));
    let several = frames
        .iter()
        .filter(|frame| matches!(frame, FromWorker::Rows { id: 1, .. }))
        .count();
    assert!(several > 1, "a large input has several frames");
    assert!(
        frames
            .iter()
            .any(|frame| matches!(frame, FromWorker::Done(done) if done.id == 2 && done.rows == 0))
    );
    assert!(frames.iter().any(
        |frame| matches!(frame, FromWorker::Error { id: 3, message, .. } if message.contains("https://example.org/"))
    ));
    assert_eq!(
        frames.last(),
        Some(&FromWorker::Bye {
            inputs: 3,
            rows: 20_000,
            errors: 1
        })
    );
}

#[test]
fn an_end_of_standard_input_without_end_is_a_failure() {
    let output = run(&["run"], &open("plain", &["id"]));
    assert!(!output.status.success());
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("without an `end` frame"),
        "{output:?}"
    );
}

#[test]
fn a_table_or_column_that_is_not_there_is_named() {
    for (talk, named) in [
        (open("plane", &[]), "'plane'"),
        (open("plain", &["ids"]), "'ids'"),
    ] {
        // Without the end, its absence is a failure as well, and either may be told first.
        let output = run(&["run"], &(talk + END));
        assert!(!output.status.success());
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(named),
            "{output:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn its_pipe_holds_a_whole_frame() {
    let mut process = start(&["run"]);
    let mut stdin = process.stdin.take().expect("a pipe");
    stdin
        .write_all(open("plain", &["id"]).as_bytes())
        .expect("it reads");
    let mut stdout = process.stdout.take().expect("a pipe");
    stdout.read_exact(&mut [0; 1]).expect("a greeting");
    let bytes = rustix::pipe::fcntl_getpipe_size(&stdout).expect("a pipe");
    assert_eq!(bytes, 256 << 10);
    drop(stdin);
    process.wait().expect("it ends");
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let mut process = start(&["run"]);
    let mut stdin = process.stdin.take().expect("a pipe");
    let talk = open("plain", &["id"]) + &input(1, "rows:1000000000");
    stdin.write_all(talk.as_bytes()).expect("it reads");
    let mut stdout = process.stdout.take().expect("a pipe");
    stdout.read_exact(&mut [0; 10_000]).expect("rows");
    drop(stdout);
    process.wait().expect("it ends");
}
