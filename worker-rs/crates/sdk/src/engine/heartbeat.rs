//! The sign of life. On a thread of its own, so that work which keeps the others busy does not look like death.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

use crate::engine::limits::DEFAULT_HEARTBEAT;
use crate::engine::output::Output;
use crate::engine::totals::Totals;

/// A heart that beats until it is stopped.
pub(crate) struct Heartbeat {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Heartbeat {
    pub(crate) fn start(totals: Arc<Totals>, output: Output) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let beat = move || {
            while stopped.recv_timeout(DEFAULT_HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                // A full output is itself a sign of life.
                output.try_send(totals.metrics().to_line());
            }
        };
        let thread = std::thread::Builder::new()
            .name("heartbeat".to_owned())
            .spawn(beat)?;
        Ok(Self { stop, thread })
    }

    /// Waits until it is over: nothing may follow `bye`.
    pub(crate) fn stop(self) {
        drop(self.stop);
        // It does nothing that could panic.
        drop(self.thread.join());
    }
}
