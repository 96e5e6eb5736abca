//! The ports of a core: free, its own, or somebody else's.

use crate::access::control::{ControlRequest, ask};
use crate::config::{BrokerConfig, CoreConfig};
use eg_page::Finding;
use std::net::TcpListener;

/// Tells whether a core runs on this journal.
pub(super) fn running(config: &CoreConfig) -> bool {
    ask(&config.db, &ControlRequest::List).is_ok_and(|answer| answer.is_some())
}

pub(super) fn ports(config: &CoreConfig, runs: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    if config.listen.is_loopback() {
        found.push(Finding::doubtful("loopback").with("address", config.listen));
    }
    if runs {
        found.push(Finding::good("runs").with("version", env!("CARGO_PKG_VERSION")));
        return found;
    }
    let embedded = matches!(config.broker, BrokerConfig::Embedded);
    let own = [("mqtt", config.ports.mqtt), ("websocket", config.ports.websocket)];
    let web = [("api", config.ports.api), ("page", config.ports.page)];
    let all = own.into_iter().filter(|_| embedded).chain(web).filter(|(_, port)| *port > 0);
    let taken: Vec<_> = all
        .filter_map(|(name, port)| {
            let error = TcpListener::bind((config.listen, port)).err()?;
            Some(Finding::bad("port").with("name", name).with("port", port).because(error))
        })
        .collect();
    if taken.is_empty() {
        found.push(Finding::good("ports"));
    }
    found.extend(taken);
    found
}
