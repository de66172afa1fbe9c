//! `rustpipe-echo`: a worker that gives each input back as one row. Tests send values of every type through it and
//! compare them with what comes back, so it has to change none.

mod conversation;
mod value;

use std::io;
use std::process::ExitCode;

use crate::conversation::Columns;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match talk(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn talk(words: &[&str]) -> io::Result<()> {
    let &[columns, word] = words else {
        return Err(usage());
    };
    let columns: Columns = serde_json::from_str(columns)?;
    match word {
        "describe" => conversation::describe(columns),
        "run" => conversation::run(&columns, io::stdin().lock(), io::stdout().lock()),
        _ => Err(usage()),
    }
}

fn usage() -> io::Error {
    io::Error::other(
        "usage: rustpipe-echo COLUMNS describe|run, where COLUMNS is JSON such as [[\"id\",\"bigint\"]]",
    )
}
