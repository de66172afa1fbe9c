//! The worker of the crate's documentation: it is the one in `examples`, and does what the documentation says.

use std::io::Write;
use std::process::{Command, Stdio};

const PAGE: &str = include_str!("../src/lib.rs");
const EXAMPLE: &str = include_str!("../examples/count.rs");

#[test]
fn the_documentation_shows_the_example() {
    let block = PAGE.split("//! ```no_run\n").nth(1).expect("a worker");
    let shown = block.lines().take_while(|line| *line != "//! ```");
    let shown = shown.map(|line| line.strip_prefix("//! ").unwrap_or_default());
    let code = EXAMPLE
        .lines()
        .skip_while(|line| line.starts_with("//!") || line.is_empty());
    assert!(
        shown.eq(code),
        "examples/count.rs is not the worker of src/lib.rs"
    );
}

#[test]
fn it_counts_words_and_refuses_a_nul() {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    let mut worker = Command::new(path.join("examples/count"))
        .arg("run")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let talk = r#"{"type":"open","version":1,"table":"counts","columns":["words","longest"],"options":{},"window":{"inputs":8,"bytes":4096}}
{"type":"in","id":1,"input":{"text":"to be or not"}}
{"type":"in","id":2,"input":{"text":""}}
{"type":"in","id":3,"input":{"text":"\u0000"}}
{"type":"end"}
"#;
    worker
        .stdin
        .take()
        .unwrap()
        .write_all(talk.as_bytes())
        .unwrap();
    let output = worker.wait_with_output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    for line in [
        r#"{"type":"rows","id":1,"rows":[[4,"not"]],"done":{"status":"SUCCEEDED","rows":1}}"#,
        r#"{"type":"rows","id":2,"rows":[[0,null]],"done":{"status":"SUCCEEDED","rows":1}}"#,
        r#"{"type":"error","id":3,"code":"BAD_INPUT","message":"a text has no NUL","retryable":false,"rows":0}"#,
        r#"{"type":"bye","inputs":3,"rows":2,"errors":1}"#,
    ] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
}
