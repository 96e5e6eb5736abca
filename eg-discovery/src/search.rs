//! Search for the cores of a network.

use crate::SERVICE;
use crate::found_core::FoundCore;
use crate::network::{DiscoveryError, Network};
use crate::sighting::Sighting;
use mdns_sd::{ServiceDaemon, ServiceEvent};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// Time in which other cores may answer too before the only one in sight is taken: answers are spread over half a second
/// (RFC 6762, 6), and a lost question is asked again after one (5.2).
const OTHERS: Duration = Duration::from_millis(2_500);

/// A search that goes on as long as this lives.
pub struct Search {
    daemon: ServiceDaemon,
    seen: watch::Receiver<Sighting>,
}

impl Search {
    /// Begins to look for cores on a network; on the runtime that this is called on.
    ///
    /// # Errors
    /// [`DiscoveryError`] when the machine has no multicast.
    pub fn start(network: Network) -> Result<Self, DiscoveryError> {
        let daemon = network.daemon()?;
        let events = daemon.browse(SERVICE)?;
        let (sighting, seen) = watch::channel(Sighting::default());
        tokio::spawn(async move {
            let mut settled = None;
            loop {
                let event = match settled {
                    None => events.recv_async().await,
                    Some(at) => match timeout_at(at, events.recv_async()).await {
                        Ok(event) => event,
                        Err(_) => {
                            settled = None;
                            sighting.send_modify(Sighting::settle);
                            continue;
                        }
                    },
                };
                let Ok(event) = event else { return };
                if note(&sighting, &event) {
                    settled = settled.or_else(|| Some(Instant::now() + OTHERS));
                }
            }
        });
        Ok(Self { daemon, seen })
    }

    /// The cores in sight, with every change.
    pub fn watch(&self) -> watch::Receiver<Sighting> {
        self.seen.clone()
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        let _ = self.daemon.shutdown();
    }
}

/// Takes over what an event says of the cores in sight, and tells whether it said something.
fn note(sighting: &watch::Sender<Sighting>, event: &ServiceEvent) -> bool {
    if let ServiceEvent::ServiceResolved(service) = event {
        let Some(core) = FoundCore::of(service) else { return false };
        tracing::info!(%core, "a core announces itself");
        sighting.send_modify(|sighting| sighting.came(core));
        return true;
    }
    if let ServiceEvent::ServiceRemoved(kind, name) = event {
        let name = name.strip_suffix(kind.as_str()).unwrap_or(name).trim_end_matches('.');
        tracing::info!(name, "a core does not announce itself any more");
        sighting.send_modify(|sighting| sighting.left(name));
        return true;
    }
    false
}

/// Looks which cores announce themselves now, for as long as their answers may take.
///
/// # Errors
/// [`DiscoveryError`] when the machine has no multicast.
pub async fn look_around(network: Network) -> Result<Vec<FoundCore>, DiscoveryError> {
    let search = Search::start(network)?;
    tokio::time::sleep(OTHERS).await;
    let seen = search.seen.borrow();
    Ok(seen.cores().cloned().collect())
}
