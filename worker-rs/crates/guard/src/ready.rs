//! The one way in which the guard waits.

use std::time::Duration;

use rustix::event::{PollFd, Timespec};

/// Waits until one of these is ready, at most so long; whether one is. What interrupts a wait, or makes it fail, is for
/// the caller a wait that was too short.
pub(crate) fn ready(fds: &mut [PollFd<'_>], longest: Option<Duration>) -> bool {
    let timeout = longest.and_then(|longest| Timespec::try_from(longest).ok());
    matches!(rustix::event::poll(fds, timeout.as_ref()), Ok(1..))
}
