//! The processes below the guard.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, WaitOptions, WaitStatus};

use crate::limits::{DEFAULT_KILL_LONGEST, DEFAULT_KILL_LOOKS, DEFAULT_LOOK};
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

    /// Kills whatever is there, until nothing is; false if something withstands. Looks are counted that find nothing new
    /// and nothing that ends: to leave processes behind because they are many would be the wrong kind of haste, and so it
    /// would be because the guard had to wait for a processor.
    pub(crate) fn kill(&mut self, signals: &mut Signals) -> bool {
        // The group in one step, whose members can't fork their way out of it. If the program has just been buried, its
        // number has not come round again yet; later it might have.
        let _ = rustix::process::kill_process_group(self.program, Signal::KILL);
        let longest = Instant::now() + DEFAULT_KILL_LONGEST;
        let mut signalled = HashSet::new();
        let mut quiet_looks = 0;
        loop {
            let progress = match children_now() {
                Children::None => return true,
                Children::Ended(pid, status) => {
                    let killed = status.terminating_signal() == Some(Signal::KILL.as_raw());
                    self.killed += u32::from(killed);
                    self.note(pid, status);
                    signalled.remove(&pid);
                    true
                }
                // Again at once as long as new ones appear: processes that start the next and end are only caught by
                // looking more often than they do that.
                Children::AllLive => {
                    kill_children(&mut signalled)
                        || (quiet_looks > 0 && kill_grandchildren(&mut signalled))
                }
            };
            if progress {
                quiet_looks = 0;
            } else {
                quiet_looks += 1;
                signals.stop_wanted();
                signals.wait(None, Some(Instant::now() + DEFAULT_LOOK));
            }
            if quiet_looks >= DEFAULT_KILL_LOOKS || Instant::now() >= longest {
                return false;
            }
        }
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

/// Kills the guard's own children; what they leave comes to the guard, and is found by the next look. Says whether there
/// were any that had not been killed before.
fn kill_children(signalled: &mut HashSet<Pid>) -> bool {
    let mut any_new = false;
    for child in own_children() {
        // Nobody but the guard can bury it, so that the number is its own.
        let _ = rustix::process::kill_process(child, Signal::KILL);
        any_new |= signalled.insert(child);
    }
    any_new
}

/// Kills what is below the guard's children, which have been killed but take their time to die: they may have much
/// memory to give back, or hang in the kernel. Says as [`kill_children`] whether there was something new.
fn kill_grandchildren(signalled: &mut HashSet<Pid>) -> bool {
    let mut any_new = false;
    let mut parents = own_children();
    while let Some(parent) = parents.pop() {
        for child in children(parent) {
            if kill_child(child, parent) {
                any_new |= signalled.insert(child);
                parents.push(child);
            }
        }
    }
    any_new
}

/// The guard has one thread.
fn own_children() -> Vec<Pid> {
    let guard = rustix::process::getpid();
    pids(format!("/proc/{guard}/task/{guard}/children"))
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
        .flat_map(|thread| pids(thread.path().join("children")))
        .collect()
}

/// The process ids in a file; none if it can't be read.
fn pids(file: impl AsRef<Path>) -> Vec<Pid> {
    fs::read_to_string(file)
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(pid)
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
