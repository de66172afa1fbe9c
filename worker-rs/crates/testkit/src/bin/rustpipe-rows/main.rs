//! `rustpipe-rows`: a worker that invents rows, and the same rows as JSON objects for `RDD.pipe`. The benchmarks
//! compare the ways of rows into Spark with it, so it has to cost little itself.

mod instant;
mod nested;
mod nulls;
mod pipe;
mod plain;
mod service;
mod span;
mod table;
mod text;
mod values;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rustpipe::engine;

use crate::service::Rows;
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

/// As wide as that of a worker, so that both have the same pipe.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 256 << 10;

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Describe => engine::describe(&Rows),
        Command::Run => engine::run(&Rows),
        Command::Pipe { table } => {
            #[cfg(target_os = "linux")]
            // Standard output need not be a pipe, nor the kernel willing: then it stays as it is.
            let _ = rustix::pipe::fcntl_setpipe_size(std::io::stdout(), PIPE_BYTES);
            pipe::run(table).map_or_else(
                |error| {
                    eprintln!("{error}");
                    ExitCode::FAILURE
                },
                |()| ExitCode::SUCCESS,
            )
        }
    }
}
