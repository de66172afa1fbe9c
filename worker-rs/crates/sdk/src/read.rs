//! Reading an input: where in it a value is that does not fit, and what was expected there.

use serde_json::{Map, Value as Json};

use crate::value::Value;

/// Characters of a value that a message shows.
const SHOWN: usize = 200;

/// A value that does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field '{path}' of the input must be {expected}, but it is {found}")]
pub struct ReadError {
    path: String,
    expected: String,
    found: String,
}

impl ReadError {
    /// A value that is not what was expected, such as `a bigint`.
    #[must_use]
    pub fn new(expected: impl Into<String>, found: &Json) -> Self {
        let mut found = found.to_string();
        if let Some((end, _)) = found.char_indices().nth(SHOWN) {
            found.replace_range(end.., "...");
        }
        Self {
            path: String::new(),
            expected: expected.into(),
            found,
        }
    }

    pub(crate) fn missing(expected: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            expected: expected.into(),
            found: "missing".to_owned(),
        }
    }

    /// The same, of a part of a value.
    #[must_use]
    pub(crate) fn within(mut self, part: &str) -> Self {
        if self.path.is_empty() {
            part.clone_into(&mut self.path);
        } else {
            self.path = format!("{part}.{}", self.path);
        }
        self
    }
}

/// Takes one field out of an input.
///
/// # Errors
/// When it is missing, or does not fit its type.
pub fn field<T: Value>(fields: &mut Map<String, Json>, name: &str) -> Result<T, ReadError> {
    let value = fields.remove(name);
    value
        .map_or_else(T::missing, T::read)
        .map_err(|error| error.within(name))
}
