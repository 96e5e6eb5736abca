//! The core of slots whose files name none.

use crate::config::SlotConfig;
use eg_discovery::{Network, Search, Sighting};
use eg_mqtt::SharedAddress;
use std::net::Ipv4Addr;

/// Looks for the core as long as this lives.
pub(super) struct CoreSearch {
    _search: Option<Search>,
    pub(super) address: SharedAddress,
}

impl CoreSearch {
    /// Begins to look where a slot names no core; `None` where each does. A machine without multicast is told, and the slots
    /// run without a core.
    pub(super) fn start(slots: &[SlotConfig]) -> Option<Self> {
        slots.iter().find(|slot| slot.core.is_looked_for())?;
        let (address, network) =
            (shared(&Sighting::default()), Network::of(Ipv4Addr::UNSPECIFIED.into()));
        let search = match Search::start(network) {
            Ok(search) => search,
            Err(error) => {
                tracing::error!(%error, "the core is not looked for");
                address.set(Err(error.to_string()));
                return Some(Self { _search: None, address });
            }
        };
        let (mut seen, found) = (search.watch(), address.clone());
        tokio::spawn(async move {
            while seen.changed().await.is_ok() {
                found.set(place(&seen.borrow()));
            }
        });
        Some(Self { _search: Some(search), address })
    }
}

fn shared(sighting: &Sighting) -> SharedAddress {
    let address = SharedAddress::unknown("");
    address.set(place(sighting));
    address
}

fn place(sighting: &Sighting) -> Result<(String, u16), String> {
    sighting.core().map(|core| (core.address.to_string(), core.port))
}
