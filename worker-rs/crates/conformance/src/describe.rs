//! The rules of `describe`.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use rustpipe_protocol::{Description, SparkType, Table, TableRows, VERSION};
use serde_json::Value;

use crate::process::{Output, Program};
use crate::report::{Breach, Report, shown};
use crate::rule::Rule;

/// The longest description.
const LONGEST: usize = 1 << 20;

/// Asks the program what it offers. `None` if that can't be understood.
pub(crate) fn ask(
    program: &Program,
    timeout: Duration,
    report: &mut Report,
) -> Option<Description> {
    let output = match print(program, timeout) {
        Ok(output) => {
            report.kept(Rule::DescribeOneLine);
            output
        }
        Err((output, seen)) => {
            breach(report, Rule::DescribeOneLine, seen);
            output
        }
    };
    let value: Value = serde_json::from_slice(&output).ok()?;
    let description = match serde_json::from_value::<Description>(value) {
        Ok(description) => description,
        Err(error) => {
            breach(
                report,
                Rule::DescribeFields,
                format!("{error}: {}", shown(&output)),
            );
            return None;
        }
    };
    report.kept(Rule::DescribeFields);
    if description.protocol.contains(&VERSION) {
        report.kept(Rule::DescribeVersion);
    } else {
        let seen = format!("\"protocol\":{:?}", description.protocol);
        breach(report, Rule::DescribeVersion, seen);
    }
    check(
        report,
        Rule::DescribeTables,
        wrong_table(&description.tables),
    );
    check(report, Rule::DescribeTypes, wrong_type(&description.tables));
    Some(description)
}

/// What it prints; beside that, what is wrong with the way in which it does it.
fn print(program: &Program, timeout: Duration) -> Result<Vec<u8>, (Vec<u8>, String)> {
    let nothing = |seen: String| (Vec::new(), seen);
    let mut worker = program
        .start("describe")
        .map_err(|error| nothing(format!("it can't be started: {error}")))?;
    // Its standard input stays open, and nothing comes.
    let deadline = Instant::now() + timeout;
    let output = match worker.read(deadline) {
        Output::Line(line) => line,
        Output::End => {
            return Err(nothing(format!(
                "it printed nothing; {}",
                worker.ending(deadline)
            )));
        }
        Output::Silence => {
            let seen = format!("nothing within {timeout:?}; does it wait for its standard input?");
            return Err(nothing(seen));
        }
    };
    let seen = match serde_json::from_slice::<Value>(&output) {
        Err(error) => format!("no JSON ({error}): {}", shown(&output)),
        Ok(value) if !value.is_object() => format!("no object: {}", shown(&output)),
        Ok(_) if output.len() > LONGEST => format!("{} bytes", output.len()),
        Ok(_) if !output.ends_with(b"\n") => "no line feed at its end".to_owned(),
        Ok(_) => match (worker.read(deadline), worker.wait(deadline)) {
            (Output::Line(line), _) => format!("a second line: {}", shown(&line)),
            (_, Some(status)) if status.success() => return Ok(output),
            _ => format!("behind the description: {}", worker.ending(deadline)),
        },
    };
    Err((output, seen))
}

fn wrong_table(tables: &[Table]) -> Option<String> {
    if tables.is_empty() {
        return Some("no table".to_owned());
    }
    let mut names = HashSet::new();
    for table in tables {
        let name = &table.name;
        // The connector finds tables and columns by their names in any case.
        if !names.insert(name.to_lowercase()) {
            return Some(format!("two tables '{name}'"));
        }
        let mut columns = HashSet::from(["url".to_owned()]);
        if table.rows_per_input == TableRows::Many {
            columns.extend(["error_code".to_owned(), "error_message".to_owned()]);
        }
        let added = columns.clone();
        for column in table
            .columns
            .iter()
            .map(|column| column.name.to_lowercase())
        {
            if added.contains(&column) {
                return Some(format!(
                    "table '{name}' has a column '{column}', which the connector adds"
                ));
            }
            if !columns.insert(column.clone()) {
                return Some(format!("table '{name}' has two columns '{column}'"));
            }
        }
    }
    None
}

fn wrong_type(tables: &[Table]) -> Option<String> {
    let error = |text: &String| text.parse::<SparkType>().err();
    tables.iter().find_map(|table| {
        let columns = table
            .columns
            .iter()
            .map(|column| (&column.name, &column.r#type));
        let fields = table
            .input
            .iter()
            .flatten()
            .map(|field| (&field.name, &field.r#type));
        columns.chain(fields).find_map(|(name, text)| {
            Some(format!(
                "'{name}' of table '{}': {}",
                table.name,
                error(text)?
            ))
        })
    })
}

fn check(report: &mut Report, rule: Rule, wrong: Option<String>) {
    match wrong {
        Some(seen) => breach(report, rule, seen),
        None => report.kept(rule),
    }
}

fn breach(report: &mut Report, rule: Rule, seen: String) {
    report.breach(Breach { rule, seen });
}
