//! Why an input fails.

use std::error::Error;
use std::fmt::Display;

use rustpipe_protocol::ErrorCode;

use crate::read::ReadError;

/// What becomes of an input that fails: an error row in Spark, with its code and message. Any error turns into one with
/// the code INTERNAL by `?`; say which class it is with [`Failure::new`] where a user should know.
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
        assert!(Failure::new(ErrorCode::Timeout, "").retryable);
        assert!(
            Failure::new(ErrorCode::HttpStatus, "503")
                .retryable(true)
                .retryable
        );
    }
}
