//! What may be asked for: the rules for a URL before any request, the same for a manifest's URL and for a redirect's.

use std::net::IpAddr;

use url::{Host, Url};

use crate::FetchError;
use crate::address::{AddressRules, Refused};
use crate::error::clip;

/// Longer than what servers take (8 KiB is usual), and short enough to be repeated in a message.
const URL_BYTES: usize = 16 << 10;

/// The manifest's URL, checked.
pub(crate) fn parse(text: Option<&str>, rules: &AddressRules) -> Result<Url, FetchError> {
    let text = text.ok_or(FetchError::NoUrl)?;
    check_length(text)?;
    let url = Url::parse(text).map_err(|error| FetchError::BadUrl {
        url: clip(text),
        reason: error.to_string(),
    })?;
    check(url, rules)
}

/// The URL that a redirect from `from` leads to, checked as if it were new.
pub(crate) fn follow(from: &Url, location: &str, rules: &AddressRules) -> Result<Url, FetchError> {
    check_length(location)?;
    let to = from.join(location).map_err(|error| FetchError::BadUrl {
        url: clip(location),
        reason: format!("{error}, in a redirect from {from}"),
    })?;
    let to = check(to, rules)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(FetchError::Downgrade {
            from: from.to_string(),
            to: to.to_string(),
        });
    }
    Ok(to)
}

/// The error for an address that `url` leads to.
pub(crate) fn blocked(url: &Url, refused: Refused) -> FetchError {
    FetchError::BlockedAddress {
        url: url.to_string(),
        host: host(url),
        address: refused.address,
        range: refused.range,
        purpose: refused.purpose,
    }
}

/// The host as it stands in the URL.
pub(crate) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn check_length(text: &str) -> Result<(), FetchError> {
    if text.len() <= URL_BYTES {
        return Ok(());
    }
    Err(FetchError::BadUrl {
        url: clip(text),
        reason: format!(
            "it has {} bytes, above the limit of {URL_BYTES}",
            text.len()
        ),
    })
}

fn check(mut url: Url, rules: &AddressRules) -> Result<Url, FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::BadScheme {
            url: clip(url.as_str()),
            scheme: clip(url.scheme()),
        });
    }
    if !url.username().is_empty() || url.password().is_some() {
        // Neither can fail for a URL with a host; the message must not repeat what it warns of.
        let _ = url.set_password(None);
        let _ = url.set_username("");
        return Err(FetchError::BadUrl {
            url: url.into(),
            reason: "it carries credentials, which would end up in tables and logs; take them out"
                .to_owned(),
        });
    }
    url.set_fragment(None);
    // HTTP clients never ask a resolver about an address, so the resolver's check doesn't cover these.
    let address = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Some(Host::Domain(_)) | None => None,
    };
    match address.map(|address| rules.check(address)) {
        Some(Err(refused)) => Err(blocked(&url, refused)),
        Some(Ok(())) | None => Ok(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> AddressRules {
        AddressRules::new(Vec::new())
    }

    fn code(text: &str) -> Result<String, &'static str> {
        parse(Some(text), &rules())
            .map(String::from)
            .map_err(|error| error.code())
    }

    #[test]
    fn an_ordinary_url_is_normalised_and_loses_its_fragment() {
        assert_eq!(
            code("HTTPS://Example.ORG:443/a b#c"),
            Ok("https://example.org/a%20b".to_owned())
        );
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for text in [
            "",
            "a.tar.gz",
            "//example.org/a",
            "http://",
            "http://[::1",
            "http://a b/",
        ] {
            assert_eq!(code(text), Err("BAD_URL"), "{text}");
        }
        assert_eq!(parse(None, &rules()), Err(FetchError::NoUrl));
    }

    #[test]
    fn an_endless_url_is_refused_with_a_short_message() {
        let error = parse(
            Some(&format!("http://example.org/{}", "é".repeat(1 << 20))),
            &rules(),
        )
        .unwrap_err();
        assert_eq!(error.code(), "BAD_URL");
        assert!(error.to_string().len() < 1000);
    }

    #[test]
    fn other_schemes_are_refused() {
        for text in [
            "ftp://example.org/a",
            "file:///etc/passwd",
            "data:,a",
            "javascript:1",
            "C:\\a.tar",
        ] {
            assert_eq!(code(text), Err("BAD_SCHEME"), "{text}");
        }
    }

    #[test]
    fn credentials_are_refused_and_not_repeated() {
        let error = parse(Some("https://user:secret@example.org/a"), &rules()).unwrap_err();
        assert_eq!(error.code(), "BAD_URL");
        let message = error.to_string();
        assert!(message.contains("https://example.org/a"), "{message}");
        assert!(
            !message.contains("user") && !message.contains("secret"),
            "{message}"
        );
    }

    #[test]
    fn every_spelling_of_a_refused_address_is_refused() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "0177.0.0.1",
            "2130706433",
            "0x7f000001",
            "127.0.0.1.",
            "１２７.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:0:0:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "169.254.169.254",
            "0",
        ] {
            assert_eq!(
                code(&format!("http://{host}/")),
                Err("BLOCKED_ADDRESS"),
                "{host}"
            );
        }
    }

    #[test]
    fn a_blocked_address_is_named_with_its_host_range_and_remedy() {
        let message = parse(Some("http://0x7f.1/a"), &rules())
            .unwrap_err()
            .to_string();
        for part in [
            "http://127.0.0.1/a",
            "127.0.0.0/8",
            "loopback",
            "allowedNetworks",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_redirect_may_be_relative_but_is_checked_as_new() {
        let from = Url::parse("https://example.org/a/b?c").expect("a URL");
        let follow = |location: &str| {
            follow(&from, location, &rules())
                .map(String::from)
                .map_err(|error| error.code())
        };
        assert_eq!(follow("../d"), Ok("https://example.org/d".to_owned()));
        assert_eq!(
            follow("//example.com/d"),
            Ok("https://example.com/d".to_owned())
        );
        assert_eq!(follow("http://example.org/d"), Err("BAD_SCHEME"));
        assert_eq!(follow("ftp://example.org/d"), Err("BAD_SCHEME"));
        assert_eq!(follow("https://u@example.org/d"), Err("BAD_URL"));
        assert_eq!(follow("https://10.0.0.1/d"), Err("BLOCKED_ADDRESS"));
    }
}
