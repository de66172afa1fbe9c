//! A worker for this crate's tests, which does with an input what the input says.

use std::process::ExitCode;
use std::time::Duration;

use rustpipe::{Context, ErrorCode, Failure, Level, Record, Rows, Worker};

#[derive(Record)]
struct Wish {
    /// What to do
    what: String,
    /// How many rows, how many bytes or how many milliseconds
    number: Option<i64>,
}

#[derive(Record)]
struct Granted {
    /// The wish
    what: String,
    /// The number of the row
    number: i64,
}

async fn one(wish: Wish, context: Context) -> Result<Granted, Failure> {
    let kept = context.clone();
    let number = wish.number.unwrap_or_default();
    match wish.what.as_str() {
        "number?" if context.wants("number") => return Err(Failure::new(ErrorCode::Limit, "yes")),
        "fail" => return Err(Failure::new(ErrorCode::Timeout, "as wished")),
        "stumble" => number.to_string().repeat(3).parse::<i8>().map(drop)?,
        "panic" => panic!("as wished"),
        "explode" => std::panic::panic_any(Bomb),
        "print" => println!("as wished"),
        "shout" => {
            return Err(Failure::new(
                ErrorCode::Limit,
                "\0".repeat(usize::try_from(number)?),
            ));
        }
        "block" => std::thread::sleep(Duration::from_millis(number.unsigned_abs())),
        "sleep" => tokio::time::sleep(Duration::from_millis(number.unsigned_abs())).await,
        "leave" => drop(tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(number.unsigned_abs()));
            drop(kept);
        })),
        "log" => context.log(Level::Warn, "as wished".repeat(usize::try_from(number)?)),
        "grow" => {
            let what = "x".repeat(usize::try_from(number)?);
            return Ok(Granted { what, number });
        }
        _ => context.count("granted", 1),
    }
    let what = format!("{}{}", context.option::<String>("greeting"), wish.what);
    Ok(Granted { what, number })
}

/// A panic that brings the next one along.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("as wished");
    }
}

async fn many(wish: Wish, rows: Rows<Granted>, _: Context) -> Result<(), Failure> {
    let first = rows.resume().map_or(Ok(0), str::parse)?;
    let end = wish.number.unwrap_or_default();
    if wish.what == "mark first" {
        rows.mark("0").await?;
    }
    for number in first..end {
        let what = match wish.what.as_str() {
            "mark first" if number == end - 1 => "x".repeat(15 << 20),
            "mark first" => "x".repeat(3 << 20),
            "give up" => "x".repeat(8 << 10),
            _ => wish.what.clone(),
        };
        let sent = rows.send(Granted { what, number });
        if wish.what == "give up" {
            drop(tokio::time::timeout(Duration::ZERO, sent).await);
            continue;
        }
        sent.await?;
        match wish.what.as_str() {
            "mark" => rows.mark(&(number + 1).to_string()).await?,
            "fail at 3" if number == 3 => return Err(Failure::new(ErrorCode::Limit, "as wished")),
            "panic at 3" if number == 3 => panic!("as wished"),
            _ => {}
        }
    }
    eprintln!("all sent");
    Ok(())
}

fn main() -> ExitCode {
    Worker::new("moody", env!("CARGO_PKG_VERSION"))
        .option::<String>("greeting", "", "What comes before a wish")
        .option::<u32>("depth", "3", "A number")
        .one("one", "One row per wish", one)
        .many("many", "As many rows as wished", many)
        .run()
}
