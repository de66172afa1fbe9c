//! A worker's process. Three threads move bytes between its pipes and channels, so that whoever asks can wait with a
//! deadline; a pipe that blocks holds up its own thread only, and that ends when the process does.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustpipe_protocol::LINE_OUT_BYTES;

use crate::tree;

/// The variables that the connector passes on, and no others.
const INHERITED: [&str; 3] = ["PATH", "LANG", "TZ"];
/// Kept of standard error.
const STDERR_BYTES: usize = 8 << 10;
/// Time for the last of standard error to be read once the process has ended.
const STDERR_REST: Duration = Duration::from_millis(500);
/// The smallest pipe there is: a worker that blocks on its output does so early.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 4 << 10;

/// How a worker is started.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    words: Vec<OsString>,
    folder: PathBuf,
}

impl Program {
    /// A program that is started in a folder of its own, as the connector does it.
    pub(crate) fn new(words: &[OsString], folder: &Path) -> io::Result<Self> {
        let mut words = words.to_vec();
        // Without a slash it is looked for on the PATH.
        if Path::new(&words[0]).components().count() > 1 {
            words[0] = std::path::absolute(&words[0])?.into_os_string();
        }
        Ok(Self {
            words,
            folder: folder.to_owned(),
        })
    }

    /// Starts it with one more word: `describe` or `run`.
    pub(crate) fn start(&self, word: &str) -> io::Result<Worker> {
        let mut command = Command::new(&self.words[0]);
        command
            .args(&self.words[1..])
            .arg(word)
            .current_dir(&self.folder)
            .env_clear()
            .envs(
                INHERITED
                    .iter()
                    .filter_map(|name| Some((name, env::var_os(name)?))),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        tree::separate(&mut command);
        Ok(Worker::new(command.spawn()?))
    }
}

/// What came off standard output.
#[derive(Debug)]
pub(crate) enum Output {
    /// A line with its `\n`, which lacks only at the end or where the line is too long.
    Line(Vec<u8>),
    /// The end.
    End,
    /// Nothing in time.
    Silence,
}

/// A worker that runs. Dropped, it is killed with all that it has started.
pub(crate) struct Worker {
    child: Child,
    stdin: Option<Sender<Vec<u8>>>,
    written: Receiver<()>,
    /// Each one lets the reader read a line: what nobody asks for stays in the pipe.
    asks: Option<Sender<()>>,
    lines: Receiver<Option<Vec<u8>>>,
    asked: bool,
    stderr: Arc<Mutex<Vec<u8>>>,
    stderr_end: Receiver<()>,
}

impl Worker {
    fn new(mut child: Child) -> Self {
        let (stdin, jobs) = channel();
        let (tells_written, written) = channel();
        let (asks, asked) = channel();
        let (sends_lines, lines) = channel();
        let (ends_stderr, stderr_end) = channel();
        let stderr = Arc::new(Mutex::new(Vec::new()));
        if let Some(pipe) = child.stdin.take() {
            thread::spawn(move || write(pipe, &jobs, &tells_written));
        }
        if let Some(pipe) = child.stdout.take() {
            #[cfg(target_os = "linux")]
            // A worker may set another size: then that is what it has.
            let _ = rustix::pipe::fcntl_setpipe_size(&pipe, PIPE_BYTES);
            thread::spawn(move || read(pipe, &asked, &sends_lines));
        }
        if let Some(pipe) = child.stderr.take() {
            let tail = Arc::clone(&stderr);
            thread::spawn(move || {
                keep_tail(pipe, &tail);
                drop(ends_stderr);
            });
        }
        Self {
            child,
            stdin: Some(stdin),
            written,
            asks: Some(asks),
            lines,
            asked: false,
            stderr,
            stderr_end,
        }
    }

    /// Has bytes written, whenever the worker takes them.
    pub(crate) fn send(&mut self, bytes: Vec<u8>) {
        if let Some(stdin) = &self.stdin {
            // A worker that has gone shows at its output.
            let _ = stdin.send(bytes);
        }
    }

    /// Waits until one more of what was sent has been written; false if the time is up or the worker takes no more.
    pub(crate) fn has_written(&mut self, deadline: Instant) -> bool {
        self.written.recv_timeout(until(deadline)).is_ok()
    }

    /// Closes its standard input behind what was sent.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// The next line of its output.
    pub(crate) fn read(&mut self, deadline: Instant) -> Output {
        if !self.asked
            && let Some(asks) = &self.asks
        {
            // If the reader has ended, so have the lines.
            let _ = asks.send(());
            self.asked = true;
        }
        match self.lines.recv_timeout(until(deadline)) {
            Ok(Some(line)) => {
                self.asked = false;
                Output::Line(line)
            }
            Ok(None) | Err(RecvTimeoutError::Disconnected) => Output::End,
            Err(RecvTimeoutError::Timeout) => Output::Silence,
        }
    }

    /// Closes its standard output. Between two lines only: a reader that waits for one can't be called off.
    pub(crate) fn close_stdout(&mut self) {
        self.asks = None;
        // The reader drops the pipe before its sender.
        while self.lines.recv_timeout(STDERR_REST).is_ok() {}
    }

    /// How it has ended; `None` if it goes on.
    pub(crate) fn wait(&mut self, deadline: Instant) -> Option<ExitStatus> {
        tree::wait(&mut self.child, deadline)
    }

    /// The last lines of its standard error; all of them if it has ended and left nobody who holds it.
    pub(crate) fn stderr(&mut self) -> String {
        let _ = self.stderr_end.recv_timeout(STDERR_REST);
        let tail = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&tail).trim().to_owned()
    }

    /// How it has ended and what it said, for people.
    pub(crate) fn ending(&mut self, deadline: Instant) -> String {
        let how = match self.wait(deadline) {
            Some(status) => status.to_string(),
            None => return "it goes on".to_owned(),
        };
        match self.stderr() {
            said if said.is_empty() => format!("{how}, nothing on standard error"),
            said => format!(
                "{how}, standard error: {}",
                crate::report::shown(said.as_bytes())
            ),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        tree::kill(&mut self.child);
    }
}

fn until(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

fn write(mut pipe: ChildStdin, jobs: &Receiver<Vec<u8>>, written: &Sender<()>) {
    for job in jobs {
        if pipe.write_all(&job).is_err() || written.send(()).is_err() {
            return;
        }
    }
}

fn read(pipe: ChildStdout, asked: &Receiver<()>, lines: &Sender<Option<Vec<u8>>>) {
    let mut pipe = BufReader::new(pipe);
    for () in asked {
        let line = read_line(&mut pipe).ok().filter(|line| !line.is_empty());
        let ended = line.is_none();
        if lines.send(line).is_err() || ended {
            return;
        }
    }
}

/// A line; of one that is too long the start, in memory that is bounded.
fn read_line(pipe: &mut BufReader<ChildStdout>) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let longest = LINE_OUT_BYTES as u64 + 1;
    pipe.by_ref().take(longest).read_until(b'\n', &mut line)?;
    if line.len() > LINE_OUT_BYTES && line.last() != Some(&b'\n') {
        pipe.skip_until(b'\n')?;
    }
    Ok(line)
}

fn keep_tail(mut pipe: ChildStderr, tail: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(&buffer[..count]);
        let surplus = tail.len().saturating_sub(STDERR_BYTES);
        tail.drain(..surplus);
    }
}
