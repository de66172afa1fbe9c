//! The worker: reads inputs from standard input, writes frames to standard output, logs to standard error.
//!
//! Wiring only: what an input means is the business of `rustpipe-analyze`.

mod options;
mod tables;

use std::process::ExitCode;
#[cfg(target_os = "linux")]
use std::{ffi::OsString, path::PathBuf};

use clap::{Parser, Subcommand, ValueEnum};
use rustpipe::engine;
#[cfg(target_os = "linux")]
use rustpipe_guard::{Request, Watch};
use tracing::level_filters::LevelFilter;

use tables::Tables;

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
    /// Runs a program and leaves nothing of it when it ends or when the parent is gone.
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    Guard {
        /// The process that wants the program: this one's parent.
        #[arg(long)]
        parent: i32,
        /// The program's working directory, which is removed at the end.
        #[arg(long)]
        folder: Option<PathBuf>,
        /// The program and its arguments.
        #[arg(last = true, required = true)]
        words: Vec<OsString>,
    },
    /// What a guard starts: becomes the program.
    #[cfg(target_os = "linux")]
    #[command(name = rustpipe_guard::STAGE, hide = true)]
    GuardedProgram {
        guard: i32,
        #[arg(last = true, required = true)]
        words: Vec<OsString>,
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
        Command::Describe => engine::describe(&Tables),
        Command::Run { log_level } => {
            let level = LevelFilter::from(log_level);
            tracing_subscriber::fmt()
                .compact()
                .with_ansi(false)
                .with_writer(std::io::stderr)
                .with_max_level(level)
                .init();
            engine::run(&Tables)
        }
        #[cfg(target_os = "linux")]
        Command::Guard {
            parent,
            folder,
            words,
        } => {
            let request = Request {
                parent,
                folder,
                words,
            };
            rustpipe_guard::run(&request, Watch::Pidfd)
        }
        #[cfg(target_os = "linux")]
        Command::GuardedProgram { guard, words } => rustpipe_guard::become_program(guard, &words),
    }
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
