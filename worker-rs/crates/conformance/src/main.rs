//! `rustpipe-conformance`: arguments in, a report out.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use rustpipe_conformance::{Request, Rule, end_workers_on_signals, ending, run};
use serde_json::{Map, Value};

/// Drives a worker through the rustpipe line protocol, faults included, and says which rule it breaks.
///
/// Exits with 0 if all rules are kept, with 1 if some are broken, and with 2 if it can't test.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// An input as a JSON object; may be given several times [default: made up from the types that the worker describes]
    #[arg(long = "input", value_name = "JSON", value_parser = object)]
    inputs: Vec<Map<String, Value>>,
    /// The table [default: the only one]
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// An option for the worker, passed in `open`; may be given several times
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = option)]
    options: Vec<(String, String)>,
    /// How long a greeting, an input and an end may take, as in 10s or 500ms
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    timeout: Duration,
    /// Prints the rules and exits
    #[arg(long)]
    list: bool,
    /// The worker and the arguments that come before `describe` and `run`
    #[arg(last = true, required_unless_present = "list", value_name = "WORKER")]
    words: Vec<OsString>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        for rule in Rule::ALL {
            println!("{}: {} ({})", rule.name(), rule.sentence(), rule.section());
        }
        return ExitCode::SUCCESS;
    }
    let request = Request {
        words: arguments.words,
        table: arguments.table,
        inputs: arguments.inputs,
        options: arguments.options.into_iter().collect(),
        timeout: arguments.timeout,
    };
    end_workers_on_signals();
    let result = run(&request);
    let _ending = ending();
    match result {
        Ok(report) => {
            print!("{report}");
            ExitCode::from(u8::from(report.broken().next().is_some()))
        }
        Err(error) => {
            eprintln!("rustpipe-conformance: {error}");
            ExitCode::from(2)
        }
    }
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("not a JSON object: {error}"))
}

fn option(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("no '=' between name and value")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn time(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let count: u32 = number.parse().map_err(|_| "write it as in 10s or 500ms")?;
    match (&text[number.len()..], count) {
        (_, 0) => Err("more than nothing is needed".to_owned()),
        ("ms", _) => Ok(Duration::from_millis(count.into())),
        ("s", _) => Ok(Duration::from_secs(count.into())),
        ("m", _) => Ok(Duration::from_secs(count.into()) * 60),
        _ => Err("write it as in 10s or 500ms".to_owned()),
    }
}
