//! The rules that whole conversations show. Plain ones come first; each later one differs from those in one thing only,
//! so that what breaks there and not before is laid to that thing.

use rustpipe_protocol::LINE_IN_BYTES;
use serde_json::Value;

use crate::ledger::Ledger;
use crate::report::{Breach, Report};
use crate::rule::Rule;
use crate::subject::Subject;
use crate::talk::{self, Given, Talk, WINDOW, numbered};

/// Inputs of the first conversation: some come while others are worked on.
const MANY: usize = 8;
/// Inputs of the others.
const FEW: usize = 3;
/// Ids with holes, beyond 32 bits.
const IDS: [u64; 4] = [5, 6, 1_000, 1 << 40];
/// Breaches that mean that an input took the worker along, or got no answer.
const LOST: [Rule; 3] = [Rule::ByeLast, Rule::InputEndsOnce, Rule::HelloFirst];

/// Has all conversations; false if the worker doesn't even greet.
pub(crate) fn try_all(subject: &Subject, report: &mut Report) -> bool {
    let all = subject.all_columns();
    let count = MANY.max(subject.inputs.len());
    let first = talk::hold(
        subject,
        &Talk::new(all.clone(), numbered(subject.inputs(count))),
    );
    let greets = first.window.is_some();
    plain(report, &first);
    if !greets {
        return false;
    }
    for columns in [
        all.iter().rev().cloned().collect(),
        all[..all.len().min(1)].to_vec(),
        Vec::new(),
    ] {
        if columns != all {
            let few = Talk::new(columns, numbered(subject.inputs(FEW)));
            plain(report, &talk::hold(subject, &few));
        }
    }
    let mut different = |rule, talk: &Talk| focused(report, rule, &talk::hold(subject, talk));
    different(Rule::EndAtOnce, &Talk::new(all.clone(), Vec::new()));
    different(Rule::IdsAny, &Talk::new(all.clone(), with_ids(subject)));
    different(
        Rule::UnknownFields,
        &Talk {
            unknown_fields: true,
            ..Talk::new(all.clone(), numbered(subject.inputs(FEW)))
        },
    );
    different(Rule::LongLine, &Talk::new(all.clone(), long(subject)));
    let window = usize::try_from(WINDOW.inputs).unwrap_or_default();
    different(
        Rule::WindowRead,
        &Talk {
            hold_output: true,
            ..Talk::new(all.clone(), numbered(subject.inputs(window)))
        },
    );
    bad_inputs(subject, report);
    resume(subject, report, &first);
    true
}

fn with_ids(subject: &Subject) -> Vec<Given> {
    let mut given = numbered(subject.inputs(IDS.len()));
    for (given, id) in given.iter_mut().zip(IDS) {
        given.id = id;
    }
    given
}

fn long(subject: &Subject) -> Vec<Given> {
    let mut given = numbered(subject.inputs(FEW));
    for given in &mut given {
        given.bytes = LINE_IN_BYTES;
    }
    given
}

/// All that is wrong is laid to the rule that it breaks.
fn plain(report: &mut Report, ledger: &Ledger) {
    for breach in &ledger.breaches {
        report.breach(breach.clone());
    }
    for &rule in &ledger.tried {
        report.kept(rule);
    }
}

/// All that is wrong is laid to the one thing that is different, except for what was wrong before.
fn focused(report: &mut Report, rule: Rule, ledger: &Ledger) {
    let (before, new): (Vec<_>, Vec<_>) = ledger
        .breaches
        .iter()
        .partition(|breach| breach.rule != rule && report.is_broken(breach.rule));
    if let Some(breach) = new.first() {
        report.breach(under(rule, breach));
    } else if let Some(breach) = before.first() {
        report.not_tried(rule, format!("{} is in the way", breach.rule.name()));
    } else {
        report.kept(rule);
        for &rule in &ledger.tried {
            report.kept(rule);
        }
    }
}

/// The breach of another rule as one of this.
fn under(rule: Rule, breach: &Breach) -> Breach {
    let seen = if breach.rule == rule {
        breach.seen.clone()
    } else {
        format!("{}, so that {} is broken", breach.seen, breach.rule.name())
    };
    Breach { rule, seen }
}

/// An answer that is wrong in itself is not the input's fault; that the input takes the worker along is.
fn bad_inputs(subject: &Subject, report: &mut Report) {
    let inputs = subject.bad_inputs().into_iter().chain(subject.inputs(1));
    let talk = Talk::new(subject.all_columns(), numbered(inputs));
    let mut ledger = talk::hold(subject, &talk);
    let (lost, other): (Vec<_>, Vec<_>) = ledger
        .breaches
        .drain(..)
        .partition(|breach| LOST.contains(&breach.rule));
    ledger.breaches = other;
    plain(report, &ledger);
    ledger.breaches = lost;
    focused(report, Rule::BadInput, &ledger);
}

/// The rows of an input that gives a token, twice: from its start, and from the token.
fn resume(subject: &Subject, report: &mut Report, first: &Ledger) {
    let Some((&id, _)) = first.tokens.first_key_value() else {
        report.not_tried(
            Rule::Resume,
            "no frame had a token; give an input with many rows by --input",
        );
        return;
    };
    let at = usize::try_from(id - 1).unwrap_or_default() % subject.inputs.len();
    let columns = subject.all_columns();
    let rows_of = |token| {
        let mut given = numbered([subject.inputs[at].clone()]);
        given[0].token = token;
        let talk = Talk {
            keep_rows: true,
            ..Talk::new(columns.clone(), given)
        };
        talk::hold(subject, &talk)
    };
    let whole = rows_of(None);
    let (Some(token), Some(all)) = (whole.tokens.get(&1).cloned(), &whole.rows) else {
        report.not_tried(Rule::Resume, "the second time the same input had no token");
        return;
    };
    let mut rest = rows_of(Some(token.clone()));
    let behind = usize::try_from(token.rows).map_or(&all[..0], |rows| &all[rows.min(all.len())..]);
    let got = rest.rows.take().unwrap_or_default();
    if rest.errors() > whole.errors() {
        report.not_tried(
            Rule::Resume,
            "given the token, the input ended with an error, as one does whose content has changed",
        );
        return;
    }
    if got.len() != behind.len() {
        let seen = format!(
            "of {} rows the token stands for {}; given it back came {} instead of {}",
            all.len(),
            token.rows,
            got.len(),
            behind.len()
        );
        rest.breach(Rule::Resume, seen);
    } else if let Some(at) = (0..got.len()).find(|&at| !same(subject, &got[at], &behind[at])) {
        let seen = format!(
            "row {} behind the token is {}, but was {}",
            at + 1,
            crate::report::shown(got[at].to_string().as_bytes()),
            crate::report::shown(behind[at].to_string().as_bytes())
        );
        rest.breach(Rule::Resume, seen);
    }
    focused(report, Rule::Resume, &rest);
}

/// Whether two rows are the same but for the times in them.
fn same(subject: &Subject, row: &Value, other: &Value) -> bool {
    let (Some(row), Some(other)) = (row.as_array(), other.as_array()) else {
        return false;
    };
    let mut values = subject.columns.iter().zip(row.iter().zip(other));
    values.all(|(column, (value, other))| value == other || column.text.contains("timestamp"))
}
