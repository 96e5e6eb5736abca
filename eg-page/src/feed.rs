//! Messages of one reader of a page: what changed since the revision that the reader has, and signs of life.
//!
//! A reader who is slow, or whose page is hidden, gets no queue: the next message is made when the last one is taken,
//! from the page as it is by then.

use crate::{Changes, Fragment, Mark, Parts};
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Longest silence towards a reader; the page's script says that it lost its connection after 8 s.
const BEAT: Duration = Duration::from_secs(3);

/// One message of a page's stream, as JSON: `{"parts": {"mark": "a1-2", "parts": [{"id": …, "html": …}]}}`,
/// `{"glance": [{"id": …, "html": …}]}` or `{"beat": 1764012345678}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// New content for elements.
    Parts(Changes),
    /// New content for the elements that a page follows while nobody sees it.
    Glance(Vec<Fragment>),
    /// A sign of life: the server's clock in ms since the Unix epoch, where the page counts by it.
    Beat(Option<i64>),
}

/// Source of the revisions of a page. Each call begins to follow the page, until the receiver is dropped.
type Subscribe = dyn Fn() -> watch::Receiver<Arc<Parts>> + Send + Sync;

/// Stream of one page for one reader, before it flows.
pub struct Feed {
    subscribe: Box<Subscribe>,
    glance: Option<Box<Subscribe>>,
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
        let subscribe = Box::new(subscribe);
        Self { subscribe, glance: None, now: Box::new(now), over: Box::pin(over) }
    }

    /// Lets the reader follow this much smaller page while its own is not shown.
    pub fn glance(
        self,
        subscribe: impl Fn() -> watch::Receiver<Arc<Parts>> + Send + Sync + 'static,
    ) -> Self {
        Self { glance: Some(Box::new(subscribe)), ..self }
    }

    /// Returns the messages for a reader who has the revision `seen`. While the reader's page is not `shown`, beats and
    /// glances are all that comes.
    pub(crate) fn messages(
        self,
        seen: Option<Mark>,
        shown: watch::Receiver<bool>,
    ) -> mpsc::Receiver<Message> {
        let (reader, messages) = mpsc::channel(1);
        let Self { subscribe, glance, now, over } = self;
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut flow = Flow { seen, shown, now, beat, reader };
        tokio::spawn(async move {
            tokio::select! {
                () = over => {}
                _ = flow.run(&subscribe, glance.as_deref()) => {}
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
    async fn run(&mut self, subscribe: &Subscribe, glance: Option<&Subscribe>) -> Result<(), Over> {
        loop {
            if !*self.shown.borrow_and_update() {
                self.rest(glance.map(|glance| glance())).await?;
            }
            self.follow(subscribe()).await?;
        }
    }

    /// Sends the glance until the page is seen.
    async fn rest(&mut self, mut glance: Option<watch::Receiver<Arc<Parts>>>) -> Result<(), Over> {
        let mut seen = None;
        while !*self.shown.borrow_and_update() {
            let changes = glance.as_mut().and_then(|page| {
                let parts = page.borrow_and_update();
                parts.since(seen.replace(parts.mark()))
            });
            if let Some(changes) = changes {
                self.say(Message::Glance(changes.parts)).await?;
            }
            let changed = async {
                match &mut glance {
                    Some(page) => page.changed().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = changed => changed.map_err(|_| Over)?,
                changed = self.shown.changed() => changed.map_err(|_| Over)?,
                _ = self.beat.tick() => self.live().await?,
            }
        }
        Ok(())
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
    async fn a_hidden_page_is_told_its_glance_and_what_it_lacks_once_it_is_seen_again() {
        let (pages, _) = watch::channel(Arc::new(Parts::new(page(0))));
        let (glances, _) = watch::channel(Arc::new(Parts::new(page(10))));
        let (shown, visible) = watch::channel(false);
        let (follow, peek) = (pages.clone(), glances.clone());
        let feed = Feed::new(move || follow.subscribe(), || None, std::future::pending())
            .glance(move || peek.subscribe());
        let mut messages = feed.messages(None, visible);
        let mut next = async || loop {
            match messages.recv().await.unwrap() {
                Message::Beat(_) => {}
                Message::Glance(parts) => break format!("glance {}", parts[0].html),
                Message::Parts(changes) => break format!("page {}", changes.parts[0].html),
            }
        };

        assert_eq!(next().await, "glance 10");
        pages.send_modify(|parts| *parts = Arc::new(parts.next(page(1)).unwrap()));
        glances.send_modify(|parts| *parts = Arc::new(parts.next(page(11)).unwrap()));
        assert_eq!(next().await, "glance 11");
        shown.send_replace(true);
        assert_eq!(next().await, "page 1");
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
