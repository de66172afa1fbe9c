//! The way from the guard's process to the program's: the guard's own binary once more, which becomes the program.
//!
//! The step between is where the kernel is asked to kill the program should the guard die. The request belongs to the
//! process that makes it and to the thread that started that process, so that it has to be made there, and by a guard of
//! one thread.

use std::convert::Infallible;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use rustix::process::{Pid, Signal};

use crate::report::tell;
use crate::{GuardError, Request, signals};

/// The word before the guard's process id, `--` and the program's words in the arguments of the second start.
pub const STAGE: &str = "guarded-program";

/// Starts the program in a process group of its own.
pub(crate) fn spawn(request: &Request) -> Result<Pid, GuardError> {
    let mut command = Command::new("/proc/self/exe");
    command
        .arg0("rustpipe-worker")
        .arg(STAGE)
        .arg(rustix::process::getpid().to_string())
        .arg("--")
        .args(&request.words)
        .process_group(0);
    if let Some(folder) = &request.folder {
        command.current_dir(folder);
    }
    let folder = request.folder.as_deref().unwrap_or(Path::new("."));
    let child = command.spawn().map_err(|cause| GuardError::Spawn {
        folder: folder.display().to_string(),
        cause,
    })?;
    Ok(Pid::from_child(&child))
}

/// Points standard output to nowhere, which is open already: behind the spawn nothing may go wrong any more.
pub(crate) fn give_up_stdout(nowhere: &File) -> io::Result<()> {
    Ok(rustix::stdio::dup2_stdout(nowhere)?)
}

/// What takes everything and keeps nothing.
pub(crate) fn nowhere() -> io::Result<File> {
    File::options().write(true).open("/dev/null")
}

/// Becomes the program, in a process that a guard has started. Returns only if that fails.
#[must_use]
pub fn become_program(guard: i32, words: &[OsString]) -> ExitCode {
    let Err(reason) = try_become(guard, words);
    tell(&reason);
    ExitCode::from(127)
}

fn try_become(guard: i32, words: &[OsString]) -> Result<Infallible, String> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| format!("can't be tied to the guard's life: {error}"))?;
    // It may have died before it was tied.
    if rustix::process::getppid() != Pid::from_raw(guard) {
        return Err("the guard is gone".to_owned());
    }
    signals::unblock().map_err(|error| format!("can't unblock signals: {error}"))?;
    let (program, arguments) = words.split_first().ok_or("there is no program to start")?;
    let error = Command::new(program).args(arguments).exec();
    Err(format!("can't execute '{}': {error}", program.display()))
}
