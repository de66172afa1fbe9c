//! What a worker has started ends with it. Not taken from the guard, whose role wants a process of its own: here it is
//! enough to leave nothing behind.

use std::process::{Child, Command, ExitStatus};
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

#[cfg(target_os = "linux")]
pub(crate) use linux::adopt_orphans;

/// Elsewhere nobody can.
#[cfg(not(target_os = "linux"))]
pub(crate) fn adopt_orphans() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::process::Child;
    use std::thread;
    use std::time::Instant;

    use rustix::process::{Pid, Signal, WaitOptions};

    use super::LOOK;

    /// Makes this process the parent of all that workers leave behind, so that it is found.
    pub(crate) fn adopt_orphans() {
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
