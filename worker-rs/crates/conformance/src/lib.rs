//! Drives a worker through the line protocol, faults included, and says which rule it breaks.
//!
//! `docs/protocol.md` is the specification, and [`Rule`] the closed list of what can be seen of it from outside. All
//! waits have a deadline, and nothing that was started is left behind. What is well known to both sides of the protocol
//! comes from `rustpipe-protocol`; how a worker works inside, nothing here knows.

mod conversations;
mod describe;
mod endings;
mod folder;
mod frame;
mod ledger;
mod process;
mod report;
mod rule;
mod subject;
mod talk;
mod tree;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::time::Duration;

use rustpipe_protocol::{Description, Table};
use serde_json::{Map, Value};

pub use report::{Finding, Report};
pub use rule::Rule;
pub use tree::{end_workers_on_signals, ending};

use folder::Folder;
use process::Program;
use subject::Subject;

/// What to test, and with what.
#[derive(Debug)]
pub struct Request {
    /// The worker and its arguments; at least one word.
    pub words: Vec<OsString>,
    /// The table; may be left out if the worker has one only.
    pub table: Option<String>,
    /// The inputs; made up if there are none.
    pub inputs: Vec<Map<String, Value>>,
    /// The options in `open`.
    pub options: BTreeMap<String, String>,
    /// How long a greeting, an input and an end may take.
    pub timeout: Duration,
}

/// Why nothing can be tested.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The table has to be named, or is not there.
    #[error("{wanted}; the worker has: {known}; name one by --table")]
    Table {
        /// What is the matter.
        wanted: String,
        /// The worker's tables.
        known: String,
    },
    /// No folder for the worker.
    #[error("the worker needs a folder to run in: {0}")]
    Folder(#[from] io::Error),
}

/// Tests a worker.
///
/// # Errors
/// When the table isn't clear. A worker that fails is no error but a finding.
pub fn run(request: &Request) -> Result<Report, RequestError> {
    tree::adopt_orphans();
    let folder = Folder::new()?;
    let program = Program::new(&request.words, folder.path())?;
    let mut report = Report::default();
    let described = describe::ask(&program, request.timeout, &mut report);
    let Some(description) = described.filter(|description| !description.tables.is_empty()) else {
        skip(&mut report, "the worker has not described a table");
        return Ok(report);
    };
    let subject = Subject::new(
        program,
        choose(&description, request.table.as_deref())?,
        request.inputs.clone(),
        request.options.clone(),
        request.timeout,
    );
    if conversations::try_all(&subject, &mut report) {
        endings::try_all(&subject, &mut report);
        if !subject.one_row {
            report.not_tried(Rule::OneRow, "the table has many rows per input");
        }
        report.not_tried(Rule::Metrics, "the worker has sent none");
        skip(
            &mut report,
            "nothing came that could show it; another --input may",
        );
    } else {
        skip(&mut report, "the worker does not greet");
    }
    Ok(report)
}

fn choose<'a>(
    description: &'a Description,
    wanted: Option<&str>,
) -> Result<&'a Table, RequestError> {
    let tables = &description.tables;
    let error = |wanted: String| {
        let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
        let known = names.join(", ");
        RequestError::Table { wanted, known }
    };
    match (wanted, tables.as_slice()) {
        (None, [only]) => Ok(only),
        (None, _) => Err(error("there are several tables".to_owned())),
        (Some(name), _) => tables
            .iter()
            .find(|table| table.name == name)
            .ok_or_else(|| error(format!("no table '{name}'"))),
    }
}

/// Says why of all rules that nothing is known about.
fn skip(report: &mut Report, why: &str) {
    for &rule in Rule::ALL {
        report.not_tried(rule, why);
    }
}
