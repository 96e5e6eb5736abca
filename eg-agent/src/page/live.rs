//! The stream that keeps an open page up to date.

use super::site::Site;
use eg_page::{Feed, Lang, Parts};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A reader gets changes at most this often.
const PACE: Duration = Duration::from_millis(30);

/// The stream of one reader. It ends when the slot stops or the reader goes.
pub(super) fn stream(site: Site, lang: Lang) -> Feed {
    let mut stop = site.stop.clone();
    let over = async move {
        // Its sender going away is as good a reason as its word.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    Feed::new(move || read(site.clone(), lang), || None, over)
}

fn read(site: Site, lang: Lang) -> watch::Receiver<Arc<Parts>> {
    let mut state = site.state.clone();
    let first = site.view(lang, &state.borrow_and_update()).parts();
    let (page, reader) = watch::channel(Arc::new(Parts::new(first)));
    tokio::spawn(async move {
        loop {
            let next = Instant::now() + PACE;
            tokio::select! {
                () = page.closed() => return,
                changed = state.changed() => if changed.is_err() { return },
            }
            sleep_until(next).await;
            let parts = site.view(lang, &state.borrow_and_update()).parts();
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
