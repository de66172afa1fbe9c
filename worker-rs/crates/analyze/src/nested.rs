//! Failures of archives within an input.

use rustpipe_archive::ArchiveError;

use crate::limits::{DEFAULT_LISTED_ERRORS, cut_short};

/// An archive within an input that can't be read to its end.
#[derive(Clone, Debug)]
pub(crate) struct NestedFailure {
    /// The paths of the archives that it is in and its own, joined by `!/`.
    pub(crate) path: String,
    pub(crate) error: ArchiveError,
}

/// Those of one input: the first ones, and how many more.
#[derive(Debug, Default)]
pub(crate) struct NestedFailures {
    pub(crate) listed: Vec<NestedFailure>,
    pub(crate) more: u64,
}

impl NestedFailures {
    pub(crate) fn add(&mut self, path: &[String], error: &ArchiveError) {
        if self.listed.len() < DEFAULT_LISTED_ERRORS {
            self.listed.push(NestedFailure {
                path: cut_short(&path.join("!/")).to_owned(),
                error: error.clone(),
            });
        } else {
            self.more += 1;
        }
    }
}
