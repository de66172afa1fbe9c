//! What the guard says, all of it on standard error.
//!
//! The report is the last line, for example
//! `rustpipe-guard {"exit":0,"signal":null,"unread_bytes":0,"peak_memory_bytes":1234944,"killed":2}`:
//!
//! | field | meaning |
//! |---|---|
//! | `exit` | the program's exit code; null if a signal ended it or if it was not started |
//! | `signal` | the number of that signal |
//! | `unread_bytes` | bytes of its standard input that nobody has read; null if that can't be told |
//! | `peak_memory_bytes` | resident memory of the largest process at its peak |
//! | `killed` | processes that had to be killed, the program among them |
//!
//! The program may have left a line unfinished: a line feed goes before it.

use std::fs::File;
use std::io::{self, Write};

use nix::sys::resource::{UsageWho, getrusage};
use rustix::event::{PollFd, PollFlags};
use rustix::process::{Signal, WaitStatus};

use crate::limits::DEFAULT_REPORT;
use crate::ready::ready;
use crate::signals::status_of;

/// How the program ended.
pub(crate) struct Report {
    exit: Option<i32>,
    signal: Option<i32>,
    unread: Option<u64>,
    killed: u32,
    /// What the guard's own status is.
    pub(crate) status: u8,
}

impl Report {
    pub(crate) fn new(program: Option<WaitStatus>, unread: Option<u64>, killed: u32) -> Self {
        let exit = program.and_then(WaitStatus::exit_status);
        let signal = program.and_then(WaitStatus::terminating_signal);
        let status = match exit {
            Some(exit) => u8::try_from(exit).unwrap_or(u8::MAX),
            None => status_of(signal.unwrap_or(Signal::KILL.as_raw())),
        };
        Self {
            exit,
            signal,
            unread,
            killed,
            status,
        }
    }

    /// Nothing was started.
    pub(crate) fn not_started(status: u8) -> Self {
        Self {
            exit: None,
            signal: None,
            unread: None,
            killed: 0,
            status,
        }
    }

    pub(crate) fn print(&self) {
        let line = format!(
            "\nrustpipe-guard {{\"exit\":{},\"signal\":{},\"unread_bytes\":{},\"peak_memory_bytes\":{},\"killed\":{}}}\n",
            or_null(self.exit),
            or_null(self.signal),
            or_null(self.unread),
            or_null(peak_memory()),
            self.killed
        );
        write(&line);
    }
}

fn or_null<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

/// The largest of all processes below the guard that have ended.
fn peak_memory() -> Option<i64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    (usage.max_rss() > 0).then(|| usage.max_rss() * 1024)
}

/// Tells people why.
pub(crate) fn tell(message: &str) {
    write(&format!("rustpipe-worker: {message}\n"));
}

/// In one write, which a pipe takes as a whole, and only where it finds room: a guard that waits for a reader would be
/// one more process that nobody ends.
fn write(text: &str) {
    let stderr = io::stderr();
    let mut fds = [PollFd::new(&stderr, PollFlags::OUT)];
    if ready(&mut fds, Some(DEFAULT_REPORT)) {
        let _ = stderr.lock().write_all(text.as_bytes());
    }
}

/// Points standard error to nowhere, so that its reader sees the end.
pub(crate) fn close_stderr() {
    if let Ok(null) = File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stderr(null);
    }
}
