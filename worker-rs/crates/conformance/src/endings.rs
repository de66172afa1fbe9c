//! The rules of what ends a worker early: a request that it has to refuse, and a connector that is gone.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::frame::{self, Frame};
use crate::process::{Output, Worker};
use crate::report::{Breach, Report, shown};
use crate::rule::Rule;
use crate::subject::Subject;
use crate::talk::{end_line, greet, in_line, line, numbered, open};

/// What nobody has or knows.
const UNKNOWN: &str = "not_yet_invented";
/// The second that the protocol gives, and one for a machine that has much to do.
const SOON: Duration = Duration::from_secs(2);
/// Inputs that are in flight when the connector is gone.
const IN_FLIGHT: usize = 64;

/// Tries all of them.
pub(crate) fn try_all(subject: &Subject, report: &mut Report) {
    for rule in [
        Rule::RefusesVersion,
        Rule::RefusesTable,
        Rule::RefusesColumn,
    ] {
        conclude(report, rule, refuses_open(subject, rule));
    }
    conclude(report, Rule::RefusesFrame, refuses_frame(subject));
    conclude(report, Rule::StdinEnd, ends_with_stdin(subject));
    conclude(report, Rule::StdoutClosed, ends_with_stdout(subject));
}

fn conclude(report: &mut Report, rule: Rule, result: Result<(), String>) {
    match result {
        Ok(()) => report.kept(rule),
        Err(seen) => report.breach(Breach { rule, seen }),
    }
}

fn refuses_open(subject: &Subject, rule: Rule) -> Result<(), String> {
    let mut columns = subject.all_columns();
    if rule == Rule::RefusesColumn {
        columns.push(UNKNOWN.to_owned());
    }
    let mut frame = open(subject, &columns);
    if rule == Rule::RefusesVersion {
        frame.insert("version".to_owned(), json!(99));
    }
    if rule == Rule::RefusesTable {
        frame.insert("table".to_owned(), json!(UNKNOWN));
    }
    let mut worker = subject
        .program
        .start("run")
        .map_err(|error| error.to_string())?;
    let line = line(frame, 0);
    let asked = format!("to {} it answers", shown(&line));
    worker.send(line);
    refusal(&mut worker, subject.timeout).map_err(|seen| format!("{asked} {seen}"))
}

fn refuses_frame(subject: &Subject) -> Result<(), String> {
    let (mut worker, _) = greet(subject, &subject.all_columns())?;
    worker.send(format!("{{\"type\":\"{UNKNOWN}\"}}\n").into_bytes());
    // Without it a worker that has taken the frame would wait for more.
    worker.send(end_line());
    refusal(&mut worker, subject.timeout)
        .map_err(|seen| format!("to {{\"type\":\"{UNKNOWN}\"}} it answers {seen}"))
}

/// Waits for an exit with a status other than 0 and a reason.
fn refusal(worker: &mut Worker, timeout: Duration) -> Result<(), String> {
    let deadline = Instant::now() + timeout;
    loop {
        match worker.read(deadline) {
            Output::Line(line) => {
                if let (Some(Frame::Hello { .. } | Frame::Bye { .. }), _) = frame::read(&line) {
                    return Err(shown(&line));
                }
            }
            Output::Silence => return Err(format!("nothing, and goes on for {timeout:?}")),
            Output::End => break,
        }
    }
    match worker.wait(deadline) {
        Some(status) if status.success() => Err("with an exit with status 0".to_owned()),
        Some(status) if worker.stderr().is_empty() => Err(format!(
            "with an exit ({status}) that has no reason on standard error"
        )),
        Some(_) => Ok(()),
        None => Err("with an end of its output, and goes on".to_owned()),
    }
}

fn ends_with_stdin(subject: &Subject) -> Result<(), String> {
    let columns = subject.all_columns();
    let started = subject
        .program
        .start("run")
        .map_err(|error| error.to_string())?;
    orphaned(started, "before `open`")?;

    orphaned(greet(subject, &columns)?.0, "behind `hello`")?;

    let (mut worker, _) = greet(subject, &columns)?;
    worker.send(b"{\"type\":\"in\",\"id\":1,".to_vec());
    orphaned(worker, "within a line")?;

    let (mut worker, window) = greet(subject, &columns)?;
    send_inputs(subject, &mut worker, window.inputs);
    orphaned(worker, "with inputs in flight")
}

/// Closes the worker's standard input and waits for its end. Its output is read, as the connector reads it.
fn orphaned(mut worker: Worker, when: &str) -> Result<(), String> {
    worker.close_stdin();
    let deadline = Instant::now() + SOON;
    while matches!(worker.read(deadline), Output::Line(_)) && Instant::now() < deadline {}
    match worker.wait(deadline) {
        Some(status) if status.success() => Err(format!("its end {when}: an exit with status 0")),
        Some(_) => Ok(()),
        None => Err(format!("its end {when}: the worker goes on for {SOON:?}")),
    }
}

fn ends_with_stdout(subject: &Subject) -> Result<(), String> {
    let (mut worker, window) = greet(subject, &subject.all_columns())?;
    worker.close_stdout();
    send_inputs(subject, &mut worker, window.inputs);
    match worker.wait(Instant::now() + subject.timeout) {
        Some(_) => Ok(()),
        None => Err(format!(
            "with inputs to answer and nobody who reads, it goes on for {:?}",
            subject.timeout
        )),
    }
}

fn send_inputs(subject: &Subject, worker: &mut Worker, window: u64) {
    let count = usize::try_from(window).map_or(IN_FLIGHT, |inputs| inputs.clamp(1, IN_FLIGHT));
    for given in numbered(subject.inputs(count)) {
        worker.send(in_line(&given, false, 0));
    }
}
