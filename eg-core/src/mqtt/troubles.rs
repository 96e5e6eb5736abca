//! Troubles with clients of the built-in broker, on their way to the engine.

use crate::broker::ClientTrouble;
use crate::clock::Clock;
use crate::ingest::{Arrival, Delivery};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Time without news after which a client makes no trouble any more; while it does, there is news each minute.
const CALM: Duration = Duration::from_secs(5 * 60);
/// Largest number of clients that are shown; the log has the others.
const SHOWN: usize = 8;

/// Passes troubles on, and that they are over. Never ends.
pub(super) async fn watch(
    mut troubles: mpsc::Receiver<ClientTrouble>,
    clock: Arc<dyn Clock>,
    bus: mpsc::Sender<Delivery>,
) {
    // The one that has been quiet longest comes first.
    let mut shown: VecDeque<(String, Instant)> = VecDeque::new();
    loop {
        let calm = shown.front().map(|(_, since)| *since + CALM);
        let what = tokio::select! {
            trouble = troubles.recv() => match trouble {
                Some(ClientTrouble { client_id, kind }) => {
                    let before = shown.len();
                    shown.retain(|(id, _)| *id != client_id);
                    if before == shown.len() && before >= SHOWN {
                        continue;
                    }
                    shown.push_back((client_id.clone(), Instant::now()));
                    Arrival::Client(client_id, Some(kind))
                }
                None => break,
            },
            () = sleep_until(calm.unwrap_or_else(Instant::now)), if calm.is_some() => {
                let Some((client_id, _)) = shown.pop_front() else { continue };
                Arrival::Client(client_id, None)
            }
        };
        let delivery = Delivery { at: clock.now(), what: vec![what], token: None };
        if bus.send(delivery).await.is_err() {
            break;
        }
    }
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::TroubleKind;
    use crate::clock::StoppedClock;
    use eg_proto::Timestamp;

    #[tokio::test(start_paused = true)]
    async fn a_client_is_named_and_forgotten_when_it_is_calm() {
        let ((tell, troubles), (bus, mut came)) = (mpsc::channel(99), mpsc::channel(99));
        let clock = Arc::new(StoppedClock::at(Timestamp(0)));
        let watching = tokio::spawn(watch(troubles, clock, bus));
        let mad =
            |n: usize| ClientTrouble { client_id: format!("c{n}"), kind: TroubleKind::TooFast };

        for n in 0..20 {
            tell.send(mad(n)).await.unwrap();
        }
        let mut told = Vec::new();
        for _ in 0..2 * SHOWN {
            told.extend(came.recv().await.unwrap().what);
        }

        let raised =
            (0..SHOWN).map(|n| Arrival::Client(format!("c{n}"), Some(TroubleKind::TooFast)));
        let over = (0..SHOWN).map(|n| Arrival::Client(format!("c{n}"), None));
        assert_eq!(told, raised.chain(over).collect::<Vec<_>>());
        assert!(came.try_recv().is_err());
        watching.abort();
    }
}
