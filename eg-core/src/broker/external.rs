//! A broker that somebody else runs: Mosquitto, EMQX, a hosted one.

use super::{Address, Broker, BrokerError, Counters};

/// Where another broker is. Nothing is started; whether it answers is the client's affair, which
/// tries again for ever and says why it cannot.
#[derive(Clone, Debug)]
pub struct External {
    address: Address,
}

impl External {
    /// The broker at `host` and `port`.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self { address: Address { host: host.into(), port } }
    }
}

impl Broker for External {
    fn start(&mut self) -> Result<Address, BrokerError> {
        Ok(self.address.clone())
    }

    fn stop(&mut self) {}

    fn address(&self) -> Option<Address> {
        Some(self.address.clone())
    }

    fn counters(&self) -> Option<Counters> {
        None
    }
}
