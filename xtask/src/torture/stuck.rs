//! Guests who ask for everything that they may have, and read nothing of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::mqtt::Client;

/// Topic below which guests talk to each other.
pub(super) const NOISE: &str = "noise";
/// Messages a second that one of them sends to the other, and the bytes of each.
const SENT: (u32, usize) = (100, 4_000);
/// Time after which a guest who was let go comes again.
const AGAIN: Duration = Duration::from_secs(15);

/// Lets one guest listen without ever reading while another talks, until it is told to stop.
pub(super) fn guests(broker: SocketAddr, over: &Arc<AtomicBool>) -> [JoinHandle<()>; 2] {
    let (deaf_over, loud_over) = (Arc::clone(over), Arc::clone(over));
    let deaf = thread::spawn(move || {
        while !deaf_over.load(Ordering::Relaxed) {
            // A broker that is away or refuses is asked again.
            let listening = deaf(broker, "guest-deaf");
            wait(AGAIN, &deaf_over);
            drop(listening);
        }
    });
    let loud = thread::spawn(move || {
        let payload = vec![b'x'; SENT.1];
        let mut client = None;
        while !loud_over.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_secs(1) / SENT.0);
            let Some(talking) = &mut client else {
                client = Client::connect(broker, "guest-loud", None).ok();
                continue;
            };
            if talking.publish(&format!("{NOISE}/all"), &payload, false).is_err() {
                client = None;
            }
        }
    });
    [deaf, loud]
}

/// Connects a guest who listens to [`NOISE`] and never reads.
pub(super) fn deaf(broker: SocketAddr, id: &str) -> anyhow::Result<Client> {
    let mut client = Client::open(broker, id, None)?;
    client.subscribe(&format!("{NOISE}/#"))?;
    Ok(client)
}

fn wait(time: Duration, over: &AtomicBool) {
    let until = eg_clock::monotonic() + time;
    while eg_clock::monotonic() < until && !over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(100));
    }
}
