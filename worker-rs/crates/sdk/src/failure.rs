//! Why an input fails.

use std::error::Error;
use std::fmt::Display;

use rustpipe_protocol::ErrorCode;

use crate::read::ReadError;

/// The longest message that leaves the worker: more than anyone reads, and far below what a line can hold.
const LONGEST_MESSAGE_BYTES: usize = 64 << 10;

/// A message, cut where it is longer than a message can be.
pub(crate) fn shortened(mut message: String) -> String {
    if message.len() > LONGEST_MESSAGE_BYTES {
        message.truncate(message.floor_char_boundary(LONGEST_MESSAGE_BYTES));
        message.push_str("...");
    }
    message
}

/// What becomes of an input that fails: an error row in Spark, with its code and message. Any error turns into one by
/// `?`, with the text of its causes and the code INTERNAL, and [`Coded::code`] says better what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    pub(crate) retryable: bool,
}

impl Failure {
    /// A failure of this class. The message says what happened, to what, with which value, and what to do.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Display) -> Self {
        Self {
            code,
            message: message.to_string(),
            retryable: code.retryable(),
        }
    }

    /// Says of which class it is, and so whether the same input may work later.
    #[must_use]
    pub fn code(mut self, code: ErrorCode) -> Self {
        self.code = code;
        self.retryable = code.retryable();
        self
    }

    /// Whether the same input may work later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// Says whether the same input may work later, where that is known better than by the code.
    #[must_use]
    pub fn retryable(mut self, retryable: bool) -> Self {
        self.retryable = retryable;
        self
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // Many errors quote their cause.
            if !message.contains(&text) {
                message = format!("{message}: {text}");
            }
            cause = error.source();
        }
        Self::new(ErrorCode::Internal, message)
    }
}

/// Says of an error at once of which class it is.
pub trait Coded<T> {
    /// The value, or a failure with this code and the text of the error and its causes.
    ///
    /// # Errors
    /// When there is no value.
    fn code(self, code: ErrorCode) -> Result<T, Failure>;
}

impl<T, E: Error> Coded<T> for Result<T, E> {
    fn code(self, code: ErrorCode) -> Result<T, Failure> {
        self.map_err(|error| Failure::from(error).code(code))
    }
}

impl Failure {
    pub(crate) fn unreadable(error: &ReadError) -> Self {
        Self::new(ErrorCode::BadInput, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("no quote")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("the market is closed")]
    struct Inner;

    #[test]
    fn an_error_brings_its_causes_along() {
        let failure = Failure::from(Outer(Inner));
        assert_eq!(failure.message, "no quote: the market is closed");
        assert_eq!(
            (failure.code, failure.retryable),
            (ErrorCode::Internal, false)
        );
    }

    #[test]
    fn whether_a_retry_helps_is_the_codes_to_say_unless_it_is_said() {
        assert!(
            Failure::new(ErrorCode::Internal, "")
                .code(ErrorCode::Timeout)
                .is_retryable()
        );
        assert!(
            Failure::new(ErrorCode::HttpStatus, "503")
                .retryable(true)
                .is_retryable()
        );
    }
}
