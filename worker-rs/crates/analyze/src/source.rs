//! What the tables read of an input: where the body is, and what is known of it.

use rustpipe_protocol::InputField;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The fields of an input.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Source {
    /// `None` where the manifest has no URL.
    pub(crate) url: Option<String>,
    /// What the body's digest must be, as registries publish it; `None` where nobody knows.
    pub(crate) integrity: Option<String>,
}

impl Source {
    /// The fields as the description shows them.
    pub(crate) fn describe() -> Vec<InputField> {
        let field = |name: &str, comment: &str| InputField {
            name: name.to_owned(),
            r#type: "string".to_owned(),
            nullable: true,
            comment: comment.to_owned(),
        };
        vec![
            field("url", "What to fetch"),
            field(
                "integrity",
                "What the digest of the body must be, as npm, PyPI and lock files write it",
            ),
        ]
    }

    /// Reads the fields, and ignores others.
    ///
    /// # Errors
    /// When one of them is neither a string nor null.
    pub(crate) fn read(input: Map<String, Value>) -> Result<Self, serde_json::Error> {
        serde_json::from_value(Value::Object(input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(input: &Value) -> Result<Source, serde_json::Error> {
        Source::read(input.as_object().unwrap().clone())
    }

    #[test]
    fn what_is_missing_or_null_is_not_known() {
        for input in [
            json!({}),
            json!({"url": null, "integrity": null, "more": 1}),
        ] {
            let source = read(&input).unwrap();
            assert_eq!((source.url, source.integrity), (None, None));
        }
    }

    #[test]
    fn what_is_no_string_is_an_error_that_shows_it() {
        let error = read(&json!({"url": 17})).unwrap_err().to_string();
        assert!(error.contains("17"), "{error}");
    }
}
