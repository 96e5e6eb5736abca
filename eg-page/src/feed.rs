//! Messages of one reader of a page: what changed since the revision that the reader has, and signs of life.
//!
//! A reader who is slow, or whose page is hidden, gets no queue: the next message is made when the last one is taken,
//! from the page as it is by then.

use crate::{Changes, Mark, Parts};
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Longest silence towards a reader; the page's script says that it lost its connection after 8 s.
const BEAT: Duration = Duration::from_secs(3);

/// One message of a page's stream, as JSON: `{"parts": {"mark": "a1-2", "parts": [{"id": …, "html": …}]}}` or
/// `{"beat": 1764012345678}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// New content for elements.
    Parts(Changes),
    /// A sign of life: the server's clock in ms since the Unix epoch, where the page counts by it.
    Beat(Option<i64>),
}

/// Source of the revisions of a page. Each call begins to follow the page, until the receiver is dropped.
type Subscribe = dyn Fn() -> watch::Receiver<Arc<Parts>> + Send + Sync;

/// Stream of one page for one reader, before it flows.
pub struct Feed {
    subscribe: Box<Subscribe>,
    now: Box<dyn Fn() -> Option<i64> + Send + Sync>,
    over: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Feed {
    /// Creates the stream of a page. `now` is the clock of its beats; once `over` resolves, the stream ends.
    pub fn new(
        subscribe: impl Fn() -> watch::Receiver<Arc<Parts>> + Send + Sync + 'static,
        now: impl Fn() -> Option<i64> + Send + Sync + 'static,
        over: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self { subscribe: Box::new(subscribe), now: Box::new(now), over: Box::pin(over) }
    }

    /// Returns the messages for a reader who has the revision `seen`. While the reader's page is not `shown`, beats are
    /// all that comes.
    pub(crate) fn messages(
        self,
        seen: Option<Mark>,
        shown: watch::Receiver<bool>,
    ) -> mpsc::Receiver<Message> {
        let (reader, messages) = mpsc::channel(1);
        let Self { subscribe, now, over } = self;
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut flow = Flow { seen, shown, now, beat, reader };
        tokio::spawn(async move {
            tokio::select! {
                () = over => {}
                _ = flow.run(&subscribe) => {}
            }
        });
        messages
    }
}

/// End of a stream: the reader is gone, or the page is.
struct Over;

struct Flow {
    seen: Option<Mark>,
    shown: watch::Receiver<bool>,
    now: Box<dyn Fn() -> Option<i64> + Send + Sync>,
    beat: Interval,
    reader: mpsc::Sender<Message>,
}

impl Flow {
    async fn run(&mut self, subscribe: &Subscribe) -> Result<(), Over> {
        loop {
            while !*self.shown.borrow_and_update() {
                tokio::select! {
                    changed = self.shown.changed() => changed.map_err(|_| Over)?,
                    _ = self.beat.tick() => self.live().await?,
                }
            }
            self.follow(subscribe()).await?;
        }
    }

    /// Sends what changes until the page is hidden.
    async fn follow(&mut self, mut page: watch::Receiver<Arc<Parts>>) -> Result<(), Over> {
        loop {
            let changes = {
                let parts = page.borrow_and_update();
                parts.since(self.seen.replace(parts.mark()))
            };
            if let Some(changes) = changes {
                self.say(Message::Parts(changes)).await?;
            }
            tokio::select! {
                changed = page.changed() => changed.map_err(|_| Over)?,
                changed = self.shown.changed() => {
                    changed.map_err(|_| Over)?;
                    if !*self.shown.borrow() {
                        return Ok(());
                    }
                }
                _ = self.beat.tick() => self.live().await?,
            }
        }
    }

    async fn live(&self) -> Result<(), Over> {
        self.say(Message::Beat((self.now)())).await
    }

    async fn say(&self, message: Message) -> Result<(), Over> {
        self.reader.send(message).await.map_err(|_| Over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maud::html;

    fn page(says: u32) -> Vec<(String, maud::Markup)> {
        vec![("part".to_owned(), html! { (says) })]
    }

    struct Stage {
        pages: watch::Sender<Arc<Parts>>,
        shown: watch::Sender<bool>,
        messages: mpsc::Receiver<Message>,
    }

    fn stage() -> Stage {
        let first = Arc::new(Parts::new(page(0)));
        let seen = Some(first.mark());
        let (pages, _) = watch::channel(first);
        let (shown, visible) = watch::channel(true);
        let follow = pages.clone();
        let feed = Feed::new(move || follow.subscribe(), || None, std::future::pending());
        Stage { pages, shown, messages: feed.messages(seen, visible) }
    }

    impl Stage {
        fn changes(&self, says: u32) {
            self.pages.send_modify(|parts| *parts = Arc::new(parts.next(page(says)).unwrap()));
        }

        /// Returns the next content of the part.
        async fn hears(&mut self) -> String {
            loop {
                if let Message::Parts(mut changes) = self.messages.recv().await.unwrap() {
                    return changes.parts.remove(0).html;
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_who_has_the_page_is_sent_what_changes_alone() {
        let mut stage = stage();
        assert_eq!(stage.messages.recv().await, Some(Message::Beat(None)));

        stage.changes(1);

        assert_eq!(stage.hears().await, "1");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_is_at_most_two_messages_behind_and_then_has_the_latest() {
        let mut stage = stage();
        tokio::task::yield_now().await;
        for says in 1..=1_000 {
            stage.changes(says);
            tokio::task::yield_now().await;
        }

        let mut heard = 0;
        while stage.hears().await != "1000" {
            heard += 1;
        }
        assert!(heard <= 2, "{heard}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_hidden_page_hears_beats_alone_and_the_latest_once_it_is_seen_again() {
        let mut stage = stage();
        stage.shown.send_replace(false);
        for says in 1..=9 {
            stage.changes(says);
            assert_eq!(stage.messages.recv().await, Some(Message::Beat(None)));
        }

        stage.shown.send_replace(true);

        assert_eq!(stage.hears().await, "9");
    }
}
