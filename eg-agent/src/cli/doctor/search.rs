//! The core that no file names, by what announces itself now.

use super::printer::Printer;
use crate::config::CoreAddress;
use eg_discovery::{Network, look_around};
use eg_page::Finding;
use std::net::Ipv4Addr;

/// Looks for the core; `None` where none or several are in sight, which is told.
pub(super) async fn core(named: &CoreAddress, report: &mut Printer) -> Option<CoreAddress> {
    if !named.is_looked_for() {
        return Some(named.clone());
    }
    let seen = match look_around(Network::of(Ipv4Addr::UNSPECIFIED.into())).await {
        Ok(seen) => seen,
        Err(error) => {
            report.tell(Finding::bad("multicast").because(error));
            return None;
        }
    };
    match seen.as_slice() {
        [] => {
            report.tell(Finding::bad("no-core"));
            None
        }
        [core] => {
            report.tell(Finding::good("core-found").with("core", core));
            let (host, port) = (core.address.to_string(), core.port);
            Some(CoreAddress { host, port, tls: named.tls })
        }
        several => {
            let all: Vec<_> = several.iter().map(ToString::to_string).collect();
            report.tell(Finding::bad("several-cores").with("cores", all.join(", ")));
            None
        }
    }
}
