//! A worker as a process: what it does with inputs that go well and badly, and how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longer than anything takes here, shorter than a person waits.
const PATIENCE: Duration = Duration::from_secs(30);

/// Cargo builds examples beside the tests.
fn command() -> Command {
    let mut path: PathBuf = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    let mut command = Command::new(path.join("examples/moody"));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

struct Worker {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<BufReader<ChildStdout>>,
}

impl Worker {
    /// A worker that has been asked for a table's columns.
    fn open(table: &str, columns: &[&str], options: &Value) -> Self {
        let mut child = command().arg("run").spawn().unwrap();
        let mut worker = Self {
            stdin: child.stdin.take(),
            stdout: child.stdout.take().map(BufReader::new),
            child,
        };
        let window = json!({"inputs": 128, "bytes": 1 << 20});
        worker.send(&json!({
            "type": "open", "version": 1, "table": table, "columns": columns, "options": options,
            "window": window,
        }));
        worker
    }

    /// One that has greeted.
    fn started(table: &str, columns: &[&str]) -> Self {
        let mut worker = Self::open(table, columns, &json!({}));
        assert_eq!(worker.receive()["type"], "hello");
        worker
    }

    fn send(&mut self, frame: &Value) {
        writeln!(self.stdin.as_ref().unwrap(), "{frame}").unwrap();
    }

    fn input(&mut self, id: u64, what: &str, number: i64) {
        let input = json!({"what": what, "number": number});
        self.send(&json!({"type": "in", "id": id, "input": input}));
    }

    fn end(&mut self) {
        self.send(&json!({"type": "end"}));
    }

    /// The next frame, heartbeats included.
    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.as_mut().unwrap().read_line(&mut line).unwrap();
        assert!(line.len() <= (16 << 20) + 1, "a line of {}", line.len());
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: '{line}'"))
    }

    fn receive(&mut self) -> Value {
        loop {
            let frame = self.next();
            if frame["type"] != "metrics" {
                return frame;
            }
        }
    }

    /// The status and standard error of a worker that ends by itself.
    fn ending(mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "the worker goes on");
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut stderr = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        (status.code(), stderr)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_worker_describes_its_tables_inputs_and_options() {
    let output = command()
        .args(["own", "arguments", "describe"])
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["tables"][0]["rows_per_input"], "one");
    assert_eq!(
        said["tables"][1]["input"][1],
        json!({"name": "number", "type": "bigint", "nullable": true, "comment": "How many rows, how many bytes or how many milliseconds"})
    );
    assert_eq!(
        said["tables"][0]["columns"][0],
        json!({"name": "what", "type": "string", "nullable": false, "comment": "The wish", "cost": "row"})
    );
    assert_eq!(
        said["options"][2],
        json!({"name": "depth", "type": "u32", "default": "3", "description": "A number"})
    );
}

#[test]
fn only_the_columns_that_are_wanted_are_sent_in_their_order() {
    let mut worker = Worker::open("one", &["number", "what"], &json!({"greeting": "o "}));
    assert_eq!(
        worker.receive()["columns"][0],
        json!({"name": "number", "type": "bigint"})
    );
    worker.input(1, "wish", 7);
    let done = json!({"status": "SUCCEEDED", "rows": 1});
    assert_eq!(
        worker.receive(),
        json!({"type": "rows", "id": 1, "rows": [[7, "o wish"]], "done": done})
    );
    let mut worker = Worker::started("one", &[]);
    worker.input(1, "wish", 7);
    assert_eq!(worker.receive()["rows"], json!([[]]));
    // A function can ask what is wanted.
    worker.input(2, "number?", 7);
    assert_eq!(worker.receive()["type"], "rows");
    let mut worker = Worker::started("one", &["number"]);
    worker.input(1, "number?", 7);
    assert_eq!(worker.receive()["message"], "yes");
}

#[test]
fn an_input_that_fails_costs_itself_only() {
    let mut worker = Worker::started("one", &["number"]);
    worker.input(1, "fail", 0);
    worker.input(2, "panic", 0);
    worker.input(3, "stumble", 111);
    worker.send(&json!({"type": "in", "id": 4, "input": {"what": 4}}));
    worker.input(5, "wish", 5);
    worker.input(6, "explode", 0);
    worker.end();
    let mut errors = Vec::new();
    let bye = loop {
        let frame = worker.receive();
        match frame["type"].as_str().unwrap() {
            "error" => errors.push(format!(
                "{} {} {} {}",
                frame["id"], frame["code"], frame["retryable"], frame["message"]
            )),
            "rows" => assert_eq!((&frame["id"], &frame["rows"]), (&json!(5), &json!([[5]]))),
            _ => break frame,
        }
    };
    errors.sort();
    assert_eq!(errors[0], r#"1 "TIMEOUT" true "as wished""#);
    assert_eq!(
        errors[1],
        r#"2 "INTERNAL" false "a defect of the worker, please report it: as wished""#
    );
    assert!(
        errors[2].starts_with(r#"3 "INTERNAL" false "number too large"#),
        "{}",
        errors[2]
    );
    assert_eq!(
        errors[3],
        r#"4 "BAD_INPUT" false "field 'what' of the input must be string, but it is 4""#
    );
    assert!(errors[4].starts_with(r#"6 "INTERNAL" false"#), "{errors:?}");
    assert_eq!(
        bye,
        json!({"type": "bye", "inputs": 6, "rows": 1, "errors": 5})
    );
    assert_eq!(worker.ending().0, Some(0));
}

#[test]
fn a_row_that_is_longer_than_a_line_is_an_error() {
    let mut worker = Worker::started("one", &["what"]);
    worker.input(1, "grow", 17 << 20);
    let error = worker.receive();
    assert_eq!(
        (&error["code"], &error["rows"]),
        (&json!("LIMIT"), &json!(0))
    );
}

#[test]
fn a_message_is_cut_where_nobody_reads_on() {
    let mut worker = Worker::started("one", &["number"]);
    worker.input(1, "shout", 3 << 20);
    let error = worker.receive();
    let message = error["message"].as_str().unwrap();
    assert_eq!(message.len(), (64 << 10) + 3);
    worker.input(2, "log", 2 << 20);
    let message = worker.receive()["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("..."), "{} bytes", message.len());
}

#[test]
fn counters_and_log_lines_reach_the_connector() {
    let mut worker = Worker::started("one", &["number"]);
    worker.input(1, "log", 1);
    assert_eq!(
        worker.receive(),
        json!({"type": "log", "level": "warn", "message": "as wished"})
    );
    worker.input(2, "wish", 0);
    worker.end();
    let mut metrics = Value::Null;
    loop {
        let frame = worker.next();
        match frame["type"].as_str() {
            Some("metrics") => metrics = frame,
            Some("bye") => break,
            _ => {}
        }
    }
    let counters = json!({"errors": 0, "granted": 1, "inputs_done": 2, "rows": 2});
    assert_eq!(metrics["counters"], counters);
}

#[test]
fn work_that_blocks_does_not_look_like_death() {
    let mut worker = Worker::started("one", &["number"]);
    worker.input(1, "block", 2500);
    let kinds: Vec<_> = (0..3)
        .map(|_| worker.next()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["metrics", "metrics", "rows"]);
}

#[test]
fn few_rows_travel_with_their_end_and_many_leave_as_they_come() {
    let mut worker = Worker::started("many", &["number"]);
    worker.input(1, "count", 3);
    let done = json!({"status": "SUCCEEDED", "rows": 3});
    assert_eq!(
        worker.receive(),
        json!({"type": "rows", "id": 1, "rows": [[0], [1], [2]], "done": done})
    );
    worker.input(2, "count", 0);
    assert_eq!(
        worker.receive(),
        json!({"type": "done", "id": 2, "status": "SUCCEEDED", "rows": 0})
    );
    worker.input(3, "count", 100_000);
    let mut next = 0;
    loop {
        let frame = worker.receive();
        assert!(frame.get("resume").is_none());
        for row in frame["rows"].as_array().unwrap() {
            assert_eq!(row[0], next);
            next += 1;
        }
        if let Some(done) = frame.get("done") {
            assert_eq!((done["rows"].as_i64(), next), (Some(100_000), 100_000));
            break;
        }
    }
}

#[test]
fn rows_whose_sender_gives_up_waiting_are_sent_or_not_counted() {
    let mut worker = Worker::started("many", &["what"]);
    worker.input(1, "give up", 10_000);
    // Nothing is read before that, so that the output is full.
    let mut stderr = BufReader::new(worker.child.stderr.take().unwrap());
    stderr.read_line(&mut String::new()).unwrap();
    let mut rows = 0;
    loop {
        let frame = worker.receive();
        rows += frame["rows"].as_array().unwrap().len();
        if let Some(done) = frame.get("done") {
            assert_eq!(done["rows"], json!(rows));
            assert!(rows < 10_000, "nobody gave up");
            break;
        }
    }
}

#[test]
fn rows_that_wait_for_a_mark_leave_before_a_row_that_does_not_fit_beside_them() {
    let mut worker = Worker::started("many", &["what"]);
    worker.input(1, "mark first", 2);
    assert_eq!(worker.receive()["rows"].as_array().unwrap().len(), 1);
    let frame = worker.receive();
    assert_eq!(frame["rows"].as_array().unwrap().len(), 1);
    while worker.receive()["rows"] != json!(2) {}
}

#[test]
fn rows_before_a_failure_or_a_panic_are_sent() {
    let mut worker = Worker::started("many", &["number"]);
    for (id, what, code) in [(1, "fail at 3", "LIMIT"), (2, "panic at 3", "INTERNAL")] {
        worker.input(id, what, 9);
        assert_eq!(worker.receive()["rows"], json!([[0], [1], [2], [3]]));
        let error = worker.receive();
        assert_eq!((&error["code"], &error["rows"]), (&json!(code), &json!(4)));
    }
}

#[test]
fn every_mark_that_leaves_is_one_to_go_on_from() {
    let mut worker = Worker::started("many", &["number"]);
    worker.input(1, "mark", 200_000);
    let mut sent = 0;
    let mut tokens = Vec::new();
    loop {
        let frame = worker.receive();
        sent += frame["rows"].as_array().unwrap().len();
        match frame.get("resume") {
            Some(token) => tokens.push((token.clone(), sent)),
            None => break,
        }
    }
    assert!(tokens.len() > 3 && sent == 200_000, "{sent} {tokens:?}");
    let last = tokens.len() - 1;
    for (token, sent) in [&tokens[0], &tokens[last]] {
        let mut worker = Worker::started("many", &["number"]);
        let input = json!({"what": "mark", "number": 200_000});
        worker.send(&json!({"type": "in", "id": 1, "input": input, "resume": token}));
        let frame = worker.receive();
        assert_eq!(frame["rows"][0][0], *sent);
        worker.end();
        let mut frame = frame;
        while frame.get("done").is_none() {
            frame = worker.receive();
        }
        assert_eq!(
            frame["done"]["rows"], 200_000,
            "those of the worker before included"
        );
        let own = 200_000 - sent;
        assert_eq!(worker.receive()["rows"], json!(200_000), "{own} of its own");
    }
}

#[test]
fn a_token_of_somebody_else_is_an_error() {
    for (table, token) in [
        ("many", "s1"),
        ("many", "-1.x"),
        ("many", "18446744073709551615.x"),
        ("one", "1.x"),
    ] {
        let mut worker = Worker::started(table, &["number"]);
        let input = json!({"what": "mark", "number": 1});
        worker.send(&json!({"type": "in", "id": 1, "input": input, "resume": token}));
        let error = worker.receive();
        assert_eq!(
            (&error["code"], error["message"].as_str().unwrap()),
            (
                &json!("BAD_INPUT"),
                format!("'{token}' is no resume token of this worker").as_str()
            )
        );
    }
}

#[test]
fn what_there_is_not_is_refused_with_a_reason() {
    for (table, column, options, reason) in [
        (
            "two",
            "number",
            json!({}),
            "moody: no table 'two'; use one of: one, many\n",
        ),
        (
            "one",
            "numbers",
            json!({}),
            "moody: no column 'numbers'; use one of: what, number\n",
        ),
        (
            "one",
            "number",
            json!({"deep": "1"}),
            "moody: unknown option 'deep'; this worker takes concurrency, depth, greeting\n",
        ),
        (
            "one",
            "number",
            json!({"depth": "x"}),
            "moody: option depth: 'x' is no u32: invalid digit found in string\n",
        ),
        (
            "one",
            "number",
            json!({"concurrency": "0"}),
            "moody: option concurrency: '0' is no int, 1 to 65535: number would be zero for non-zero type\n",
        ),
    ] {
        let (status, stderr) = Worker::open(table, &[column], &options).ending();
        assert_eq!((status, stderr.as_str()), (Some(2), reason));
    }
}

#[test]
fn without_a_word_it_says_what_it_is() {
    let output = command().output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr.contains("moody is a worker for rustpipe"),
        "{stderr}"
    );
}

#[test]
fn the_end_of_the_connector_is_its_end() {
    let mut worker = Worker::started("one", &["number"]);
    worker.input(1, "block", 60_000);
    worker.input(2, "sleep", 60_000);
    let begun = Instant::now();
    worker.stdin.take();
    assert_eq!(worker.ending().0, Some(3));
    assert!(begun.elapsed() < PATIENCE / 2, "it waited for its inputs");
}

#[test]
fn nobody_who_listens_is_its_end() {
    let mut worker = Worker::started("many", &["number"]);
    worker.stdout.take();
    worker.input(1, "count", 10_000_000);
    let (status, stderr) = worker.ending();
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_printed_goes_to_standard_error() {
    let mut worker = Worker::started("one", &["number"]);
    worker.input(1, "print", 7);
    assert_eq!(worker.receive()["rows"], json!([[7]]));
    worker.end();
    assert_eq!(worker.receive()["type"], "bye");
    assert_eq!(worker.ending(), (Some(0), "as wished\n".to_owned()));
}

#[test]
fn what_a_function_leaves_running_does_not_hold_it_up() {
    let mut worker = Worker::started("one", &["number"]);
    worker.input(1, "leave", 60_000);
    worker.end();
    while worker.receive()["type"] != "bye" {}
    assert_eq!(worker.ending().0, Some(0));
}
