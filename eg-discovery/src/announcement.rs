//! Announcement of a core.

use crate::SERVICE;
use crate::network::{DiscoveryError, Network};
use mdns_sd::{ServiceDaemon, ServiceInfo};
use std::net::IpAddr;

/// Words of a core about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Id of the core.
    pub id: String,
    /// TCP port of its MQTT broker.
    pub port: u16,
    /// `true` if it speaks under TLS alone.
    pub tls: bool,
    /// Version of its program.
    pub version: String,
}

/// Announcement of a core, as long as this lives.
pub struct Announcement {
    daemon: ServiceDaemon,
    name: String,
}

impl Announcement {
    /// Announces a core on a network, and answers those who look for one.
    ///
    /// # Errors
    /// [`DiscoveryError`] when the machine has no multicast.
    pub fn start(core: &Announced, network: Network) -> Result<Self, DiscoveryError> {
        let daemon = network.daemon()?;
        // A name of its own: the machine's belongs to the machine's own announcements.
        let host = format!("eg-{}.local.", core.id);
        let tls = if core.tls { "1" } else { "0" };
        let said = [("tls", tls), ("version", core.version.as_str())];
        let addresses: &[IpAddr] = &[network.listen];
        let addresses = if network.listen.is_unspecified() { &[] } else { addresses };
        let service = ServiceInfo::new(SERVICE, &core.id, &host, addresses, core.port, &said[..])?;
        let service =
            if network.listen.is_unspecified() { service.enable_addr_auto() } else { service };
        let name = service.get_fullname().to_owned();
        daemon.register(service)?;
        Ok(Self { daemon, name })
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // Takes leave, so that nobody dials where nobody is; the thread ends by itself.
        if let Ok(left) = self.daemon.unregister(&self.name) {
            let _ = left.recv_timeout(std::time::Duration::from_secs(1));
        }
        let _ = self.daemon.shutdown();
    }
}
