//! Network that is announced on and looked at.

use mdns_sd::{IfKind, ServiceDaemon};
use std::net::IpAddr;

/// Port of multicast DNS.
const MDNS: u16 = 5353;

/// Network on which cores and agents meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Address of this machine to use; `0.0.0.0` for all of them, with the machine itself.
    pub listen: IpAddr,
    /// UDP port; 5353 but in tests.
    pub port: u16,
}

/// Reason why nobody can be told or looked for.
#[derive(Debug, thiserror::Error)]
#[error(
    "multicast DNS does not work on this machine: {0}; say `discovery: false`, and name the core"
)]
pub struct DiscoveryError(#[from] pub(crate) mdns_sd::Error);

impl Network {
    /// The network that this address of this machine is on.
    pub fn of(listen: IpAddr) -> Self {
        Self { listen, port: MDNS }
    }

    /// Starts the thread that speaks on it.
    pub(crate) fn daemon(&self) -> Result<ServiceDaemon, DiscoveryError> {
        let daemon = match self.port {
            MDNS => ServiceDaemon::new()?,
            port => ServiceDaemon::new_with_port(port)?,
        };
        if self.listen.is_unspecified() {
            daemon.enable_interface(IfKind::LoopbackV4)?;
        } else {
            daemon.disable_interface(IfKind::All)?;
            daemon.enable_interface(IfKind::Addr(self.listen))?;
        }
        Ok(daemon)
    }
}
