//! What a worker has started ends with it. Not taken from the guard, whose role wants a process of its own: here it is
//! enough to leave nothing behind.

use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Between two looks at a process that is to end.
const LOOK: Duration = Duration::from_millis(5);
/// Time for what has been killed to be gone; only the kernel can make it longer.
const GONE: Duration = Duration::from_secs(2);

/// Gives the worker a process group of its own.
pub(crate) fn separate(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Waits for a process; `None` if it goes on.
pub(crate) fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::sleep(LOOK);
    }
}

/// Kills a worker and all that came of it.
pub(crate) fn kill(child: &mut Child) {
    #[cfg(target_os = "linux")]
    linux::kill_group(child);
    let _ = child.kill();
    wait(child, Instant::now() + GONE);
    #[cfg(target_os = "linux")]
    linux::kill_orphans(Instant::now() + GONE);
}

/// Makes this process the one that everything which workers leave behind comes to, so that it is found.
pub(crate) fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    linux::adopt_orphans();
}

/// Kills the worker and all that came of it, and removes its folder, when this process is told to end. To be called before
/// there are threads, which would take the signals. Elsewhere than on Linux an interrupted worker is left to see the end of
/// its input.
pub fn end_workers_on_signals() {
    #[cfg(target_os = "linux")]
    linux::end_on_signals();
}

/// Held by who ends the process: the first of them says with which status.
static ENDING: Mutex<()> = Mutex::new(());

/// The right to end the process, for one who has a report. Waits for ever where a signal is ending it already: the worker
/// that was killed for that says nothing of the rules.
pub fn ending() -> MutexGuard<'static, ()> {
    ENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::process::{self, Child};
    use std::thread;
    use std::time::Instant;

    use nix::sys::signal::{self as signals, SigSet};
    use rustix::process::{Pid, Signal, WaitOptions};

    use super::{GONE, LOOK};

    /// A shell's way to put a signal into a status.
    const SIGNAL_BASE: i32 = 128;

    pub(super) fn end_on_signals() {
        let set: SigSet = [
            signals::Signal::SIGTERM,
            signals::Signal::SIGINT,
            signals::Signal::SIGHUP,
        ]
        .into_iter()
        .collect();
        if set.thread_block().is_err() {
            return;
        }
        thread::spawn(move || {
            if let Ok(signal) = set.wait() {
                let _ending = super::ending();
                kill_orphans(Instant::now() + GONE);
                crate::folder::remove();
                process::exit(SIGNAL_BASE + signal as i32);
            }
        });
    }

    pub(super) fn adopt_orphans() {
        // Where the kernel refuses, what left its group stays: there is nothing better.
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    }

    pub(super) fn kill_group(child: &Child) {
        if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
            let _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
    }

    /// Kills children until there are none: whoever is killed leaves its own to this process.
    pub(super) fn kill_orphans(deadline: Instant) {
        loop {
            let children = children();
            for &child in &children {
                let _ = rustix::process::kill_process(child, Signal::KILL);
            }
            while matches!(rustix::process::wait(WaitOptions::NOHANG), Ok(Some(_))) {}
            if children.is_empty() || Instant::now() >= deadline {
                return;
            }
            thread::sleep(LOOK);
        }
    }

    /// Every thread has its own children.
    fn children() -> Vec<Pid> {
        let Ok(threads) = fs::read_dir("/proc/self/task") else {
            return Vec::new();
        };
        threads
            .flatten()
            .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
            .flat_map(|pids| {
                let pids = pids.split_whitespace();
                pids.filter_map(|pid| Pid::from_raw(pid.parse().ok()?))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}
