//! Host names of requests: which of them a stranger's page cannot have.

use axum::http::{HeaderMap, header};
use std::net::IpAddr;

/// Endings of names that only a local network can give: a page from the internet cannot have one.
const LOCAL_ENDINGS: [&str; 6] =
    [".localhost", ".local", ".lan", ".home", ".internal", ".home.arpa"];

/// Returns the host of `host:port`, without brackets.
pub fn host_name(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.split(':').next().unwrap_or(authority),
    }
}

/// Returns `true` if a name, in lower case, is an IP address or can only be a local name. Any other could be a stranger's,
/// made to point here (DNS rebinding).
pub fn is_local(name: &str) -> bool {
    name.parse::<IpAddr>().is_ok()
        || (!name.is_empty() && !name.contains('.'))
        || LOCAL_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Returns `true` if a request comes from a page of this very host and port, or from no page at all: a browser sends an
/// `Origin` with whatever a page of another site makes it send (RFC 6454, section 7).
pub fn is_own_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    origin.zip(host).is_some_and(|((_, origin), host)| origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_another_host_or_port_is_not_our_own() {
        let from = |origin: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "room.local:3000".parse().unwrap());
            headers.extend(origin.map(|origin| (header::ORIGIN, origin.parse().unwrap())));
            is_own_page(&headers)
        };

        assert!(from(None) && from(Some("http://room.local:3000")));
        assert!(!from(Some("http://room.local:8080")) && !from(Some("http://evil.example")));
        assert!(!from(Some("null")));
    }

    #[test]
    fn a_name_of_the_internet_is_not_local() {
        assert!(
            ["192.168.1.27", "fe80::1", "localhost", "core-01", "core.local"].map(is_local)
                == [true; 5]
        );
        assert!(
            !is_local("evil.example") && !is_local("") && !is_local("192.168.1.27.evil.example")
        );
    }

    #[test]
    fn a_port_and_brackets_are_no_part_of_a_name() {
        let names = ["a:80", "[fe80::1]:80", "[fe80::1]", "a"].map(host_name);

        assert_eq!(names, ["a", "fe80::1", "fe80::1", "a"]);
    }
}
