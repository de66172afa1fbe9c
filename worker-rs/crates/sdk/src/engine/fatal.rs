//! What ends the worker early, and with which status.

use std::io::{self, Write};
use std::process::ExitCode;

use rustpipe_protocol::{FrameError, LINE_IN_BYTES, VERSION};

use crate::engine::service::Refusal;

/// Why the worker ends before its work is done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fatal {
    /// Standard input has ended without `end`: the connector is gone.
    #[error(
        "standard input ended without an `end` frame: the connector is gone, and with it all unfinished inputs"
    )]
    Orphaned,
    /// Nobody reads standard output any more. Not an error: a reader may stop when it has enough.
    #[error("standard output is closed")]
    NobodyListens,
    /// Standard input can't be read.
    #[error("standard input could not be read: {0}")]
    Read(io::Error),
    /// Standard output can't be written.
    #[error("standard output could not be written: {0}")]
    Write(io::Error),
    /// A line beyond the limit.
    #[error(
        "a line on standard input is longer than the limit of {LINE_IN_BYTES} bytes; shorten the input's fields"
    )]
    LineTooLong,
    /// A line that isn't a frame.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// Something else than `open` at the beginning.
    #[error("the first frame must be `open`, not `{0}`")]
    NotOpen(&'static str),
    /// A second `open`.
    #[error("a second `open` frame; start another worker for another table")]
    SecondOpen,
    /// A version that this worker doesn't speak.
    #[error(
        "the connector speaks version {0} of the protocol, this worker version {VERSION}; use a connector and a worker of one release"
    )]
    Version(u32),
    /// An id that does not increase.
    #[error("input {id} follows input {last}; ids must increase")]
    Order {
        /// The input's id.
        id: u64,
        /// The id before it.
        last: u64,
    },
    /// More unfinished inputs, or more bytes of them, than the window.
    #[error(
        "input {id} makes {seen} unfinished {unit}, but the window is {allowed}; wait for inputs to end before sending more"
    )]
    Window {
        /// The input's id.
        id: u64,
        /// `inputs` or `bytes`.
        unit: &'static str,
        /// The number with this input.
        seen: u64,
        /// The window.
        allowed: u64,
    },
    /// The worker does not begin the conversation.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A defect that can't be contained to an input.
    #[error("a defect of the worker, please report it: the thread or task {0} panicked")]
    Panicked(&'static str),
    /// The asynchronous runtime or a thread can't be started.
    #[error("the worker could not start: {0}")]
    Start(io::Error),
}

impl Fatal {
    /// Tells why on standard error, under the worker's name, and gives the status to exit with: 0 where nobody listens, 3 where the connector
    /// is gone, 2 where it asks what can't be done, 1 for the rest.
    pub(crate) fn exit(self, name: &str) -> ExitCode {
        self.status(name).into()
    }

    /// As [`exit`](Self::exit), at once and from any thread.
    pub(crate) fn exit_process(self, name: &str) -> ! {
        std::process::exit(self.status(name).into())
    }

    fn status(self, name: &str) -> u8 {
        let status = match self {
            Self::NobodyListens => return 0,
            Self::Orphaned => 3,
            Self::LineTooLong
            | Self::Frame(_)
            | Self::NotOpen(_)
            | Self::SecondOpen
            | Self::Version(_)
            | Self::Order { .. }
            | Self::Window { .. }
            | Self::Refused(Refusal::Asked(_)) => 2,
            Self::Read(_)
            | Self::Write(_)
            | Self::Refused(Refusal::Unable(_))
            | Self::Panicked(_)
            | Self::Start(_) => 1,
        };
        // Not through the log, whose level a user may have set to `off`. Where standard error is closed, the status
        // has to do.
        drop(writeln!(io::stderr(), "{name}: {self}"));
        status
    }
}
