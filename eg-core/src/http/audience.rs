//! Count of the people who look at the core's pages.

use tokio::sync::watch;

/// Number of pages that were opened and are open. Clones share the counts.
#[derive(Clone, Debug, Default)]
pub struct Audience(watch::Sender<Looks>);

/// Counts of an [`Audience`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// Number of pages that were sent since the start.
    pub opened: u64,
    /// Number of pages that are kept up to date now.
    pub open: usize,
}

/// Guard of a page that is kept up to date; dropping it counts the page as closed.
#[derive(Debug)]
pub(crate) struct Watching(watch::Sender<Looks>);

impl Audience {
    /// Counts a page that was sent.
    pub(crate) fn open_page(&self) {
        self.0.send_modify(|looks| looks.opened += 1);
    }

    /// Counts a page that is kept up to date until the guard is dropped.
    pub(crate) fn watch_page(&self) -> Watching {
        self.0.send_modify(|looks| looks.open += 1);
        Watching(self.0.clone())
    }

    /// Returns a receiver of the counts, now and from now on.
    pub fn looks(&self) -> watch::Receiver<Looks> {
        self.0.subscribe()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.send_modify(|looks| looks.open = looks.open.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::{Audience, Looks};

    #[test]
    fn knows_who_looks_and_who_has_looked() {
        let audience = Audience::default();
        let looks = audience.looks();

        audience.open_page();
        let one = audience.watch_page();
        let two = audience.watch_page();
        drop(one);

        assert_eq!(*looks.borrow(), Looks { opened: 1, open: 1 });
        drop(two);
        assert_eq!(*looks.borrow(), Looks { opened: 1, open: 0 });
    }
}
