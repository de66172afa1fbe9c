//! Standard output: one thread owns it and writes what comes through a channel, so nothing else ever waits for a pipe.

use std::io::{self, BufWriter, Write};
use std::thread::JoinHandle;

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::failure::Failure;

/// Lines that may wait for the pipe: some 8 MiB, since a frame leaves with the row that takes it past 256 KiB. What
/// bounds that row is what bounds its texts: an entry's extension headers hold 512 KiB at most, and JSON takes up to six
/// bytes for each of them. So an archive with nothing but such names has up to 104 MiB waiting.
const WAITING_LINES: usize = 32;
/// Bytes for one write: many small lines, or a whole frame.
const WRITE_BYTES: usize = 256 << 10;

/// Starts the thread. It ends when the last sender is gone and all is written.
pub(crate) fn start() -> Result<(Sender<Vec<u8>>, JoinHandle<()>), Failure> {
    let (sender, receiver) = channel(WAITING_LINES);
    let write = move || {
        let stream = BufWriter::with_capacity(WRITE_BYTES, io::stdout().lock());
        pump(receiver, stream).unwrap_or_else(|error| Failure::of_write(error).exit_process());
    };
    let thread = std::thread::Builder::new()
        .name("stdout".to_owned())
        .spawn(write)
        .map_err(Failure::Start)?;
    Ok((sender, thread))
}

/// Writes lines as they come, and flushes whenever there is none.
fn pump(mut lines: Receiver<Vec<u8>>, mut stream: impl Write) -> io::Result<()> {
    loop {
        let next = match lines.try_recv() {
            Ok(line) => Some(line),
            Err(TryRecvError::Empty) => {
                stream.flush()?;
                lines.blocking_recv()
            }
            Err(TryRecvError::Disconnected) => None,
        };
        match next {
            Some(line) => stream.write_all(&line)?,
            None => return stream.flush(),
        }
    }
}

impl Failure {
    /// A closed pipe is no error.
    pub(crate) fn of_write(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyListens,
            _ => Self::Write(error),
        }
    }
}
