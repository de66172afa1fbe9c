//! A folder of the worker's own, as it has one in Spark.

use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

/// An empty folder that is removed in the end with all that is in it. A process has one.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> io::Result<Self> {
        let path = path();
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove();
    }
}

/// Removes this process's folder, if it is there.
pub(crate) fn remove() {
    // What can't be removed is for whoever looks after the temporary folder.
    let _ = fs::remove_dir_all(path());
}

fn path() -> PathBuf {
    env::temp_dir().join(format!("rustpipe-conformance-{}", process::id()))
}
