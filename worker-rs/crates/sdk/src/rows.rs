//! The rows of an input that may have many.

use std::marker::PhantomData;

use crate::failure::Failure;
use crate::outlet::Outlet;
use crate::record::Record;

/// Where a function of [`Worker::many`](crate::Worker::many) sends the rows of its input.
///
/// Small inputs travel whole, with all their rows or none; the rows of large ones leave as they come. If the worker dies
/// after that, the input ends in an error behind them, unless the worker makes marks.
#[derive(Debug)]
pub struct Rows<R> {
    outlet: Outlet,
    resume: Option<String>,
    record: PhantomData<fn(R)>,
}

impl<R: Record> Rows<R> {
    pub(crate) fn new(outlet: Outlet, resume: Option<String>) -> Self {
        Self {
            outlet,
            resume,
            record: PhantomData,
        }
    }

    /// Sends a row. Waits where Spark is slower than the worker; who gives up waiting may have sent it or not.
    ///
    /// # Errors
    /// When the row is longer than a line can be, or the input has ended.
    pub async fn send(&self, row: R) -> Result<(), Failure> {
        self.outlet.send(&row).await
    }

    /// Marks the rows so far: given this mark back, the function goes on behind them.
    ///
    /// # Errors
    /// When the mark is longer than 4 KiB, or the input has ended.
    pub async fn mark(&self, mark: &str) -> Result<(), Failure> {
        self.outlet.mark(mark).await
    }

    /// The mark to go on behind, if a worker that died had sent rows up to there. They count, and must not be sent again.
    #[must_use]
    pub fn resume(&self) -> Option<&str> {
        self.resume.as_deref()
    }
}
