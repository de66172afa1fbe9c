//! Starts the program and reads its report.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What the program has found out about a worker.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The names behind this word, which begins a rule's line.
    pub(crate) fn rules(&self, word: &str) -> Vec<&str> {
        self.stdout
            .lines()
            .filter_map(|line| line.strip_prefix(word))
            .map(|rest| rest.trim_start().split(':').next().unwrap_or_default())
            .collect()
    }

    pub(crate) fn broken(&self) -> Vec<&str> {
        self.rules("BROKEN")
    }

    pub(crate) fn kept(&self) -> Vec<&str> {
        self.rules("ok")
    }

    #[track_caller]
    pub(crate) fn assert_all_kept_but(&self, not_tried: &[&str]) {
        assert_eq!(self.broken(), [""; 0], "{}", self.stdout);
        assert_eq!(self.rules("not tried"), not_tried, "{}", self.stdout);
        assert_eq!(self.code, Some(0), "{}", self.stderr);
    }
}

/// Runs the program with these words; the worker is behind `--`.
pub(crate) fn conformance(words: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_rustpipe-conformance"))
        .args(words)
        .output()
        .unwrap();
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A binary of another crate of the workspace. Cargo builds them for its own tests, not for those of others.
pub(crate) fn sibling(name: &str) -> String {
    let folder: &Path = Path::new(env!("CARGO_BIN_EXE_rustpipe-conformance"));
    let path: PathBuf = folder.with_file_name(name);
    assert!(
        path.exists(),
        "no {}; build it first: cargo build --release --workspace",
        path.display()
    );
    path.to_str().unwrap().to_owned()
}
