//! The worker of the crate's documentation.

use std::process::ExitCode;

use rustpipe::{Context, ErrorCode, Failure, Record, Worker};

/// What comes in: the columns that the worker reads.
#[derive(Record)]
struct Text {
    text: String,
}

/// What goes out: the columns of a row, with their comments.
#[derive(Record)]
struct Count {
    /// Words, which are what is between blanks
    words: i64,
    /// The longest of them; null if there is none
    longest: Option<String>,
}

async fn count(input: Text, _: Context) -> Result<Count, Failure> {
    if input.text.contains('\0') {
        return Err(Failure::new(ErrorCode::BadInput, "a text has no NUL"));
    }
    let words: Vec<_> = input.text.split_whitespace().collect();
    Ok(Count {
        words: words.len().try_into()?,
        longest: words
            .into_iter()
            .max_by_key(|it| it.len())
            .map(str::to_owned),
    })
}

fn main() -> ExitCode {
    Worker::new("count", env!("CARGO_PKG_VERSION"))
        .one("counts", "The words of a text", count)
        .run()
}
