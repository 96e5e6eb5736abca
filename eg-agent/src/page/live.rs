//! The stream that keeps an open page up to date.

use super::site::Site;
use eg_page::{Fragments, Lang, Message};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

/// A reader hears something at least this often; the page's script says that it lost its connection after 8 s.
const BEAT: Duration = Duration::from_secs(3);

/// A reader gets changes at most this often.
const PACE: Duration = Duration::from_millis(30);

/// The messages of one reader. They end when the slot stops or the reader goes.
pub(super) fn stream(site: Site, lang: Lang) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(follow(site, lang, sender));
    receiver
}

async fn follow(site: Site, lang: Lang, reader: mpsc::Sender<Message>) {
    let mut state = site.state.clone();
    let mut stop = site.stop.clone();
    let mut sent = Fragments::default();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = Instant::now();
    loop {
        let fragments = {
            let state = state.borrow_and_update();
            site.view(lang, &state)
                .fragments()
                .map(|(id, html)| sent.changed(id, html.into_string()))
        };
        for fragment in fragments.into_iter().flatten() {
            if reader.send(Message::Fragment(fragment)).await.is_err() {
                return;
            }
        }
        next = (next + PACE).max(Instant::now());
        sleep_until(next).await;
        let due = tokio::select! {
            changed = state.changed() => changed.map(|()| false).map_err(drop),
            _ = beat.tick() => Ok(true),
            _ = stop.wait_for(|stop| *stop) => Err(()),
        };
        let going_on = match due {
            Ok(true) => reader.send(Message::Beat(None)).await.is_ok(),
            Ok(false) => true,
            Err(()) => false,
        };
        if !going_on {
            return;
        }
    }
}
