//! One sum for all that waits in the broker: beyond it the client for whom most waits is let go, and its queue dropped.
//!
//! The library bounds the queue of each client and tells how many messages are in it, but neither their size nor the sum
//! over all clients. So the sizes are noted here as messages come, for the clients that are behind.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mqtt5::broker::storage::QueueHandle;
use mqtt5::topic_matching;
use tokio::sync::oneshot;

use super::alarms::Alarms;
use crate::broker::trouble::TroubleKind;

/// Bytes that a message takes in a queue beside its payload and its topic, measured from the library's own count.
const ENTRY: usize = 600;
/// Largest number of subscriptions of one client that are remembered: as many as the library grants.
const FILTERS: usize = 1_000;
/// Prefix of a shared subscription, before the group's name (MQTT 5, section 4.8.2).
const SHARED: &str = "$share/";

/// Number of accounts that are all looked at with every message.
const FEW: usize = 64;
/// Number of bytes, for all clients that are behind, after which all accounts are looked at where there are more.
const LOOK: usize = 256 * 1024;

/// Sum of all that waits. Clones share it.
#[derive(Clone)]
pub(super) struct Budget {
    books: Arc<Mutex<Books>>,
    limit: usize,
    alarms: Alarms,
}

/// Accounts of all clients.
#[derive(Default)]
struct Books {
    accounts: BTreeMap<String, Account>,
    /// Clients that were behind at the last look at all accounts.
    behind: Vec<String>,
    /// Number of bytes published since then.
    unseen: usize,
}

impl Books {
    /// Notes a message on its way to every client. Returns `true` if it is time to look at all accounts: with thousands
    /// of clients that costs more than the message.
    fn note(&mut self, topic: &str, size: usize) -> bool {
        self.unseen += size;
        if self.accounts.len() > FEW && self.unseen * (1 + self.behind.len()) < LOOK {
            for id in &self.behind {
                if let Some(account) = self.accounts.get_mut(id) {
                    account.note(topic, size);
                }
            }
            return false;
        }
        self.unseen = 0;
        self.behind.clear();
        for (id, account) in &mut self.accounts {
            account.note(topic, size);
            if account.queue.behind() {
                self.behind.push(id.clone());
            }
        }
        true
    }
}

/// All that waits for one client.
struct Account {
    queue: QueueHandle,
    filters: BTreeSet<String>,
    /// Sizes of the newest messages in the queue.
    sizes: VecDeque<usize>,
    queued: usize,
    /// Sizes of the messages that are sent and not acknowledged, by packet identifier.
    in_flight: HashMap<u16, usize>,
    flying: usize,
    /// Number of connections of this name now; two during a takeover.
    connections: usize,
    /// Order in which clients went away.
    left: u64,
    dismiss: Option<oneshot::Sender<()>>,
}

impl Account {
    fn new(queue: QueueHandle) -> Self {
        Self {
            queue,
            filters: BTreeSet::new(),
            sizes: VecDeque::new(),
            queued: 0,
            in_flight: HashMap::new(),
            flying: 0,
            connections: 0,
            left: 0,
            dismiss: None,
        }
    }

    fn hears(&self, topic: &str) -> bool {
        self.filters.iter().any(|filter| topic_matching::matches(topic, filter))
    }

    /// Notes a message that is on its way to every client.
    fn note(&mut self, topic: &str, size: usize) {
        let waiting = self.queue.count();
        while self.sizes.len() > waiting {
            self.queued -= self.sizes.pop_front().unwrap_or(0);
        }
        if self.queue.behind() && self.hears(topic) {
            self.sizes.push_back(size);
            self.queued += size;
        }
    }

    /// Returns the number of bytes that wait. Messages whose size was not seen count as much as the others on average.
    fn weight(&self) -> usize {
        let unseen = self.queue.count().saturating_sub(self.sizes.len());
        let each = self.queued.checked_div(self.sizes.len()).unwrap_or(ENTRY);
        self.queued + unseen * each + self.flying
    }

    /// Returns `false` while a client that was let go is leaving.
    fn counts(&self) -> bool {
        self.connections == 0 || self.dismiss.is_some()
    }

    fn clear_flight(&mut self) {
        self.in_flight.clear();
        self.flying = 0;
    }
}

impl Budget {
    /// Creates a budget of `limit` bytes.
    pub(super) fn new(limit: usize, alarms: Alarms) -> Self {
        Self { books: Arc::default(), limit, alarms }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with(&self, id: &str, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.books().accounts.get_mut(id) {
            change(account);
        }
    }

    /// Notes the session of a client that is away, as it was stored.
    pub(super) fn restore(&self, id: &str, queue: QueueHandle, filters: Vec<String>) {
        let filters = filters.into_iter().map(|filter| plain(&filter).to_owned()).collect();
        self.books().accounts.insert(id.to_owned(), Account { filters, ..Account::new(queue) });
    }

    /// Opens the account of a client that connects. The receiver resolves when the client has to go.
    pub(super) fn enter(&self, id: &str, queue: QueueHandle) -> oneshot::Receiver<()> {
        let (dismiss, dismissed) = oneshot::channel();
        let mut books = self.books();
        let account = books.accounts.entry(id.to_owned()).or_insert_with(|| Account::new(queue));
        account.connections += 1;
        account.dismiss = Some(dismiss);
        account.clear_flight();
        dismissed
    }

    /// Notes that a connection has ended. The account stays if the client `has_session`. Returns the client whose session
    /// has to be ended: this one if it was let go, or the one that was away longest if more than `most` are away.
    pub(super) fn leave(&self, id: &str, has_session: bool, most: usize) -> Option<String> {
        let mut books = self.books();
        let accounts = &mut books.accounts;
        let order = accounts.values().map(|account| account.left).max().unwrap_or(0) + 1;
        let account = accounts.get_mut(id)?;
        account.connections = account.connections.saturating_sub(1);
        if account.connections > 0 {
            return None;
        }
        if account.dismiss.is_none() {
            accounts.remove(id);
            return Some(id.to_owned());
        }
        account.left = order;
        account.clear_flight();
        if !has_session {
            accounts.remove(id);
        }
        let away = accounts.iter().filter(|(_, account)| account.connections == 0);
        if away.clone().count() <= most {
            return None;
        }
        let longest = away.min_by_key(|(_, account)| account.left).map(|(id, _)| id.clone())?;
        accounts.remove(&longest);
        Some(longest)
    }

    /// Keeps only the accounts of clients that are connected or have a session.
    pub(super) fn sweep(&self, sessions: &[String]) {
        self.books()
            .accounts
            .retain(|id, account| account.connections > 0 || sessions.contains(id));
    }

    /// Notes that the client's session began anew.
    pub(super) fn begin(&self, id: &str) {
        self.with(id, |account| account.filters.clear());
    }

    /// Notes a subscription.
    pub(super) fn subscribe(&self, id: &str, filter: &str) {
        let filter = plain(filter);
        self.with(id, |account| {
            if account.filters.len() < FILTERS {
                account.filters.insert(filter.to_owned());
            }
        });
    }

    /// Notes that a subscription ended.
    pub(super) fn unsubscribe(&self, id: &str, filter: &str) {
        let filter = plain(filter);
        self.with(id, |account| drop(account.filters.take(filter)));
    }

    /// Notes a message with a packet identifier that was sent to a client. Returns the number of messages in flight.
    pub(super) fn sent(&self, id: &str, packet: u16, bytes: usize) -> usize {
        let mut count = 0;
        self.with(id, |account| {
            let size = bytes + ENTRY;
            account.flying += size;
            account.flying -= account.in_flight.insert(packet, size).unwrap_or(0);
            count = account.in_flight.len();
        });
        count
    }

    /// Notes that a client has acknowledged a message. Returns the number of messages in flight.
    pub(super) fn acknowledged(&self, id: &str, packet: u16) -> usize {
        let mut count = 0;
        self.with(id, |account| {
            account.flying -= account.in_flight.remove(&packet).unwrap_or(0);
            count = account.in_flight.len();
        });
        count
    }

    /// Notes a message that clients receive. While more waits than there may, the client for whom most waits is let go.
    /// Returns those of them that are away: their sessions have to be ended.
    pub(super) fn published(&self, topic: &str, payload: usize) -> Vec<String> {
        let mut books = self.books();
        if !books.note(topic, ENTRY + topic.len() + payload) {
            return Vec::new();
        }
        let accounts = &mut books.accounts;
        let mut sum: usize =
            accounts.values().filter(|account| account.counts()).map(Account::weight).sum();
        let mut away = Vec::new();
        while sum > self.limit {
            let all = accounts.iter_mut().filter(|(_, account)| account.counts());
            let Some((id, account)) = all.max_by_key(|(_, account)| account.weight()) else {
                break;
            };
            let weight = account.weight();
            sum = sum.saturating_sub(weight.max(1));
            let id = id.clone();
            // What is dropped is counted as nothing from now on: the connection ends, or the session.
            account.queue.clear(None);
            match account.dismiss.take() {
                Some(dismiss) if account.connections > 0 => {
                    account.filters.clear();
                    account.sizes.clear();
                    account.queued = 0;
                    account.clear_flight();
                    // It may be leaving by itself.
                    let _ = dismiss.send(());
                }
                Some(_) | None => {
                    accounts.remove(&id);
                    away.push(id.clone());
                }
            }
            self.alarms.raise(&id, TroubleKind::Greedy(weight));
        }
        away
    }

    /// Returns the number of bytes that wait for all clients together.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.books().accounts.values().map(Account::weight).sum()
    }
}

/// Returns the filter of a subscription, without the group of a shared one.
fn plain(filter: &str) -> &str {
    let shared = filter.strip_prefix(SHARED).and_then(|rest| rest.split_once('/'));
    shared.map_or(filter, |(_, filter)| filter)
}

#[cfg(test)]
mod tests;
