//! Sizes and times of a conversation, with the reason beside each number.

use std::time::Duration;

use rustpipe_protocol::LINE_OUT_BYTES;

/// How often the counters are sent, which is the sign of life: the protocol's "about once a second".
pub(crate) const DEFAULT_HEARTBEAT: Duration = Duration::from_secs(1);
/// Inputs in the window for each one that is worked on: the other waits here, so that the next one starts at once when
/// one ends, and not after the connector has heard of it.
pub(crate) const DEFAULT_INPUTS_PER_PLACE: u64 = 2;
/// Bytes of inputs in the window: this holds a full window of 8 KiB ones.
pub(crate) const DEFAULT_WINDOW_BYTES: u64 = 16 << 20;
/// Lines that wait for the output, in bytes: two of the longest ones.
pub(crate) const DEFAULT_WAITING_BYTES: usize = 2 * LINE_OUT_BYTES;
