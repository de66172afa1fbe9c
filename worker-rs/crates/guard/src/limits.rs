//! How long the guard waits, with the reason beside each number. The connector's own waits are longer than
//! the sum of those that are left once it asks the guard to end.

use std::time::Duration;

/// Between TERM and KILL: a program that listens to TERM leaves in less.
pub(crate) const DEFAULT_TERM: Duration = Duration::from_millis(300);
/// Looks in a row, 5 ms apart, in which no more processes are found and none of the killed ends. Only one that hangs in the
/// kernel takes longer, and then waiting is no use.
pub(crate) const DEFAULT_KILL_LOOKS: u32 = 70;
/// For all of the killing, should processes appear as fast as they are killed.
pub(crate) const DEFAULT_KILL_LONGEST: Duration = Duration::from_secs(10);
/// Between two looks at what is left to kill, should no signal tell of an end: orphans come without one.
pub(crate) const DEFAULT_LOOK: Duration = Duration::from_millis(5);
/// Between two looks whether the parent lives, where the kernel can't tell.
pub(crate) const DEFAULT_POLL: Duration = Duration::from_millis(100);
/// For a copy of standard input's read end to be closed. A process that the connector starts at the same time may hold
/// one, for a moment, or for longer where all cores are taken. Without the number lost input could pass for read.
pub(crate) const DEFAULT_READERS: Duration = Duration::from_secs(1);
/// The same once the guard is asked to end: nobody wants the number then.
pub(crate) const DEFAULT_READERS_AT_STOP: Duration = Duration::from_millis(100);
/// For room in a full standard error: the connector reads it always, and a connector that is gone has closed it.
pub(crate) const DEFAULT_REPORT: Duration = Duration::from_millis(100);
