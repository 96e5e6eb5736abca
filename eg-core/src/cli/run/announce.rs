//! Announcement of the core on its network.

use crate::config::{BrokerConfig, CoreConfig};
use eg_discovery::{Announced, Announcement, Network};

/// Announces the core for as long as the answer lives; `None` where the file forbids it, where the broker is another
/// machine's, or where the machine has no multicast, which is logged.
pub(super) fn announce(config: &CoreConfig, mqtt: u16) -> Option<Announcement> {
    if !config.discovery {
        return None;
    }
    if let BrokerConfig::External { host, .. } = &config.broker
        && !is_here(host)
    {
        tracing::info!(host, "the broker is another machine's, so the core is not announced");
        return None;
    }
    let core = Announced {
        id: config.device_id.clone(),
        port: mqtt,
        tls: config.tls.is_some(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let started = Announcement::start(&core, Network::of(config.listen));
    started.inspect_err(|error| tracing::warn!(%error, "the core is not announced")).ok()
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_config::Source;

    fn config(text: &str) -> CoreConfig {
        CoreConfig::from_source(&Source::text("core.yaml", text), &Default::default()).unwrap()
    }

    #[test]
    fn a_core_that_may_not_or_whose_broker_is_elsewhere_is_not_announced() {
        let forbidden = announce(&config("discovery: false\n"), 1883);
        let elsewhere = announce(&config("broker: { host: 10.0.0.9 }\n"), 1883);

        assert!(forbidden.is_none() && elsewhere.is_none());
    }
}
