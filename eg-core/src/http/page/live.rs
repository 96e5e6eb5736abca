//! Pages that stay up to date: each is rendered once for all of its readers, when something has changed.

use crate::http::caller::{Caller, ended};
use crate::http::context::Context;
use crate::http::screens::Screen;
use eg_page::{Feed, Parts};
use maud::Markup;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

/// Time after which a page is rendered although nothing has happened: what it says of the past has aged.
const AGED: Duration = Duration::from_secs(3);

/// Shortest time between two renderings of a page, as long as few follow each other.
const PACE: Duration = Duration::from_millis(60);

/// Time that a rendering takes from what a page may spend: a flood of events is four a second.
const COST: Duration = Duration::from_millis(250);

/// Time that a page that was quiet may spend at once.
const SAVED: Duration = Duration::from_millis(1_000);

/// Function that renders a page's parts that change, by the id of the element they stand in.
pub(super) type Render = Box<dyn Fn(&Context) -> Vec<(String, Markup)> + Send + Sync>;

/// Page that stays up to date.
#[derive(Clone)]
pub(super) struct LivePage {
    context: Context,
    screen: Arc<Screen>,
    look: Arc<Render>,
}

impl LivePage {
    /// Creates a page that all readers share for whom it has this name: what it shows, and to whom.
    pub(super) fn shared(context: Context, name: String, look: Render) -> Self {
        let screen = context.screens.named(name);
        Self { context, screen, look: Arc::new(look) }
    }

    /// Returns the parts of the page as it is now.
    pub(super) fn now(&self) -> Arc<Parts> {
        self.screen.refresh(|| (self.look)(&self.context))
    }

    /// Returns the stream of one reader. It ends when the core stops, the reader goes, or the reader's rights end.
    pub(super) fn feed(self, caller: Caller) -> Feed {
        let context = self.context.clone();
        let (watching, clock) = (context.audience.watch_page(), context.clock.clone());
        let over = async move {
            let _watching = watching;
            let (mut stop, mut engine) = (context.stop.clone(), context.handle.changed());
            tokio::select! {
                // Waits for the engine's end, after which no page would be true.
                _ = engine.wait_for(|_| false) => {}
                () = ended(&context, caller.identity()) => {}
                // Its sender going away is as good a reason as its word.
                _ = stop.wait_for(|stop| *stop) => {}
            }
        };
        Feed::new(move || self.read(), move || Some(clock.now().0 / 1_000), over)
    }

    /// Returns a receiver of the page from now on, and has it followed.
    pub(super) fn read(&self) -> watch::Receiver<Arc<Parts>> {
        let (page, begins) = self.screen.read(|| (self.look)(&self.context));
        if begins {
            tokio::spawn(self.clone().follow());
        }
        page
    }

    /// Renders the page when something has changed, as long as somebody reads it.
    async fn follow(self) {
        let Context { handle, access, auth, recent, .. } = &self.context;
        let (mut state, mut adoption) = (handle.changed(), access.changed());
        let (mut accounts, mut entries) = (auth.changed(), recent.changed());
        let mut stop = self.context.stop.clone();
        let mut aged = interval(AGED);
        aged.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut paid = Instant::now();
        loop {
            let goes_on = tokio::select! {
                changed = state.changed() => changed.is_ok(),
                changed = adoption.changed() => changed.is_ok(),
                changed = accounts.changed() => changed.is_ok(),
                changed = entries.changed() => changed.is_ok(),
                _ = aged.tick() => true,
                () = self.screen.empty() => !self.screen.is_left(),
                _ = stop.wait_for(|stop| *stop) => false,
            };
            if !goes_on {
                return;
            }
            self.now();
            let now = Instant::now();
            paid = paid.max(now.checked_sub(SAVED).unwrap_or(now)) + COST;
            sleep_until(paid.max(now + PACE)).await;
        }
    }
}

/// Returns the stream of a page that is one reader's own.
pub(super) fn stream(context: Context, caller: Caller, look: Render) -> Feed {
    LivePage { context, screen: Arc::default(), look: Arc::new(look) }.feed(caller)
}
