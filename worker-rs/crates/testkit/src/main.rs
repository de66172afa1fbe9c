//! `rustpipe-testkit`: the load server of the benchmarks.

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use rustpipe_testkit::server::folder::Folder;
use tokio::net::TcpListener;

/// Servers for tests and benchmarks of rustpipe
#[derive(Parser)]
#[command(name = "rustpipe-testkit", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the files of a folder on 127.0.0.1 until standard input ends
    Serve {
        /// The folder, read into memory once
        #[arg(long)]
        dir: PathBuf,
        /// The wait before each answer, such as 50ms or 1s
        #[arg(long, default_value = "0ms", value_parser = parse_duration)]
        latency: Duration,
        /// The port; 0 for a free one
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
}

fn main() -> ExitCode {
    let Command::Serve { dir, latency, port } = Arguments::parse().command;
    match serve(&dir, latency, port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot serve {} on port {port}: {error}", dir.display());
            ExitCode::FAILURE
        }
    }
}

fn serve(dir: &Path, latency: Duration, port: u16) -> io::Result<()> {
    let folder = Folder::load(dir)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        println!("listening on http://{}", listener.local_addr()?);
        let (ended, at_end) = tokio::sync::oneshot::channel::<()>();
        std::thread::spawn(move || {
            // A standard input that can't be read is as good as one at its end.
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            drop(ended);
        });
        tokio::select! {
            result = folder.serve(listener, latency) => result,
            _ = at_end => Ok(()),
        }
    })
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong =
        || format!("'{text}' is not a duration: write a whole number with ms or s, such as 50ms");
    if let Some(millis) = text.strip_suffix("ms") {
        return millis
            .parse()
            .map(Duration::from_millis)
            .map_err(|_| wrong());
    }
    text.strip_suffix('s')
        .and_then(|seconds| seconds.parse().ok())
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}
