//! Who looks at the core's pages.

use tokio::sync::watch;

/// How many pages were opened, and how many are open. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Audience(watch::Sender<Looks>);

/// What an [`Audience`] knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// So many pages were sent since the start.
    pub opened: u64,
    /// So many are kept up to date now.
    pub open: usize,
}

/// A page that is kept up to date, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Watching(watch::Sender<Looks>);

impl Audience {
    /// A page was sent.
    pub(crate) fn open_page(&self) {
        self.0.send_modify(|looks| looks.opened += 1);
    }

    /// A page begins to be kept up to date.
    pub(crate) fn watch_page(&self) -> Watching {
        self.0.send_modify(|looks| looks.open += 1);
        Watching(self.0.clone())
    }

    /// Who looks, now and from now on.
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
