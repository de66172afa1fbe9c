//! The worker that gives inputs back, as a process.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], stdin: &str) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_rustpipe-echo"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut pipe = process.stdin.take().expect("a pipe");
    pipe.write_all(stdin.as_bytes()).expect("it reads");
    drop(pipe);
    process.wait_with_output().expect("it ends")
}

fn echoed(columns: &str, names: &str, input: &str) -> String {
    let talk = format!(
        r#"{{"type":"open","version":1,"table":"echo","columns":{names},"window":{{"inputs":8,"bytes":1048576}}}}
{{"type":"in","id":7,"input":{input}}}
{{"type":"end"}}
"#
    );
    let output = run(&[columns, "run"], &talk);
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let row = lines.lines().nth(1).expect("a row");
    let row = row.strip_prefix(r#"{"type":"rows","id":7,"rows":["#);
    let row = row.and_then(|row| row.strip_suffix(r#"],"done":{"status":"SUCCEEDED","rows":1}}"#));
    row.expect(&lines).to_owned()
}

#[test]
fn objects_become_lists_in_the_order_of_their_fields() {
    assert_eq!(
        echoed(
            r#"[["s","struct<z:int,a:struct<y:int,b:int>>"]]"#,
            r#"["s"]"#,
            r#"{"s":{"z":1,"a":{"y":2,"b":null}}}"#
        ),
        "[[1,[2,null]]]"
    );
}

#[test]
fn numbers_and_texts_are_what_they_were() {
    for value in [
        "-9223372036854775808",
        "9223372036854775807",
        "-0.0",
        "5e-324",
        "1.7976931348623157e+308",
        "123456789.12345679",
        "\"Infinity\"",
        "\"\u{1F600}\\\"\\u0000\"",
        "[[\"k\",true],[\"l\",null]]",
    ] {
        let input = format!(r#"{{"v":{value}}}"#);
        assert_eq!(
            echoed(r#"[["v","string"]]"#, r#"["v"]"#, &input),
            format!("[{value}]")
        );
    }
}

#[test]
fn columns_come_in_the_order_in_which_they_are_wanted_and_are_null_where_no_field_is() {
    assert_eq!(
        echoed(
            r#"[["a","int"],["b","int"],["c","int"]]"#,
            r#"["c","b"]"#,
            r#"{"a":1,"b":2}"#
        ),
        "[null,2]"
    );
}

#[test]
fn arguments_that_are_not_understood_are_a_failure_that_says_how_to_call_it() {
    for arguments in [&["run"][..], &["[]", "walk"]] {
        let output = run(arguments, "");
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("COLUMNS describe|run"));
    }
}
