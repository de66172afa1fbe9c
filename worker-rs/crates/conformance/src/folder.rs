//! A folder of the worker's own, as it has one in Spark.

use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

/// An empty folder that is removed in the end with all that is in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> io::Result<Self> {
        let path = env::temp_dir().join(format!("rustpipe-conformance-{}", process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed is for whoever looks after the temporary folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}
