//! Client of a request: its address and whether it came over TLS, also behind a named proxy.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Scheme under which a connection came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// HTTP in clear.
    Http,
    /// HTTP under TLS.
    Https,
}

/// Connection of a client, as a request came over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientConnection {
    /// Address of the client; unspecified if it is not known.
    pub(super) address: IpAddr,
    /// `true` if the client's connection was encrypted.
    pub(super) secure: bool,
}

impl ClientConnection {
    /// Returns the client of a request that came from `peer`. What a peer says about other clients is heard only from
    /// the proxies that the settings name; `secure` says whether the connection itself is under TLS.
    pub(super) fn of(
        peer: Option<IpAddr>,
        headers: &HeaderMap,
        proxies: &[IpAddr],
        secure: bool,
    ) -> Self {
        let address = peer.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        if !proxies.contains(&address) {
            return Self { address, secure };
        }
        let said = Forwarded::of(headers);
        let client = said.first_untrusted(proxies).unwrap_or(address);
        Self { address: client, secure: secure || said.secure }
    }
}

impl<S: Sync> FromRequestParts<S> for ClientConnection {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let unknown = Self { address: Ipv4Addr::UNSPECIFIED.into(), secure: false };
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(unknown))
    }
}

/// Name that the client's program gives itself (`User-Agent`, RFC 9110 section 10.1.5); empty if it gives none.
pub(super) struct Browser(pub(super) String);

impl<S: Sync> FromRequestParts<S> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let said = parts.headers.get(header::USER_AGENT).and_then(|said| said.to_str().ok());
        Ok(Self(said.unwrap_or_default().to_owned()))
    }
}

/// Statements of a proxy about the way of a request.
struct Forwarded {
    /// Addresses from the first client to the last proxy; `None` for one that is hidden or no address.
    hops: Vec<Option<IpAddr>>,
    secure: bool,
}

impl Forwarded {
    /// Reads `Forwarded` (RFC 7239) or `X-Forwarded-For` and `X-Forwarded-Proto`. If both are there, one of them may be
    /// the client's own invention: neither counts.
    fn of(headers: &HeaderMap) -> Self {
        let all = |name: &str| -> Vec<String> {
            let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            let values = values.flat_map(|value| value.split(','));
            values.map(|value| value.trim().to_owned()).collect()
        };
        let (standard, usual) = (all(header::FORWARDED.as_str()), all("x-forwarded-for"));
        match (standard.is_empty(), usual.is_empty()) {
            (false, true) => {
                let hops = standard.iter().map(|hop| parameter(hop, "for").and_then(address));
                let last = standard.last().and_then(|hop| parameter(hop, "proto"));
                let secure = last.is_some_and(|proto| proto.eq_ignore_ascii_case("https"));
                Self { hops: hops.collect(), secure }
            }
            (true, false) => {
                let last = all("x-forwarded-proto").pop();
                let secure = last.is_some_and(|proto| proto.eq_ignore_ascii_case("https"));
                Self { hops: usual.iter().map(|hop| address(hop)).collect(), secure }
            }
            (true, true) | (false, false) => Self { hops: Vec::new(), secure: false },
        }
    }

    /// Returns the right-most address that is no proxy of ours: what stands left of it, anybody may have written.
    fn first_untrusted(&self, proxies: &[IpAddr]) -> Option<IpAddr> {
        let mut hops = self.hops.iter().rev();
        hops.find(|hop| hop.is_none_or(|hop| !proxies.contains(&hop))).copied().flatten()
    }
}

/// Returns a parameter of one hop of `Forwarded`, without its quotes.
fn parameter<'a>(hop: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = hop.split(';').filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?.1;
    Some(value.trim().trim_matches('"'))
}

/// Reads an address with or without a port: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let ip = bare.parse::<IpAddr>().ok();
    ip.or_else(|| text.parse::<SocketAddr>().ok().map(|at| at.ip())).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: [IpAddr; 2] =
        [IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)), IpAddr::V4(Ipv4Addr::new(10, 0, 0, 3))];

    fn client(peer: &str, said: &[(&'static str, &str)]) -> (String, bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.append(*name, value.parse().unwrap());
        }
        let ClientConnection { address, secure } =
            ClientConnection::of(Some(peer.parse().unwrap()), &headers, &PROXY, false);
        (address.to_string(), secure)
    }

    #[test]
    fn what_a_stranger_says_of_its_address_is_not_heard() {
        let said = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-proto", "https")];

        assert_eq!(client("192.168.1.9", &said), ("192.168.1.9".to_owned(), false));
    }

    #[test]
    fn behind_a_named_proxy_the_right_most_stranger_is_the_client() {
        for (said, wanted) in [
            ("192.168.1.9", "192.168.1.9"),
            ("1.2.3.4, 192.168.1.9", "192.168.1.9"),
            ("1.2.3.4, 192.168.1.9, 10.0.0.3", "192.168.1.9"),
            ("10.0.0.3", "10.0.0.2"),
            ("1.2.3.4, nonsense", "10.0.0.2"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("::ffff:192.168.1.9", "192.168.1.9"),
        ] {
            assert_eq!(client("10.0.0.2", &[("x-forwarded-for", said)]).0, wanted, "{said}");
        }
        let lines = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "192.168.1.9")];
        assert_eq!(client("10.0.0.2", &lines).0, "192.168.1.9");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        let said = "for=1.2.3.4, for=\"[2001:db8::7]:80\";proto=https;by=10.0.0.2";

        assert_eq!(client("10.0.0.2", &[("forwarded", said)]), ("2001:db8::7".to_owned(), true));
        let hidden = "for=_secret";
        assert_eq!(client("10.0.0.2", &[("forwarded", hidden)]).0, "10.0.0.2");
    }

    #[test]
    fn two_ways_of_saying_it_are_one_too_many() {
        let said = [("forwarded", "for=1.2.3.4"), ("x-forwarded-for", "192.168.1.9")];

        assert_eq!(client("10.0.0.2", &said).0, "10.0.0.2");
    }

    proptest::proptest! {
        #[test]
        fn the_client_is_the_last_stranger_of_any_list(hops in proptest::collection::vec(0_u8..6, 0..8)) {
            let hops: Vec<IpAddr> = hops.into_iter().map(|n| [10, 0, 0, n].into()).collect();
            let said = hops.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let last = hops.iter().rev().find(|hop| !PROXY.contains(hop)).unwrap_or(&PROXY[0]);

            let found = client("10.0.0.2", &[("x-forwarded-for", said.as_str())]).0;

            proptest::prop_assert_eq!(found, last.to_string());
        }

        #[test]
        fn no_text_makes_a_proxy_or_a_panic_of_a_client(said in "[ -~]{0,60}", standard: bool) {
            let name = if standard { "forwarded" } else { "x-forwarded-for" };

            let found: IpAddr = client("10.0.0.2", &[(name, &said)]).0.parse().unwrap();

            proptest::prop_assert!(found == PROXY[0] || !PROXY.contains(&found));
        }
    }
}
