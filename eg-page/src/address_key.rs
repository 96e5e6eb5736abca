//! Keys under which addresses are counted, so that nobody has more than one by having many addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Key of an address for limits and throttles: an IPv4 address, or the first 64 bits of an IPv6 address. A network hands
/// out no less than a /64 (RFC 6177), so whoever has one of its addresses has them all. An IPv4 address inside IPv6
/// (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) counts as the IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressKey {
    /// IPv4 address.
    V4(Ipv4Addr),
    /// First 64 bits of an IPv6 address, followed by zeros.
    V6(Ipv6Addr),
}

impl AddressKey {
    /// Returns the key of `address`.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                Self::V6(Ipv6Addr::from(network))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> AddressKey {
        AddressKey::of(address.parse().unwrap())
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    }

    #[test]
    fn an_address_of_ipv4_counts_by_itself_however_it_is_written() {
        assert_eq!(key("192.0.2.1"), key("::ffff:192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_ne!(key("::1"), key("127.0.0.1"));
    }
}
