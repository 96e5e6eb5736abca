//! Stream that keeps an open page up to date.

use crate::http::caller::{Caller, ended};
use crate::http::context::Context;
use eg_page::{Fragments, Message};
use maud::Markup;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

/// Longest silence towards a reader; the page's script says that it lost its connection after 8 s.
const BEAT: Duration = Duration::from_secs(3);

/// Shortest time between two changes for a reader, so that a flood of events does not become a flood of pages.
const PACE: Duration = Duration::from_millis(60);

/// Function that renders a page's parts that change, by the id of the element they stand in.
pub(super) type Render = Box<dyn Fn(&Context) -> Vec<(String, Markup)> + Send + Sync>;

/// Returns the messages of one reader. They end when the core stops, the reader goes, or the reader's rights end.
pub(super) fn stream(context: Context, caller: Caller, look: Render) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(32);
    let mut stop = context.stop.clone();
    let watching = context.audience.watch_page();
    tokio::spawn(async move {
        let _watching = watching;
        let door = context.clone();
        tokio::select! {
            () = ended(&door, caller.identity()) => {}
            () = follow(context, look, sender) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    });
    receiver
}

/// End of a stream: the reader is gone, or the core stops.
struct Over;

async fn follow(context: Context, look: Render, reader: mpsc::Sender<Message>) {
    let mut state = context.handle.changed();
    let mut adoption = context.access.changed();
    let mut entries = context.handle.live();
    let mut accounts = context.auth.changed();
    let mut sent = Fragments::default();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = Instant::now();
    loop {
        if push(&context, &look, &mut sent, &reader).await.is_err() {
            return;
        }
        next = (next + PACE).max(Instant::now());
        sleep_until(next).await;
        let wake = async {
            tokio::select! {
                changed = state.changed() => changed.map_err(|_| Over),
                changed = accounts.changed() => changed.map_err(|_| Over),
                changed = adoption.changed() => changed.map_err(|_| Over),
                entry = entries.recv() => match entry {
                    Ok(_) | Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => Err(Over),
                },
                _ = beat.tick() => {
                    let now = Message::Beat(Some(context.clock.now().0 / 1_000));
                    reader.send(now).await.map_err(|_| Over)
                }
            }
        };
        if wake.await.is_err() {
            return;
        }
    }
}

/// Sends the parts that differ from those sent to this reader before.
async fn push(
    context: &Context,
    look: &Render,
    sent: &mut Fragments,
    reader: &mpsc::Sender<Message>,
) -> Result<(), Over> {
    let changed: Vec<_> = {
        let fragments = look(context).into_iter();
        fragments.filter_map(|(id, html)| sent.changed(&id, html.into_string())).collect()
    };
    for fragment in changed {
        reader.send(Message::Fragment(fragment)).await.map_err(|_| Over)?;
    }
    Ok(())
}
