//! The options that `open` carries, declared once: what they are called, what they do, and how they are read.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use rustpipe_fetch::{Config, DEFAULT_CONCURRENCY};
use rustpipe_protocol::WorkerOption;

/// Inputs worked on at once, by name.
const CONCURRENCY: &str = "concurrency";
/// Opened address ranges, by name.
const ALLOWED_NETWORKS: &str = "allowedNetworks";
/// Beyond this, sockets run out before anything gets faster.
const MOST_CONCURRENCY: usize = 1024;

/// The options as the description shows them.
pub(crate) fn describe() -> Vec<WorkerOption> {
    let option = |name: &str, r#type: &str, default: String, description: &str| WorkerOption {
        name: name.to_owned(),
        r#type: r#type.to_owned(),
        default,
        description: description.to_owned(),
    };
    vec![
        option(
            CONCURRENCY,
            "int",
            DEFAULT_CONCURRENCY.to_string(),
            "Inputs worked on at once, 1 to 1024",
        ),
        option(
            ALLOWED_NETWORKS,
            "string",
            String::new(),
            "Networks that may be fetched from although they are not globally routable: CIDRs or addresses, separated by commas",
        ),
    ]
}

/// Reads the options into the client's settings.
pub(crate) fn read(options: &BTreeMap<String, String>) -> Result<Config, OptionError> {
    let mut config = Config::default();
    for (name, value) in options {
        match name.as_str() {
            CONCURRENCY => config.concurrency = concurrency(value)?,
            ALLOWED_NETWORKS => config.allowed_networks = networks(value)?,
            _ => return Err(OptionError::Unknown { name: name.clone() }),
        }
    }
    Ok(config)
}

fn concurrency(value: &str) -> Result<usize, OptionError> {
    let number = value
        .trim()
        .parse()
        .ok()
        .filter(|number| (1..=MOST_CONCURRENCY).contains(number));
    number.ok_or_else(|| OptionError::Concurrency {
        value: value.to_owned(),
    })
}

fn networks(value: &str) -> Result<Vec<IpNet>, OptionError> {
    let parts = value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let address = || part.parse::<IpAddr>().map(IpNet::from).ok();
            let network = part.parse::<IpNet>().ok().or_else(address);
            network.ok_or_else(|| OptionError::Network {
                part: part.to_owned(),
            })
        })
        .collect()
}

/// An option that can't be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OptionError {
    /// No such option.
    #[error("unknown option '{name}'; this worker takes {CONCURRENCY}, {ALLOWED_NETWORKS}")]
    Unknown {
        /// The name given.
        name: String,
    },
    /// Not a number of inputs.
    #[error("option {CONCURRENCY}: '{value}' is not a whole number from 1 to {MOST_CONCURRENCY}")]
    Concurrency {
        /// The value given.
        value: String,
    },
    /// Not a network.
    #[error(
        "option {ALLOWED_NETWORKS}: '{part}' is neither a CIDR such as 10.0.0.0/8 nor an address"
    )]
    Network {
        /// The part of the value that is wrong.
        part: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(name: &str, value: &str) -> Result<Config, OptionError> {
        read(&BTreeMap::from([(name.to_owned(), value.to_owned())]))
    }

    #[test]
    fn no_options_are_the_defaults() {
        assert_eq!(read(&BTreeMap::new()), Ok(Config::default()));
    }

    #[test]
    fn concurrency_is_a_number_within_bounds() {
        assert_eq!(read_one("concurrency", " 8 ").unwrap().concurrency, 8);
        for value in ["0", "1025", "-1", "", "many", "8.0"] {
            let error = read_one("concurrency", value).unwrap_err().to_string();
            assert!(
                error.contains(&format!("'{value}'")) && error.contains("1 to 1024"),
                "{error}"
            );
        }
    }

    #[test]
    fn networks_are_cidrs_or_addresses() {
        let config = read_one("allowedNetworks", "127.0.0.0/8, ::1,,10.1.2.3").unwrap();
        let expected = ["127.0.0.0/8", "::1/128", "10.1.2.3/32"].map(|text| text.parse().unwrap());
        assert_eq!(config.allowed_networks, expected);
        assert_eq!(
            read_one("allowedNetworks", " ").unwrap().allowed_networks,
            []
        );
        for part in ["localhost", "127.0.0.0/33", "10/8", "::1/129"] {
            let error = read_one("allowedNetworks", &format!("10.0.0.0/8,{part}")).unwrap_err();
            assert_eq!(
                error,
                OptionError::Network {
                    part: part.to_owned()
                }
            );
        }
    }

    #[test]
    fn an_unknown_option_is_named_beside_the_known_ones() {
        let error = read_one("allowedNetwork", "x").unwrap_err().to_string();
        assert_eq!(
            error,
            "unknown option 'allowedNetwork'; this worker takes concurrency, allowedNetworks"
        );
    }
}
