//! The streams that keep open pages up to date.

use super::peer::Peer;
use super::site::Site;
use crate::slot::SlotState;
use eg_hal::{Moment, clock};
use eg_page::{Feed, Lang, Parts};
use maud::Markup;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// A reader gets changes at most this often.
const PACE: Duration = Duration::from_millis(30);

/// Renders the parts of a page that change.
type Look = dyn Fn(&Site, &SlotState) -> Vec<(String, Markup)> + Send + Sync;

/// The stream of one reader of the technician's page. It ends when the slot stops or the reader goes.
pub(super) fn board(site: Site, lang: Lang) -> Feed {
    stream(site, Arc::new(move |site: &Site, state: &SlotState| site.view(lang, state).parts()))
}

/// The stream of one reader of the players' page.
pub(super) fn player(site: Site, lang: Lang, peer: Peer) -> Feed {
    let look = move |site: &Site, state: &SlotState| site.player(lang, state, peer).parts();
    stream(site, Arc::new(look))
}

fn stream(site: Site, look: Arc<Look>) -> Feed {
    let mut stop = site.stop.clone();
    let over = async move {
        // Its sender going away is as good a reason as its word.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let state = site.state.clone();
    let now = move || core_now(&state.borrow(), clock::now());
    Feed::new(move || read(site.clone(), Arc::clone(&look)), now, over)
}

/// A moment in the core's clock, in ms since the Unix epoch, as far as the slot knows that.
pub(super) fn core_now(state: &SlotState, now: Moment) -> Option<i64> {
    let offset = state.clock.as_ref()?.offset_us;
    let micros = i64::try_from(now.since(Moment(0)).as_micros()).unwrap_or(i64::MAX);
    Some(micros.saturating_add(offset) / 1_000)
}

fn read(site: Site, look: Arc<Look>) -> watch::Receiver<Arc<Parts>> {
    let mut state = site.state.clone();
    let first = look(&site, &state.borrow_and_update());
    let (page, reader) = watch::channel(Arc::new(Parts::new(first)));
    tokio::spawn(async move {
        loop {
            let next = Instant::now() + PACE;
            let fades = {
                let now = clock::now();
                state.borrow().player.next_change(now).map(|at| at.since(now))
            };
            tokio::select! {
                () = page.closed() => return,
                changed = state.changed() => if changed.is_err() { return },
                () = sleep(fades.unwrap_or_default()), if fades.is_some() => {}
            }
            sleep_until(next).await;
            let parts = look(&site, &state.borrow_and_update());
            page.send_if_modified(|before| match before.next(parts) {
                Some(next) => {
                    *before = Arc::new(next);
                    true
                }
                None => false,
            });
        }
    });
    reader
}
