//! The yardstick: what a competent user would write without Spark to learn what is in many tarballs. 64 downloads at once,
//! each body in memory, then `flate2`, `tar` and `sha2` on a blocking thread.
//!
//! It is frozen. See `benchmarks/README.md`.

mod archive;
mod download;
mod list;
mod pipe;
mod total;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Describes the entries of many tarballs, without Spark.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the totals over the entries of all tarballs as one JSON object.
    Total {
        /// A file with one URL a line.
        url_file: PathBuf,
        /// Downloads at once.
        #[arg(long, default_value_t = 64)]
        at_once: usize,
    },
    /// Read URLs from standard input and print one JSON object per entry.
    Pipe {
        /// Downloads at once.
        #[arg(long, default_value_t = 64)]
        at_once: usize,
    },
    /// Print type, size, digest and path of each entry of tarballs on disk.
    List {
        /// gzip-compressed tar archives.
        tarballs: Vec<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Total { url_file, at_once } => total::run(&url_file, at_once).await,
        Command::Pipe { at_once } => pipe::run(at_once).await,
        Command::List { tarballs } => list::run(&tarballs),
    }
}
