//! `rustpipe-rows`: a worker that invents rows, and the same rows as JSON objects for `RDD.pipe`. The benchmarks
//! compare the ways of rows into Spark with it, so it has to cost little itself.

mod conversation;
mod instant;
mod nested;
mod nulls;
mod pipe;
mod plain;
mod span;
mod table;
mod text;
mod values;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::table::Table;

/// Invents rows: each input is rows:COUNT or rows:COUNT@FIRST, and a row depends on nothing but its number
#[derive(Parser)]
#[command(name = "rustpipe-rows", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the description of this worker as one line of JSON
    Describe,
    /// Read frames from standard input and write frames to standard output
    Run,
    /// Read inputs from standard input, one a line, and write each row as a JSON object on a line
    Pipe {
        /// The rows' table
        table: Table,
    },
}

/// A pipe that holds a whole frame lets both sides work on instead of taking turns. Not more than that: what all pipes
/// of a user hold is bounded by the kernel.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 256 << 10;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    // Standard output need not be a pipe, nor the kernel willing: then it stays as it is.
    let _ = rustix::pipe::fcntl_setpipe_size(std::io::stdout(), PIPE_BYTES);
    let result = match Arguments::parse().command {
        Command::Describe => conversation::describe(),
        Command::Run => conversation::run(),
        Command::Pipe { table } => pipe::run(table),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
