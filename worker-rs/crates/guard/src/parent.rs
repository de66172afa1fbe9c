//! The process that the guard works for.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags};
use rustix::process::{Pid, PidfdFlags};

use crate::ready::ready;

/// How to learn that the parent is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// At once from the kernel; by [`Polling`](Self::Polling) where the kernel refuses, as some sandboxes make it do.
    Pidfd,
    /// By asking who the parent is, ten times a second.
    Polling,
}

/// The parent, dead or alive.
pub(crate) struct Parent {
    pid: Option<Pid>,
    pidfd: Option<OwnedFd>,
}

impl Parent {
    pub(crate) fn new(pid: i32, watch: Watch) -> Self {
        let pid = Pid::from_raw(pid);
        let pidfd = match watch {
            Watch::Pidfd => {
                pid.and_then(|pid| rustix::process::pidfd_open(pid, PidfdFlags::empty()).ok())
            }
            Watch::Polling => None,
        };
        Self { pid, pidfd }
    }

    /// Readable once the parent is gone; `None` where one has to ask.
    pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.pidfd.as_ref().map(AsFd::as_fd)
    }

    /// Orphans get another parent. Asked in any case, because the number may have been someone else's by the time that
    /// the pidfd was opened.
    pub(crate) fn is_gone(&self) -> bool {
        self.pid.is_none() || rustix::process::getppid() != self.pid || self.has_ended()
    }

    /// A process whose threads have all ended has an end to be seen before it has no more children.
    fn has_ended(&self) -> bool {
        self.fd().is_some_and(|fd| {
            let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN)];
            ready(&mut fds, Some(Duration::ZERO))
        })
    }
}
