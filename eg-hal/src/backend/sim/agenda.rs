//! Agenda of a bench: bounce, delayed contacts and the steps of a scenario that are still to come.

use crate::{Moment, clock};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

pub(super) type Action = Box<dyn FnOnce() + Send>;

/// Actions in the order of their moments, those of one moment as they were written down. Clones are the same agenda.
///
/// Under virtual time whoever moves the clock carries them out; on a live bench a thread does, from the first action on
/// until the bench is dropped.
#[derive(Clone)]
pub(super) struct Agenda(Arc<Owner>);

struct Owner(Arc<Book>);

#[derive(Default)]
struct Book {
    pages: Mutex<Pages>,
    turned: Condvar,
}

#[derive(Default)]
struct Pages {
    actions: BTreeMap<(Moment, u64), Action>,
    written: u64,
    has_thread: bool,
    closed: bool,
}

impl Agenda {
    pub(super) fn new() -> Self {
        Self(Arc::new(Owner(Arc::default())))
    }

    /// Writes an action down; `live` has it carried out by a thread.
    pub(super) fn at(&self, moment: Moment, action: Action, live: bool) {
        let book = &self.0.0;
        let mut pages = book.pages();
        pages.written += 1;
        let number = pages.written;
        pages.actions.insert((moment, number), action);
        if live && !std::mem::replace(&mut pages.has_thread, true) {
            let book = Arc::clone(book);
            thread::spawn(move || book.keep());
        }
        drop(pages);
        book.turned.notify_one();
    }

    /// Takes the first action that is due by then.
    pub(super) fn take(&self, by: Moment) -> Option<(Moment, Action)> {
        self.0.0.pages().take(by)
    }
}

impl fmt::Debug for Agenda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Agenda of {}", self.0.0.pages().actions.len())
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.pages().closed = true;
        self.0.turned.notify_one();
    }
}

impl Pages {
    fn take(&mut self, by: Moment) -> Option<(Moment, Action)> {
        let first = self.actions.first_entry()?;
        (first.key().0 <= by).then(|| (first.key().0, first.remove()))
    }
}

impl Book {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries actions out as their moments come.
    fn keep(&self) {
        let mut pages = self.pages();
        while !pages.closed {
            let now = clock::now();
            if let Some((_, action)) = pages.take(now) {
                drop(pages);
                action();
                pages = self.pages();
                continue;
            }
            pages = match pages.actions.first_key_value().map(|((at, _), _)| at.since(now)) {
                Some(span) => {
                    let waited = self.turned.wait_timeout(pages, span);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.turned.wait(pages).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
