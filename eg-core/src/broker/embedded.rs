//! The built-in broker: MQTT 3.1.1 and 5 on one port, on a thread of its own.

mod admission;
mod alarms;
mod answers;
mod backlog;
mod bridges;
mod budget;
mod clients;
mod connect_packet;
mod connect_sniff;
mod engine;
mod listener;
mod local;
mod meter;
mod options;
mod rate;
mod remembered;
mod report;
mod retained;
mod sessions;
mod translator;
mod wire;

pub use clients::Takeover;
pub use local::LocalBroker;
pub(crate) use local::{LocalMessage, LocalReceiver};
pub use options::{EmbeddedOptions, Limits};
pub use rate::Rate;
pub use remembered::Remember;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use eg_page::HalfOpen;

use super::thread::Thread;
use super::{Address, Broker, BrokerError, Counters, bind};
use crate::broker::embedded::engine::BrokerThread;
use crate::broker::embedded::report::BrokerReport;

/// Purpose of the port, in errors.
const WHAT: &str = "MQTT";

/// The built-in broker. Dropping it stops it.
#[derive(Debug)]
pub struct Embedded {
    options: EmbeddedOptions,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    _thread: Thread,
    report: BrokerReport,
    local: LocalBroker,
}

impl Embedded {
    /// Creates a broker that is not started yet.
    pub fn new(options: EmbeddedOptions) -> Self {
        Self { options, running: None }
    }
}

impl Broker for Embedded {
    fn start(&mut self) -> Result<Address, BrokerError> {
        if let Some(address) = self.address() {
            return Ok(address);
        }
        let options = self.options.clone();
        let open = async move || {
            let listener = bind::listen(WHAT, SocketAddr::new(options.listen, options.port))?;
            let address = listener.local_addr().map_err(|source| BrokerError::Listen {
                what: WHAT,
                address: SocketAddr::new(options.listen, options.port),
                source,
            })?;
            let engine = BrokerThread::open(&options).await?;
            let report = BrokerReport {
                address,
                stats: engine.stats(),
                half_open: HalfOpen::new(options.limits.half_open),
                turned_away: Arc::default(),
            };
            let tls = options.tls.clone();
            let news = (report.clone(), engine.local());
            Ok(((listener, engine, options.limits, tls, report), news))
        };
        let (thread, (report, local)) = Thread::start(
            "eg-broker",
            open,
            async |(listener, engine, limits, tls, report), stop| {
                listener::serve(listener, engine, limits, tls, report, stop).await;
            },
        )?;

        let listen = self.options.listen;
        if !listen.is_loopback() && self.options.access.is_none() {
            tracing::warn!(%listen, "the broker lets anyone on the network in");
        }
        self.options.port = report.address.port();
        let running = self.running.insert(Running { _thread: thread, report, local });
        Ok(near(running.report.address))
    }

    fn stop(&mut self) {
        self.running = None;
    }

    fn address(&self) -> Option<Address> {
        self.running.as_ref().map(|running| near(running.report.address))
    }

    fn local(&self) -> Option<LocalBroker> {
        self.running.as_ref().map(|running| running.local.clone())
    }

    fn counters(&self) -> Option<Counters> {
        let BrokerReport { stats, half_open, turned_away, .. } = &self.running.as_ref()?.report;
        Some(Counters {
            clients: stats.clients_connected.load(Ordering::Relaxed),
            clients_total: stats.clients_total.load(Ordering::Relaxed),
            half_open: half_open.len(),
            turned_away: turned_away.load(Ordering::Relaxed),
            messages_in: stats.publish_received.load(Ordering::Relaxed),
            messages_out: stats.publish_sent.load(Ordering::Relaxed),
            bytes_in: stats.bytes_received.load(Ordering::Relaxed),
            bytes_out: stats.bytes_sent.load(Ordering::Relaxed),
        })
    }
}

/// Returns the address at which this machine reaches `bound`: loopback stands in for "all addresses".
fn near(bound: SocketAddr) -> Address {
    let host = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    Address { host: host.to_string(), port: bound.port() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_what_it_is_for() {
        let mut first = Embedded::new(EmbeddedOptions::on_loopback(0));
        let port = first.start().unwrap().port;
        let mut second = Embedded::new(EmbeddedOptions::on_loopback(port));

        let error = second.start().unwrap_err().to_string();

        assert!(error.contains(&format!("port {port} for MQTT is taken on 127.0.0.1")), "{error}");
    }

    #[test]
    fn starts_again_on_the_port_it_had() {
        let mut broker = Embedded::new(EmbeddedOptions::on_loopback(0));
        let before = broker.start().unwrap();

        broker.stop();
        let stopped = broker.address();
        let after = broker.start().unwrap();

        assert_eq!(stopped, None);
        assert_eq!(before, after);
    }

    #[test]
    fn a_folder_in_use_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let options = EmbeddedOptions {
            folder: Some(folder.path().into()),
            ..EmbeddedOptions::on_loopback(0)
        };
        let mut first = Embedded::new(options.clone());
        first.start().unwrap();

        let error = Embedded::new(options).start().unwrap_err().to_string();

        assert!(error.contains(&folder.path().display().to_string()), "{error}");
    }

    #[test]
    fn clients_on_this_machine_reach_a_broker_that_listens_everywhere() {
        let addresses = ["0.0.0.0:1883", "[::]:1883", "192.168.1.27:1883"]
            .map(|bound| near(bound.parse().unwrap()).to_string());

        assert_eq!(addresses, ["127.0.0.1:1883", "[::1]:1883", "192.168.1.27:1883"]);
    }
}
