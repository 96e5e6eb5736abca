//! Check of the origin of pages that want to connect (RFC 6455, section 10.2).

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use eg_page::{excerpt, host_name, is_local};
use thiserror::Error;

/// Rules for accepted origins: programs, which send none; pages of this very host; pages in the list.
#[derive(Debug)]
pub(super) struct Origins {
    listed: Vec<String>,
    hosts: Vec<String>,
}

/// Reason why a page may not connect.
#[derive(Debug, Error, PartialEq, Eq)]
pub(super) enum OriginError {
    #[error("the origin is not readable text")]
    Unreadable,
    #[error("add {origin} to `origins` in core.yaml, or its pages may not connect")]
    NotListed { origin: String },
}

impl Origins {
    /// Creates rules that accept these origins, and pages of hosts by these names.
    pub(super) fn new(listed: &[String], hosts: &[String]) -> Self {
        let lower = |all: &[String]| all.iter().map(|one| one.to_ascii_lowercase()).collect();
        Self { listed: lower(listed), hosts: lower(hosts) }
    }

    /// Checks the headers of a request.
    ///
    /// A page of this host is one whose address has the same host name, whatever its port, or one of
    /// this core's names. Without being one of these the name has to be an address or a local one:
    /// any other could be a stranger's, made to point here (DNS rebinding), and belongs in a list.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), OriginError> {
        let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
        let origin = origin.to_str().map_err(|_| OriginError::Unreadable)?.to_ascii_lowercase();
        if self.listed.iter().any(|listed| *listed == "*" || *listed == origin) {
            return Ok(());
        }
        let here = headers.get(HOST).and_then(|host| host.to_str().ok()).map(host_name);
        let page = origin.split_once("://").map(|(_, host)| host_name(host));
        match (page, here) {
            (Some(page), _) if self.hosts.iter().any(|host| host == page) => Ok(()),
            (Some(page), Some(here)) if page.eq_ignore_ascii_case(here) && is_local(page) => Ok(()),
            _ => Err(OriginError::NotListed { origin: excerpt(&origin) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    fn judged(listed: &[&str], origin: Option<&str>, host: &str) -> bool {
        let listed: Vec<String> = listed.iter().map(|&origin| origin.to_owned()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        Origins::new(&listed, &["core.example.org".to_owned()]).check(&headers).is_ok()
    }

    #[test]
    fn lets_programs_and_pages_of_this_host_in() {
        let welcome = [
            (None, "192.168.1.27:9001"),
            (Some("http://192.168.1.27:3000"), "192.168.1.27:9001"),
            (Some("http://[fe80::1]:3000"), "[fe80::1]:9001"),
            (Some("http://localhost:5173"), "localhost:9001"),
            (Some("http://core-01:3000"), "core-01:9001"),
            (Some("http://Core-01.local"), "core-01.local:9001"),
            (Some("http://Core.Example.org:3000"), "core.example.org:9001"),
            (Some("https://core.example.org"), "192.168.1.27:9001"),
        ];

        for (origin, host) in welcome {
            assert!(judged(&[], origin, host), "{origin:?} at {host}");
        }
    }

    #[test]
    fn keeps_pages_from_elsewhere_out() {
        let strangers = [
            ("http://evil.example", "192.168.1.27:9001"),
            ("http://localhost", "127.0.0.1:9001"),
            ("null", "192.168.1.27:9001"),
            ("http://evil.example", "evil.example:9001"),
            ("http://192.168.1.27.evil.example", "192.168.1.27:9001"),
            ("http://core.example.org.evil.example", "core.example.org:9001"),
        ];

        for (origin, host) in strangers {
            assert!(!judged(&[], Some(origin), host), "{origin} at {host}");
        }
    }

    #[test]
    fn lets_listed_pages_in() {
        assert!(judged(&["https://pages.example"], Some("https://Pages.example"), "10.0.0.1"));
        assert!(!judged(&["https://pages.example"], Some("https://other.example"), "10.0.0.1"));
        assert!(judged(&["*"], Some("null"), "10.0.0.1"));
    }

    /// Lines of a log.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn ten_thousand_pages_that_are_turned_away_make_five_short_lines_a_minute() {
        let log = Log::default();
        let writer = log.clone();
        let lines =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        let _guard = tracing::subscriber::set_default(lines);
        let origin = format!("http://evil.example/{}", "x".repeat(1_000));
        let refuse = || {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, origin.parse().unwrap());
            let refusal = Origins::new(&[], &[]).check(&headers).unwrap_err();
            eg_page::complain("a page was not let in", "192.0.2.7", refusal);
        };

        (0..10_000).for_each(|_| refuse());
        tokio::time::advance(std::time::Duration::from_secs(61)).await;
        refuse();

        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 6, "{text}");
        assert!(text.lines().last().unwrap().contains("more=9995"), "{text}");
        assert!(text.len() < 6 * 500, "{}", text.len());
    }
}
