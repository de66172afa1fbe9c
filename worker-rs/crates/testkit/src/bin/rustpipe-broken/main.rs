//! `rustpipe-broken FAULT`: a small worker that splits a text into words, and does one thing wrong.

mod describe;
mod fault;
mod work;

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitCode};
use std::thread;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::fault::Fault;

/// Splits texts into words, and does one thing wrong
#[derive(Parser)]
struct Arguments {
    #[arg(value_enum)]
    fault: Fault,
    #[command(subcommand)]
    word: Word,
}

#[derive(Subcommand)]
enum Word {
    Describe,
    Run,
}

fn main() -> ExitCode {
    let Arguments { fault, word } = Arguments::parse();
    let result = match (word, fault) {
        (Word::Describe, _) => describe::print(fault),
        (Word::Run, Fault::Sleeps) => sleep(),
        (Word::Run, Fault::Floods) => flood(),
        (Word::Run, Fault::LeavesAChild) => start_sleep("1000.1").and_then(|_| read_a_byte()),
        (Word::Run, Fault::WaitsInAnother) => {
            start_sleep("1000.2").and_then(|mut child| child.wait().map(drop))
        }
        (Word::Run, _) => work::run(fault),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rustpipe-broken: {error}");
            ExitCode::FAILURE
        }
    }
}

fn sleep() -> ! {
    loop {
        thread::sleep(Duration::from_secs(1));
    }
}

fn flood() -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    loop {
        stdout.write_all(&[b'x'; 1 << 12])?;
    }
}

/// Starts a program in a session of its own, which is found by its argument.
fn start_sleep(seconds: &str) -> io::Result<Child> {
    Command::new("setsid").args(["sleep", seconds]).spawn()
}

fn read_a_byte() -> io::Result<()> {
    io::stdin().read_exact(&mut [0])
}
