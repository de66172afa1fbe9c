//! Which addresses may be talked to: all that are globally routable, and those that the user opens.
//!
//! Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates), the IPv6 address
//! space registry, and the multicast and reserved blocks of RFC 5771 and RFC 1112. Blocks that carry an IPv4 address
//! inside (mapped, 6to4, Teredo, NAT64) are refused as a whole, so nothing has to be unwrapped.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

const fn v4(address: [u8; 4], prefix: u8, purpose: &'static str) -> (IpNet, &'static str) {
    (
        IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::from_octets(address), prefix)),
        purpose,
    )
}

const fn v6(address: [u16; 8], prefix: u8, purpose: &'static str) -> (IpNet, &'static str) {
    (
        IpNet::V6(Ipv6Net::new_assert(
            Ipv6Addr::from_segments(address),
            prefix,
        )),
        purpose,
    )
}

/// The first range that contains an address names it, so narrow ranges come before those around them.
const REFUSED: &[(IpNet, &str)] = &[
    v4([0, 0, 0, 0], 8, "this network, RFC 791"),
    v4([10, 0, 0, 0], 8, "private use, RFC 1918"),
    v4([100, 64, 0, 0], 10, "shared by carrier-grade NAT, RFC 6598"),
    v4([127, 0, 0, 0], 8, "loopback, RFC 1122"),
    v4([169, 254, 0, 0], 16, "link local, RFC 3927"),
    v4([172, 16, 0, 0], 12, "private use, RFC 1918"),
    v4([192, 0, 0, 0], 24, "protocol assignments, RFC 6890"),
    v4([192, 0, 2, 0], 24, "documentation, RFC 5737"),
    v4([192, 88, 99, 0], 24, "6to4 relay, RFC 7526"),
    v4([192, 168, 0, 0], 16, "private use, RFC 1918"),
    v4([198, 18, 0, 0], 15, "benchmarks, RFC 2544"),
    v4([198, 51, 100, 0], 24, "documentation, RFC 5737"),
    v4([203, 0, 113, 0], 24, "documentation, RFC 5737"),
    v4([224, 0, 0, 0], 4, "multicast, RFC 5771"),
    v4([255, 255, 255, 255], 32, "broadcast, RFC 919"),
    v4([240, 0, 0, 0], 4, "reserved, RFC 1112"),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 128, "unspecified, RFC 4291"),
    v6([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback, RFC 4291"),
    v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "IPv4-mapped, RFC 4291"),
    v6(
        [0, 0, 0, 0, 0xffff, 0, 0, 0],
        96,
        "IPv4-translated, RFC 2765",
    ),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 96, "IPv4-compatible, RFC 4291"),
    v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96, "NAT64, RFC 6052"),
    v6(
        [0x64, 0xff9b, 1, 0, 0, 0, 0, 0],
        48,
        "local NAT64, RFC 8215",
    ),
    v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "discard only, RFC 6666"),
    v6([0x100, 0, 0, 1, 0, 0, 0, 0], 64, "dummy prefix, RFC 9780"),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, "Teredo, RFC 4380"),
    v6([0x2001, 2, 0, 0, 0, 0, 0, 0], 48, "benchmarks, RFC 5180"),
    v6(
        [0x2001, 0, 0, 0, 0, 0, 0, 0],
        23,
        "protocol assignments, RFC 2928",
    ),
    v6(
        [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0],
        32,
        "documentation, RFC 3849",
    ),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "6to4, RFC 3056"),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "documentation, RFC 9637"),
    v6(
        [0x5f00, 0, 0, 0, 0, 0, 0, 0],
        16,
        "segment routing, RFC 9602",
    ),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "unique local, RFC 4193"),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link local, RFC 4291"),
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "site local, RFC 3879"),
    v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast, RFC 4291"),
    // Global unicast is 2000::/3 alone; these three are all the rest of the space.
    v6([0, 0, 0, 0, 0, 0, 0, 0], 3, "not global unicast, RFC 4291"),
    v6(
        [0x4000, 0, 0, 0, 0, 0, 0, 0],
        2,
        "not global unicast, RFC 4291",
    ),
    v6(
        [0x8000, 0, 0, 0, 0, 0, 0, 0],
        1,
        "not global unicast, RFC 4291",
    ),
];

/// An address that is refused, and the range that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) address: IpAddr,
    pub(crate) range: IpNet,
    pub(crate) purpose: &'static str,
}

/// The ranges above, less those that are opened.
#[derive(Clone, Debug)]
pub(crate) struct AddressRules {
    allowed: Vec<IpNet>,
}

impl AddressRules {
    pub(crate) fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed }
    }

    pub(crate) fn check(&self, address: IpAddr) -> Result<(), Refused> {
        if self.allowed.iter().any(|range| range.contains(&address)) {
            return Ok(());
        }
        match REFUSED.iter().find(|(range, _)| range.contains(&address)) {
            Some(&(range, purpose)) => Err(Refused {
                address,
                range,
                purpose,
            }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose(address: &str) -> Option<&'static str> {
        let address = address.parse().expect("an address");
        AddressRules::new(Vec::new())
            .check(address)
            .err()
            .map(|refused| refused.purpose)
    }

    #[test]
    fn ordinary_addresses_pass() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "128.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::",
            "2001:200::1",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "3ffe:ffff::1",
        ] {
            assert_eq!(purpose(address), None, "{address}");
        }
    }

    #[test]
    fn special_addresses_are_refused_by_their_narrowest_name() {
        for (address, name) in [
            ("0.0.0.0", "this network"),
            ("10.255.255.255", "private"),
            ("100.64.0.1", "carrier"),
            ("127.0.0.1", "loopback"),
            ("169.254.169.254", "link local"),
            ("172.31.255.255", "private"),
            ("192.0.0.8", "protocol"),
            ("192.0.2.1", "documentation"),
            ("192.88.99.1", "6to4"),
            ("192.168.1.1", "private"),
            ("198.19.0.1", "benchmarks"),
            ("198.51.100.1", "documentation"),
            ("203.0.113.1", "documentation"),
            ("239.1.1.1", "multicast"),
            ("240.0.0.1", "reserved"),
            ("255.255.255.255", "broadcast"),
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::7f00:1", "IPv4-compatible"),
            ("::ffff:1.1.1.1", "IPv4-mapped"),
            ("::ffff:0:1.1.1.1", "IPv4-translated"),
            ("64:ff9b::1.1.1.1", "NAT64"),
            ("64:ff9b:1::1", "local NAT64"),
            ("100::1", "discard"),
            ("2001::1", "Teredo"),
            ("2001:2::1", "benchmarks"),
            ("2001:20::1", "protocol"),
            ("2001:db8::1", "documentation"),
            ("2002:7f00:1::", "6to4"),
            ("3fff::1", "documentation"),
            ("5f00::1", "segment"),
            ("fd00::1", "unique local"),
            ("fe80::1", "link local"),
            ("fec0::1", "site local"),
            ("ff02::1", "multicast"),
            ("1000::1", "not global"),
            ("4000::1", "not global"),
            ("c000::1", "not global"),
        ] {
            let purpose = purpose(address).unwrap_or_default();
            assert!(
                purpose.starts_with(name) || purpose.contains(name),
                "{address}: {purpose}"
            );
        }
    }

    #[test]
    fn every_range_is_written_by_its_first_address() {
        for (range, _) in REFUSED {
            assert_eq!(range.network(), range.addr());
        }
    }

    #[test]
    fn an_allowed_range_opens_itself_and_nothing_beside_it() {
        let rules = AddressRules::new(vec!["10.1.0.0/16".parse().expect("a range")]);
        let check = |text: &str| rules.check(text.parse().expect("an address")).is_ok();
        assert!(check("10.1.2.3"));
        assert!(!check("10.2.0.1"));
        assert!(!check("::ffff:10.1.2.3"));
    }
}
