//! Report of the broker's thread, for whoever started it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use eg_page::HalfOpen;
use mqtt5::broker::sys_topics::BrokerStats;

/// Address and counters that the broker's thread reports once it is ready.
#[derive(Clone, Debug)]
pub(super) struct BrokerReport {
    pub(super) address: SocketAddr,
    pub(super) stats: Arc<BrokerStats>,
    pub(super) half_open: HalfOpen,
    pub(super) turned_away: Arc<AtomicU64>,
}
