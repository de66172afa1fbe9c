//! `rustpipe-testkit`: the load server of the benchmarks, and the API that the example worker asks.

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use rustpipe_testkit::server::folder::Folder;
use rustpipe_testkit::server::quotes::Quotes;
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
    /// Serve quotes of shares at /quote?ticker=ABC on 127.0.0.1 until standard input ends
    Quotes {
        /// The port; 0 for a free one
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Requests a second; more are answered with 429
        #[arg(long, default_value_t = 100)]
        rate: u32,
        /// The wait before each answer, such as 50ms or 1s
        #[arg(long, default_value = "0ms", value_parser = parse_duration)]
        latency: Duration,
    },
}

fn main() -> ExitCode {
    let (what, result) = match Arguments::parse().command {
        Command::Serve { dir, latency, port } => {
            let folder = Folder::load(&dir);
            let served = folder.and_then(|it| serve(port, |listener| it.serve(listener, latency)));
            (format!("{} on port {port}", dir.display()), served)
        }
        Command::Quotes {
            port,
            rate,
            latency,
        } => {
            let quotes = Quotes::new(rate, latency);
            let served = serve(port, |listener| quotes.serve(listener));
            (format!("quotes on port {port}"), served)
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot serve {what}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve<T: Future<Output = io::Result<()>>>(
    port: u16,
    answer: impl FnOnce(TcpListener) -> T,
) -> io::Result<()> {
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
            result = answer(listener) => result,
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
