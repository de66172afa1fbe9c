//! The signals that the guard waits for. They are blocked and read, so that none comes between a look and a wait.

use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags};

use crate::limits::DEFAULT_POLL;
use crate::parent::Parent;
use crate::ready::ready;

/// A shell's way to put a signal into a status.
const SIGNAL_BASE: u8 = 128;

/// CHLD, and the signals that ask the guard to end.
pub(crate) struct Signals {
    fd: SignalFd,
    stop_wanted: bool,
}

impl Signals {
    pub(crate) fn block() -> io::Result<Self> {
        let set: SigSet = [
            Signal::SIGCHLD,
            Signal::SIGTERM,
            Signal::SIGINT,
            Signal::SIGHUP,
        ]
        .into_iter()
        .collect();
        set.thread_block()?;
        let fd = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
        Ok(Self {
            fd,
            stop_wanted: false,
        })
    }

    /// Reads the signals that have come. CHLD is a mere reason to look.
    pub(crate) fn stop_wanted(&mut self) -> bool {
        while let Ok(Some(signal)) = self.fd.read_signal() {
            self.stop_wanted |= signal.ssi_signo != Signal::SIGCHLD as u32;
        }
        self.stop_wanted
    }

    /// Waits until a signal comes, the parent is gone or the deadline is reached; may return earlier. Signals that have
    /// come must have been read before.
    pub(crate) fn wait(&self, parent: Option<&Parent>, deadline: Option<Instant>) {
        let mut fds = vec![PollFd::from_borrowed_fd(self.fd.as_fd(), PollFlags::IN)];
        let mut longest = deadline.map(|end| end.saturating_duration_since(Instant::now()));
        match parent.map(Parent::fd) {
            Some(Some(pidfd)) => fds.push(PollFd::from_borrowed_fd(pidfd, PollFlags::IN)),
            Some(None) => longest = Some(longest.unwrap_or(Duration::MAX).min(DEFAULT_POLL)),
            None => {}
        }
        ready(&mut fds, longest);
    }
}

/// Lets signals through again: a program must not start with any blocked.
pub(crate) fn unblock() -> io::Result<()> {
    Ok(SigSet::empty().thread_set_mask()?)
}

/// The status that tells of an end by the signal of this number.
pub(crate) fn status_of(signal: i32) -> u8 {
    SIGNAL_BASE.saturating_add(u8::try_from(signal).unwrap_or(0))
}
