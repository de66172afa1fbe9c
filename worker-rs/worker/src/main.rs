//! The worker: reads inputs from standard input, writes frames to standard output, logs to standard error.
//!
//! Wiring only: what an input means is the business of `rustpipe-analyze`.

mod conversation;
mod describe;
mod failure;
mod options;
mod stdin;
mod stdout;
mod totals;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use tracing::level_filters::LevelFilter;

/// Turns URLs into rows; speaks the rustpipe line protocol.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Prints the description of this worker as one line of JSON.
    Describe,
    /// Reads frames from standard input and writes frames to standard output.
    Run {
        /// The least severe messages that go to standard error.
        #[arg(long, value_enum, default_value_t = LogLevel::Warn)]
        log_level: LogLevel,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum LogLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Describe => describe::print(),
        Command::Run { log_level } => {
            let level = LevelFilter::from(log_level);
            tracing_subscriber::fmt()
                .compact()
                .with_ansi(false)
                .with_writer(std::io::stderr)
                .with_max_level(level)
                .init();
            conversation::run()
        }
    }
    .map_or_else(failure::Failure::exit, |()| ExitCode::SUCCESS)
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Off => Self::OFF,
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}
