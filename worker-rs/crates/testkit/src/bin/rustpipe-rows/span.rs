//! What an input asks for.

use std::ops::Range;

/// The numbers of the rows that `rows:COUNT` or `rows:COUNT@FIRST` names.
pub(crate) fn parse(url: &str) -> Option<Range<u64>> {
    let (count, first) = match url.strip_prefix("rows:")?.split_once('@') {
        Some((count, first)) => (count.parse().ok()?, first.parse().ok()?),
        None => (url["rows:".len()..].parse().ok()?, 0_u64),
    };
    Some(first..first.checked_add(count)?)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_span_is_a_count_and_perhaps_a_beginning() {
        assert_eq!(parse("rows:3"), Some(0..3));
        assert_eq!(parse("rows:3@10"), Some(10..13));
        assert_eq!(parse("rows:0"), Some(0..0));
    }

    #[test]
    fn anything_else_is_none() {
        for url in [
            "",
            "3",
            "rows:",
            "rows:x",
            "rows:-1",
            "rows:1@",
            "rows:1@18446744073709551615",
        ] {
            assert_eq!(parse(url), None, "{url}");
        }
    }
}
