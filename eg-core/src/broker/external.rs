//! A broker that somebody else runs: Mosquitto, EMQX, a hosted one.

use super::{Address, Broker, BrokerError, Counters, LocalBroker};

/// Address of a broker that runs elsewhere. Nothing is started; whether the broker answers is up to the client, which
/// retries for ever and reports why it cannot connect.
#[derive(Clone, Debug)]
pub struct External {
    address: Address,
}

impl External {
    /// Creates a handle for the broker at `host` and `port`.
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

    fn local(&self) -> Option<LocalBroker> {
        None
    }

    fn counters(&self) -> Option<Counters> {
        None
    }
}
