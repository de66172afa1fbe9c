//! Standard output: one thread owns it and writes what comes through a channel, so nothing else ever waits for a pipe,
//! and nothing else that is printed can come between two frames.

#[cfg(target_os = "linux")]
use std::fs::File;
use std::io::{self, BufWriter, Write};
#[cfg(target_os = "linux")]
use std::os::fd::AsFd as _;
use std::thread::JoinHandle;

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::mpsc::error::TryRecvError;

use crate::engine::fatal::Fatal;
use crate::engine::output::{Line, Output, output};

/// Bytes for one write: many small lines, or a whole frame.
const WRITE_BYTES: usize = 256 << 10;

/// A pipe that holds a whole frame lets both sides work on instead of taking turns. Not more than that: what all pipes
/// of a user hold is bounded by the kernel.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = WRITE_BYTES;

/// Starts the thread. It ends with the output, when all is written.
pub(crate) fn start(runtime: &Handle, name: String) -> Result<(Output, JoinHandle<()>), Fatal> {
    let stream = take().map_err(Fatal::Start)?;
    let (sender, receiver) = output(runtime);
    let write = move || {
        let stream = BufWriter::with_capacity(WRITE_BYTES, stream);
        pump(receiver, stream).unwrap_or_else(|error| Fatal::of_write(error).exit_process(&name));
    };
    let thread = std::thread::Builder::new()
        .name("stdout".to_owned())
        .spawn(write)
        .map_err(Fatal::Start)?;
    Ok((sender, thread))
}

/// Takes standard output for the frames alone. What functions, libraries and children print goes to standard error from
/// now on, where it can be read; among the frames it would break the conversation.
#[cfg(target_os = "linux")]
fn take() -> io::Result<File> {
    let own = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdout(io::stderr())?;
    // It need not be a pipe, nor the kernel willing: then it stays as it is.
    let _ = rustix::pipe::fcntl_setpipe_size(&own, PIPE_BYTES);
    Ok(own)
}

/// Not locked: a function that prints must not wait for the end of the conversation.
#[cfg(not(target_os = "linux"))]
fn take() -> io::Result<io::Stdout> {
    Ok(io::stdout())
}

/// Writes lines as they come, and flushes whenever there is none.
fn pump(mut lines: UnboundedReceiver<Line>, mut stream: impl Write) -> io::Result<()> {
    loop {
        let next = match lines.try_recv() {
            Ok(line) => Some(line),
            Err(TryRecvError::Empty) => {
                stream.flush()?;
                lines.blocking_recv()
            }
            Err(TryRecvError::Disconnected) => None,
        };
        let Some(line) = next else {
            return stream.flush();
        };
        stream.write_all(line.as_ref())?;
        if line.is_last() {
            return stream.flush();
        }
    }
}

impl Fatal {
    /// A closed pipe is no error.
    pub(crate) fn of_write(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyListens,
            _ => Self::Write(error),
        }
    }
}
