//! Pages of documentation whose parts have to be what the code says.

use std::path::PathBuf;
use std::{env, fs};

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The text of a page, given by its path from the root.
///
/// # Panics
/// When there is no such page.
#[must_use]
pub fn text(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// Compares the part of a page between `<!-- begin: PART -->` and `<!-- end: PART -->`. With `RUSTPIPE_UPDATE_DOCS` in
/// the environment it is rewritten instead.
///
/// # Panics
/// When the part is not there or is not what it has to be.
pub fn check_part(page: &str, part: &str, expected: &str) {
    let text = text(page);
    let begin = format!("<!-- begin: {part} -->\n");
    let begin = text.find(&begin).expect("the page has the part") + begin.len();
    let end = text[begin..].find(&format!("<!-- end: {part} -->"));
    let end = begin + end.expect("the part has an end");
    if env::var_os("RUSTPIPE_UPDATE_DOCS").is_some() {
        let text = format!("{}{expected}{}", &text[..begin], &text[end..]);
        fs::write(root().join(page), text).expect("the page can be written");
    } else {
        assert_eq!(
            &text[begin..end],
            expected,
            "{page} is not what the code says; RUSTPIPE_UPDATE_DOCS=1 cargo test rewrites it"
        );
    }
}

/// The blocks of a page that are fenced as this kind.
///
/// # Panics
/// When there are none.
#[must_use]
pub fn blocks(page: &str, kind: &str) -> Vec<String> {
    let fence = format!("```{kind}\n");
    let text = text(page);
    let blocks = text.split(fence.as_str()).skip(1);
    let blocks: Vec<_> = blocks
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect();
    assert!(!blocks.is_empty(), "{page} has no `{kind}` block");
    blocks
}
