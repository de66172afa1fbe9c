//! The guard: a process of one thread between the connector and any program, which owns the program's process tree.
//!
//! The program gets the guard's standard input, output and error as they are; the guard copies nothing. When the
//! program ends, when the connector is gone (even by SIGKILL) or when TERM, INT or HUP comes, everything below the guard
//! is killed: children of any depth, whatever session or process group they moved to, for as a subreaper the guard
//! inherits every orphan. Its last line on standard error says how the program ended and how much of its input it left
//! unread; then the program's folder is removed.
//!
//! Should the guard itself be killed, the kernel kills the program, and what the program had started is on its own.
#![cfg(target_os = "linux")]

mod limits;
mod parent;
mod program;
mod ready;
mod report;
mod signals;
mod tree;
mod unread;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use rustix::process::Signal;

pub use parent::Watch;
pub use program::{STAGE, become_program};

use limits::DEFAULT_TERM;
use parent::Parent;
use report::Report;
use signals::Signals;
use tree::Tree;

/// What to guard, and for whom.
#[derive(Debug)]
pub struct Request {
    /// The process that wants the program and must be this one's parent.
    pub parent: i32,
    /// The program's working directory, which is removed with all in it at the end.
    pub folder: Option<PathBuf>,
    /// The program and its arguments.
    pub words: Vec<OsString>,
}

/// Why a program can't be guarded.
#[derive(Debug, thiserror::Error)]
enum GuardError {
    /// The guard's own preparations.
    #[error("the guard can't {0}: {1}")]
    Prepare(&'static str, io::Error),
    /// Who wants the program is gone, or never was the parent.
    #[error("process {0} is not the parent of its guard: it is gone, and needs no program")]
    NotTheParent(i32),
    /// The guard starts its own binary a second time, which becomes the program.
    #[error("the guard can't start a process for the program in '{folder}': {cause}")]
    Spawn {
        /// The program's working directory.
        folder: String,
        /// Why not.
        cause: io::Error,
    },
}

/// Runs a program to its end and leaves nothing of it. The status is the program's own; 128 and the signal's number if
/// one killed it; 127 if it could not be started.
#[must_use]
pub fn run(request: &Request, watch: Watch) -> ExitCode {
    let report = guard(request, watch).unwrap_or_else(|error| {
        report::tell(&error.to_string());
        Report::not_started(127)
    });
    report.print();
    // Nobody waits for this on a pipe any more; whether it worked, the connector sees by looking at the folder.
    report::close_stderr();
    if let Some(folder) = &request.folder {
        let _ = std::fs::remove_dir_all(folder);
    }
    ExitCode::from(report.status)
}

fn guard(request: &Request, watch: Watch) -> Result<Report, GuardError> {
    // Signals before all else: one that comes from here on is read, not obeyed.
    let mut signals = Signals::block().map_err(prepare("take its signals"))?;
    let parent = Parent::new(request.parent, watch);
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))
        .map_err(prepare("become a subreaper"))?;
    // A signal to the connector's group, such as Ctrl-C in a shell, is the connector's to interpret.
    rustix::process::setpgid(None, None).map_err(prepare("leave its process group"))?;
    if parent.is_gone() {
        return Err(GuardError::NotTheParent(request.parent));
    }
    if signals.stop_wanted() {
        return Ok(Report::not_started(signals::status_of(
            Signal::TERM.as_raw(),
        )));
    }
    let nowhere = program::nowhere().map_err(prepare("open /dev/null"))?;
    let mut tree = Tree::new(program::spawn(request)?);
    // From here on the program's end of its output is the end of its output.
    program::give_up_stdout(&nowhere).map_err(prepare("give up its standard output"))?;

    while !tree.program_ended() && !signals.stop_wanted() && !parent.is_gone() {
        signals.wait(Some(&parent), None);
    }
    if !tree.program_ended() {
        let deadline = Instant::now() + DEFAULT_TERM;
        tree.terminate();
        while !tree.program_ended() && Instant::now() < deadline {
            signals.wait(None, Some(deadline));
        }
    }
    let all_gone = tree.kill(&mut signals);
    // Somebody who still lives may still read.
    let unread = if all_gone {
        unread::bytes(&mut signals)
    } else {
        None
    };
    Ok(Report::new(tree.status(), unread, tree.killed()))
}

fn prepare<E: Into<io::Error>>(what: &'static str) -> impl FnOnce(E) -> GuardError {
    move |error| GuardError::Prepare(what, error.into())
}
