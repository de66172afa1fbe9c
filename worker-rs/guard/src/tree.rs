//! The processes below the guard.

use std::fs;
use std::time::Instant;

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, WaitOptions, WaitStatus};

use crate::limits::DEFAULT_LOOK;
use crate::signals::Signals;

/// The program and all that it has started.
pub(crate) struct Tree {
    program: Pid,
    status: Option<WaitStatus>,
    killed: u32,
}

impl Tree {
    pub(crate) fn new(program: Pid) -> Self {
        Self {
            program,
            status: None,
            killed: 0,
        }
    }

    /// How the program ended; `None` if it has not.
    pub(crate) fn status(&self) -> Option<WaitStatus> {
        self.status
    }

    /// How many processes had to be killed at the end.
    pub(crate) fn killed(&self) -> u32 {
        self.killed
    }

    /// Buries the dead, and says whether the program is among them.
    pub(crate) fn program_ended(&mut self) -> bool {
        while let Children::Ended(pid, status) = children_now() {
            self.note(pid, status);
        }
        self.status.is_some()
    }

    fn note(&mut self, pid: Pid, status: WaitStatus) {
        if pid == self.program {
            self.status = Some(status);
        }
    }

    /// Asks the program, which has not ended, and what it keeps with itself to end.
    pub(crate) fn terminate(&self) {
        let _ = rustix::process::kill_process_group(self.program, Signal::TERM);
    }

    /// Kills whatever is there, until nothing is; false if something withstood beyond the deadline.
    pub(crate) fn kill(&mut self, signals: &mut Signals, deadline: Instant) -> bool {
        // The group in one step, whose members can't fork their way out of it. If the program has just been buried, its
        // number has not come round again yet; later it might have.
        let _ = rustix::process::kill_process_group(self.program, Signal::KILL);
        while Instant::now() < deadline {
            match children_now() {
                Children::Ended(pid, status) => {
                    let killed = status.terminating_signal() == Some(Signal::KILL.as_raw());
                    self.killed += u32::from(killed);
                    self.note(pid, status);
                }
                Children::AllLive => {
                    kill_descendants();
                    signals.stop_wanted();
                    signals.wait(None, Some(Instant::now() + DEFAULT_LOOK));
                }
                Children::None => return true,
            }
        }
        false
    }
}

/// What there is among the guard's children.
enum Children {
    Ended(Pid, WaitStatus),
    AllLive,
    None,
}

fn children_now() -> Children {
    loop {
        match rustix::process::wait(WaitOptions::NOHANG) {
            Ok(Some((pid, status))) => return Children::Ended(pid, status),
            Ok(None) => return Children::AllLive,
            Err(Errno::INTR) => {}
            Err(_) => return Children::None,
        }
    }
}

/// One pass over the tree, from the top: a killed parent starts no more children, and those that it leaves come to the
/// guard, where the next pass finds them.
fn kill_descendants() {
    let mut parents = vec![rustix::process::getpid()];
    while let Some(parent) = parents.pop() {
        for child in children(parent) {
            if kill_child(child, parent) {
                parents.push(child);
            }
        }
    }
}

/// Kills a process if it is its parent's child; its number may be another's by now.
fn kill_child(child: Pid, parent: Pid) -> bool {
    let handle = rustix::process::pidfd_open(child, PidfdFlags::empty());
    if parent_of(child) != Some(parent) {
        return false;
    }
    let _ = match handle {
        Ok(pidfd) => rustix::process::pidfd_send_signal(pidfd, Signal::KILL),
        // Refused, as some sandboxes do.
        Err(_) => rustix::process::kill_process(child, Signal::KILL),
    };
    true
}

/// Every thread has its own children.
fn children(parent: Pid) -> Vec<Pid> {
    let Ok(threads) = fs::read_dir(format!("/proc/{parent}/task")) else {
        return Vec::new();
    };
    threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|pids| pids.split_whitespace().filter_map(pid).collect::<Vec<_>>())
        .collect()
}

fn parent_of(child: Pid) -> Option<Pid> {
    let stat = fs::read_to_string(format!("/proc/{child}/stat")).ok()?;
    // The name before it may hold blanks and parentheses.
    let (_, behind_name) = stat.rsplit_once(')')?;
    behind_name.split_whitespace().nth(1).and_then(pid)
}

fn pid(number: &str) -> Option<Pid> {
    Pid::from_raw(number.parse().ok()?)
}
