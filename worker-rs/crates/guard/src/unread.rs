//! What the program left unread in its standard input.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags};

use crate::limits::{DEFAULT_LOOK, DEFAULT_READERS, DEFAULT_READERS_AT_STOP};
use crate::ready::ready;
use crate::signals::Signals;

const STDIN: &str = "/proc/self/fd/0";

/// Bytes that were written to standard input and that nobody has read, exactly: each byte that was taken from the
/// connector was either read or is counted. `None` if standard input is no pipe, or if it can't be told.
///
/// Nobody but the guard may hold the pipe's read end. The guard takes a write end, through which a pipe can be measured
/// too, and then lets go of the read end: from then on no write of the connector's succeeds, and the number stands.
pub(crate) fn bytes(signals: &mut Signals) -> Option<u64> {
    if !fs::metadata(STDIN).ok()?.file_type().is_fifo() {
        return None;
    }
    count(signals).ok().flatten()
}

fn count(signals: &mut Signals) -> io::Result<Option<u64>> {
    let writer = File::options()
        .write(true)
        .custom_flags(nix::libc::O_NONBLOCK)
        .open(STDIN)?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(if nobody_reads(&writer, signals) {
        Some(rustix::io::ioctl_fionread(&writer)?)
    } else {
        None
    })
}

fn nobody_reads(writer: &File, signals: &mut Signals) -> bool {
    // A pipe without readers shows as an error, unasked.
    let mut fds = [PollFd::new(writer, PollFlags::empty())];
    let start = Instant::now();
    loop {
        let longest = if signals.stop_wanted() {
            DEFAULT_READERS_AT_STOP
        } else {
            DEFAULT_READERS
        };
        let left = longest.saturating_sub(start.elapsed());
        if ready(&mut fds, Some(left.min(DEFAULT_LOOK))) {
            return true;
        }
        if left.is_zero() {
            return false;
        }
    }
}
