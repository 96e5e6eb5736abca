//! Pages as they stand, each rendered once for all of its readers of one language and role.

use eg_page::Parts;
use maud::Markup;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// One page as it stands. It is rendered by whoever opens it, and as long as it has readers, by a task that follows it.
#[derive(Debug)]
pub(super) struct Screen {
    parts: watch::Sender<Arc<Parts>>,
    /// `true` while a task follows the page. Held while it is rendered, so that nothing older replaces what is newer.
    followed: Mutex<bool>,
}

impl Default for Screen {
    fn default() -> Self {
        let parts = watch::Sender::new(Arc::new(Parts::new(Vec::new())));
        Self { parts, followed: Mutex::default() }
    }
}

impl Screen {
    /// Renders the page anew and tells its readers if it has changed.
    pub(super) fn refresh(&self, render: impl FnOnce() -> Vec<(String, Markup)>) -> Arc<Parts> {
        let _turn = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        self.render(render);
        self.parts.borrow().clone()
    }

    /// Returns a receiver of the page, from now on, and renders it first unless somebody follows it already. With
    /// `true` the caller has to follow it, until [`Self::is_left`].
    pub(super) fn read(
        &self,
        render: impl FnOnce() -> Vec<(String, Markup)>,
    ) -> (watch::Receiver<Arc<Parts>>, bool) {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = !std::mem::replace(&mut *followed, true);
        if begins {
            self.render(render);
        }
        (self.parts.subscribe(), begins)
    }

    /// Resolves when the last reader may have gone.
    pub(super) async fn empty(&self) {
        self.parts.closed().await;
    }

    /// Returns `true` if nobody reads the page; it is not followed any more then.
    pub(super) fn is_left(&self) -> bool {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        *followed = self.parts.receiver_count() > 0;
        !*followed
    }

    fn render(&self, render: impl FnOnce() -> Vec<(String, Markup)>) {
        let rendered = render();
        self.parts.send_if_modified(|parts| match parts.next(rendered) {
            Some(next) => {
                *parts = Arc::new(next);
                true
            }
            None => false,
        });
    }
}

/// Pages by a name that says what is on them: page, language, role. Clones share them.
///
/// A page stays until the core stops, because a browser may come back to it; rooms, languages and roles bound them.
#[derive(Clone, Debug, Default)]
pub struct Screens(Arc<Mutex<BTreeMap<String, Arc<Screen>>>>);

impl Screens {
    /// Returns the page of this name.
    pub(super) fn named(&self, name: String) -> Arc<Screen> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(name).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maud::html;

    #[test]
    fn the_readers_of_a_page_share_one_rendering_until_the_last_has_gone() {
        let screen = Screens::default().named("operator en".to_owned());
        let mut rendered = 0;
        let mut render = || {
            rendered += 1;
            vec![("part".to_owned(), html! { (rendered) })]
        };

        let (first, begins) = screen.read(&mut render);
        let (second, again) = screen.read(&mut render);

        assert_eq!((begins, again), (true, false));
        assert!(Arc::ptr_eq(&first.borrow(), &second.borrow()));
        drop(first);
        assert!(!screen.is_left());
        drop(second);
        assert!(screen.is_left());
        assert!(screen.read(&mut render).1);
        assert_eq!(rendered, 2);
    }
}
