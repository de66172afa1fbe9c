//! Where the kernel refuses pidfds the guard asks who its parent is, and that is enough.
//!
//! One binary in four roles: the test, the parent that is killed, its guard, and what becomes the program.

use std::process::ExitCode;

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    match words.first().and_then(|role| role.to_str()) {
        Some("guard") => linux::guard(),
        Some("parent") => linux::parent(),
        Some(rustpipe_guard::STAGE) => {
            let guard = words[1].to_str().unwrap().parse().unwrap();
            rustpipe_guard::become_program(guard, &words[3..])
        }
        _ => linux::test(),
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, ExitCode, Stdio};
    use std::time::{Duration, Instant};

    use rustpipe_guard::{Request, Watch};

    pub(super) fn guard() -> ExitCode {
        let request = Request {
            parent: std::os::unix::process::parent_id().cast_signed(),
            folder: None,
            words: ["/bin/sh", "-c", "echo ready; exec sleep 1000"]
                .map(Into::into)
                .to_vec(),
        };
        rustpipe_guard::run(&request, Watch::Polling)
    }

    pub(super) fn parent() -> ExitCode {
        let mut guard = Command::new("/proc/self/exe").arg("guard").spawn().unwrap();
        guard.wait().unwrap();
        ExitCode::SUCCESS
    }

    pub(super) fn test() -> ExitCode {
        let mut parent = Command::new("/proc/self/exe")
            .arg("parent")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(parent.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, "ready\n");
        let start = Instant::now();
        parent.kill().unwrap();
        parent.wait().unwrap();
        // The guard and the program hold standard error: its end is theirs.
        let mut stderr = String::new();
        parent.stderr.unwrap().read_to_string(&mut stderr).unwrap();
        assert!(start.elapsed() < Duration::from_secs(2), "{stderr}");
        assert!(stderr.contains(r#""signal":15"#), "{stderr}");
        ExitCode::SUCCESS
    }
}
