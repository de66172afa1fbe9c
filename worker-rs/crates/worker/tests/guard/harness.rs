//! A guard and its program, held by a test.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than anything takes here, shorter than a person waits.
const PATIENCE: Duration = Duration::from_secs(30);

/// After this time nothing of a query may be left.
pub(crate) const SOON: Duration = Duration::from_secs(2);

/// The guard's binary, for scripts.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_rustpipe-worker");

/// A guard that works for this test.
pub(crate) struct Guard {
    child: Child,
    pub(crate) stdin: Option<ChildStdin>,
    pub(crate) stdout: BufReader<ChildStdout>,
}

/// What is left when a guard is gone.
pub(crate) struct End {
    pub(crate) status: ExitStatus,
    /// Standard error before the report.
    pub(crate) stderr: String,
    pub(crate) report: Value,
}

impl Guard {
    /// Guards a shell script.
    pub(crate) fn script(script: &str) -> Self {
        Self::start(guard().args(["--", "/bin/sh", "-c", script]))
    }

    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            stdin,
            stdout,
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line of output.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// A process id that the program tells.
    pub(crate) fn told_pid(&mut self) -> u32 {
        let line = self.line();
        line.parse()
            .unwrap_or_else(|error| panic!("{error} in {line:?}"))
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    /// Waits for the guard's end. Reads its standard output to the end too: whoever holds it would make this wait.
    pub(crate) fn end(mut self) -> End {
        drop(self.stdin.take());
        let mut stderr = String::new();
        let mut pipe = self.child.stderr.take().unwrap();
        pipe.read_to_string(&mut stderr).unwrap();
        self.stdout.read_to_string(&mut String::new()).unwrap();
        let status = self.child.wait().unwrap();
        let (stderr, report) = stderr
            .rsplit_once("\nrustpipe-guard ")
            .unwrap_or_else(|| panic!("no report in {stderr:?}"));
        End {
            status,
            stderr: stderr.to_owned(),
            report: serde_json::from_str(report).unwrap(),
        }
    }

    /// Waits for the end of a guard that can't report it.
    pub(crate) fn wait(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

/// A guard of this process's, without its program yet.
pub(crate) fn guard() -> Command {
    let mut command = Command::new(BINARY);
    command.args(["guard", "--parent", &std::process::id().to_string()]);
    command
}

pub(crate) fn signal(pid: u32, name: &str) {
    let sent = Command::new("/bin/sh")
        .args(["-c", "kill -s $0 $1", name, &pid.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Has this process ended? A zombie has: its parent, often the machine's init, only hasn't looked yet.
pub(crate) fn is_gone(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, behind)| behind.starts_with(['Z', 'X']))
    })
}

/// Waits until a condition holds, and says how long that took.
pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) -> Duration {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "waited for: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
    start.elapsed()
}

/// Processes that have this word in their command line.
pub(crate) fn running_with(word: &str) -> usize {
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|process| fs::read(process.path().join("cmdline")).ok())
        .filter(|words| {
            words
                .split(|byte| *byte == 0)
                .any(|other| other == word.as_bytes())
        })
        .count()
}

/// A number of seconds to sleep, longer than any test, that no other process sleeps.
pub(crate) fn unique_sleep() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("1000.{}{next:03}", std::process::id())
}

/// A new folder of the test's.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    folder
}
