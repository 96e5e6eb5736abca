//! The stream that keeps an open page up to date.

use super::routes::Site;
use axum::response::sse::Event;
use eg_page::{Fragments, Lang};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tokio_stream::wrappers::ReceiverStream;

/// A reader hears something at least this often; the page's script says that it lost its connection after 8 s.
const BEAT: Duration = Duration::from_secs(3);

/// A reader gets changes at most this often.
const PACE: Duration = Duration::from_millis(30);

/// The events of one reader. They end when the slot stops or the reader goes.
pub(super) fn stream(site: Site, lang: Lang) -> ReceiverStream<Result<Event, Infallible>> {
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(follow(site, lang, sender));
    ReceiverStream::new(receiver)
}

async fn follow(site: Site, lang: Lang, reader: mpsc::Sender<Result<Event, Infallible>>) {
    let mut state = site.state.clone();
    let mut stop = site.stop.clone();
    let mut sent = Fragments::default();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = Instant::now();
    loop {
        let fragments = {
            let state = state.borrow_and_update();
            site.sight(lang, &state)
                .fragments()
                .map(|(id, html)| sent.changed(id, html.into_string()))
        };
        for fragment in fragments.into_iter().flatten() {
            let Ok(event) = Event::default().event("fragment").json_data(&fragment) else { return };
            if reader.send(Ok(event)).await.is_err() {
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
            Ok(true) => reader.send(Ok(Event::default().event("beat").data("-"))).await.is_ok(),
            Ok(false) => true,
            Err(()) => false,
        };
        if !going_on {
            return;
        }
    }
}
