//! The options that `open` carries, declared once: what they are called, what they do, and how they are read.

mod number;
mod quantity;

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use rustpipe_analyze::Cost;
use rustpipe_archive::Limits;
use rustpipe_fetch::Config;
use rustpipe_protocol::WorkerOption;

use number::NUMBERS;

/// Opened address ranges, by name.
const ALLOWED_NETWORKS: &str = "allowedNetworks";
/// How deep the work may go, by name.
const DEPTH: &str = "depth";

/// What the options set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) fetch: Config,
    pub(crate) archive: Limits,
    pub(crate) depth: Cost,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fetch: Config::default(),
            archive: Limits::default(),
            depth: Cost::Content,
        }
    }
}

/// The options as the description shows them.
pub(crate) fn describe() -> Vec<WorkerOption> {
    let numbers = NUMBERS.iter().map(|number| WorkerOption {
        name: number.name.to_owned(),
        r#type: number.r#type(),
        default: number.default(),
        description: number.description.to_owned(),
    });
    let allowed_networks = WorkerOption {
        name: ALLOWED_NETWORKS.to_owned(),
        r#type: "string".to_owned(),
        default: String::new(),
        description: "Networks that may be fetched from although they are not globally routable: CIDRs or addresses, separated by commas".to_owned(),
    };
    let depth = WorkerOption {
        name: DEPTH.to_owned(),
        r#type: "`head`, `body`, `entries` or `content`".to_owned(),
        default: Settings::default().depth.as_str().to_owned(),
        description: "Nothing deeper is done than this, whatever columns are asked for: what needs more is null, and status and errors speak of what was done".to_owned(),
    };
    numbers.chain([allowed_networks, depth]).collect()
}

/// Reads the options into settings.
pub(crate) fn read(options: &BTreeMap<String, String>) -> Result<Settings, OptionError> {
    let mut settings = Settings::default();
    for (name, value) in options {
        if name == ALLOWED_NETWORKS {
            settings.fetch.allowed_networks = networks(value)?;
        } else if name == DEPTH {
            settings.depth = depth(value)?;
        } else if let Some(number) = NUMBERS.iter().find(|number| number.name == name) {
            number.read(value, &mut settings)?;
        } else {
            return Err(OptionError::Unknown { name: name.clone() });
        }
    }
    Ok(settings)
}

fn depth(value: &str) -> Result<Cost, OptionError> {
    let mut depths = Cost::DEPTHS.into_iter();
    depths
        .find(|depth| depth.as_str() == value)
        .ok_or_else(|| OptionError::Depth {
            value: value.to_owned(),
        })
}

fn depths() -> String {
    Cost::DEPTHS.map(Cost::as_str).join(", ")
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
    #[error("unknown option '{name}'; this worker takes {}", names())]
    Unknown {
        /// The name given.
        name: String,
    },
    /// Not a number, or out of bounds.
    #[error("option {name}: '{value}' is not {expected}")]
    Number {
        /// The option.
        name: &'static str,
        /// The value given.
        value: String,
        /// What is allowed.
        expected: String,
    },
    /// Not a depth.
    #[error("option {DEPTH}: '{value}' is not one of {}", depths())]
    Depth {
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

fn names() -> String {
    let names: Vec<_> = describe().into_iter().map(|option| option.name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn read_one(name: &str, value: &str) -> Result<Settings, OptionError> {
        read(&BTreeMap::from([(name.to_owned(), value.to_owned())]))
    }

    #[test]
    fn no_options_are_the_defaults() {
        assert_eq!(read(&BTreeMap::new()), Ok(Settings::default()));
    }

    #[test]
    fn every_default_is_a_value_that_changes_nothing() {
        for option in describe() {
            let settings = read_one(&option.name, &option.default);
            assert_eq!(settings, Ok(Settings::default()), "{}", option.name);
        }
    }

    /// Two options that set the same field, or one that sets none, would show here.
    #[test]
    fn every_number_sets_what_it_shows() {
        for number in NUMBERS {
            let changed = read_one(number.name, &number.most()).unwrap();
            for other in NUMBERS {
                let (was, is) = (other.default(), other.shown(&changed));
                assert_eq!(
                    was != is,
                    other.name == number.name,
                    "{} by {}",
                    other.name,
                    number.name
                );
            }
        }
    }

    #[test]
    fn a_number_is_refused_with_its_name_and_what_is_allowed() {
        for (name, value, message) in [
            (
                "concurrency",
                "1025",
                "option concurrency: '1025' is not a whole number from 1 to 1024",
            ),
            (
                "idleTimeout",
                "30",
                "option idleTimeout: '30' is not a time from 1ms to 1h: a whole number and ms, s, m or h",
            ),
            (
                "maxBodyBytes",
                "0",
                "option maxBodyBytes: '0' is not a size from 1 to 1TiB: a whole number of bytes, or one and KiB, MiB, GiB or TiB",
            ),
        ] {
            assert_eq!(read_one(name, value).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_depth_is_one_of_four_words() {
        for depth in Cost::DEPTHS {
            let settings = read_one("depth", depth.as_str()).unwrap();
            assert_eq!(settings.depth, depth);
        }
        assert_eq!(
            read_one("depth", "none").unwrap_err().to_string(),
            "option depth: 'none' is not one of head, body, entries, content"
        );
    }

    #[test]
    fn a_look_up_may_take_half_of_a_connection() {
        let settings = read_one("connectTimeout", "3s").unwrap();
        assert_eq!(settings.fetch.lookup_timeout, Duration::from_millis(1500));
    }

    #[test]
    fn a_pause_that_is_allowed_is_not_too_slow() {
        let window = |idle| read_one("idleTimeout", idle).unwrap().fetch.floor_window;
        assert_eq!(window("2m"), Duration::from_mins(2));
        assert_eq!(window("1s"), Config::default().floor_window);
    }

    #[test]
    fn networks_are_cidrs_or_addresses() {
        let networks =
            |value: &str| read_one("allowedNetworks", value).map(|it| it.fetch.allowed_networks);
        let expected = ["127.0.0.0/8", "::1/128", "10.1.2.3/32"].map(|text| text.parse().unwrap());
        assert_eq!(
            networks("127.0.0.0/8, ::1,,10.1.2.3"),
            Ok(expected.to_vec())
        );
        assert_eq!(networks(" "), Ok(Vec::new()));
        for part in ["localhost", "127.0.0.0/33", "10/8", "::1/129"] {
            let error = networks(&format!("10.0.0.0/8,{part}")).unwrap_err();
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
        assert!(
            error.starts_with(
                "unknown option 'allowedNetwork'; this worker takes concurrency, connectTimeout,"
            ),
            "{error}"
        );
        assert!(error.ends_with(", allowedNetworks, depth"), "{error}");
    }

    #[test]
    fn every_number_is_in_safety_md() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/safety.md");
        let page = std::fs::read_to_string(page).unwrap();
        for number in NUMBERS {
            let name = format!("`{}`", number.name);
            assert!(page.contains(&name), "docs/safety.md doesn't name {name}");
        }
    }
}
