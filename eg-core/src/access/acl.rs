//! Rules of the topics: which identity may publish to what, and subscribe to what.
//!
//! Wills and retained messages follow the rule of publications, `$share/<group>/<filter>` that of its filter. A filter
//! with wildcards is granted only if everything that it matches may be read.

use eg_proto::{BankAsk, SlotId, Topic, Topics};

/// Ends of the topics below `eg/dev/<slot>/` to which a slot publishes.
pub(super) const SPEAKS: [&str; 9] = [
    "status",
    "hello",
    "input/status",
    "input/event",
    "clock/ping",
    "cmd/ack",
    "ask",
    "input/leds",
    "input/rfid",
];

/// Further ones to which everybody publishes in a room of the old contract, for slots that are not adopted.
pub(super) const OLD_SPEAKS: [&str; 2] = ["input/cmd/led", "input/cmd/test"];

/// Ends of the topics of an adopted slot that pages of the old contract may read.
pub(super) const OLD_READS: [&str; 5] =
    ["status", "hello", "input/status", "input/leds", "input/rfid"];

/// ClientIdentity of a connection, as it was proved at its CONNECT.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientIdentity {
    /// The core's own connection.
    Core,
    /// An adopted slot, by its secret.
    Slot(SlotId),
    /// A slot that waits for its adoption.
    Pairing(SlotId),
    /// A client of the old contract, without a password.
    Guest,
}

/// Rules under one base topic.
#[derive(Clone, Debug)]
pub struct Acl {
    topics: Topics,
}

impl Acl {
    /// Creates the rules for topics under this base.
    pub fn new(topics: Topics) -> Self {
        Self { topics }
    }

    /// Returns the topics that the rules are about.
    pub fn topics(&self) -> &Topics {
        &self.topics
    }

    /// Returns `true` if this identity may publish to this topic. `is_adopted` tells whether a slot's id is taken by an
    /// adopted slot or by the core.
    pub fn may_publish(
        &self,
        identity: &ClientIdentity,
        topic: &str,
        is_adopted: impl Fn(&str) -> bool,
    ) -> bool {
        match identity {
            ClientIdentity::Core => true,
            ClientIdentity::Slot(slot) => {
                self.of_slot(topic).is_some_and(|(id, end)| id == slot.as_str() && speaks(end))
            }
            ClientIdentity::Pairing(slot) => self.below(topic, "pair") == Some(slot.as_str()),
            ClientIdentity::Guest => self.guest_publishes(topic, is_adopted),
        }
    }

    /// Returns `true` if this identity may subscribe to this filter. `adopted` are the ids of the adopted slots.
    pub fn may_subscribe<'a>(
        &self,
        identity: &ClientIdentity,
        filter: &str,
        adopted: impl IntoIterator<Item = &'a SlotId>,
    ) -> bool {
        let Some(filter) = underlying(filter) else { return false };
        match identity {
            ClientIdentity::Core => true,
            ClientIdentity::Slot(_) | ClientIdentity::Pairing(_) => {
                self.reads(identity).iter().any(|pattern| covers(pattern, filter))
            }
            ClientIdentity::Guest => {
                !self.names_pairing(filter)
                    && !adopted.into_iter().any(|slot| self.reads_private(filter, slot))
            }
        }
    }

    /// Returns the topics to which a slot, or one that waits, publishes.
    pub(super) fn writes(&self, identity: &ClientIdentity) -> Vec<String> {
        match identity {
            ClientIdentity::Slot(slot) => {
                let dev = self.dev(slot);
                SPEAKS.iter().map(|end| format!("{dev}/{end}")).collect()
            }
            ClientIdentity::Pairing(slot) => vec![self.topics.of(&Topic::Pair(slot.clone()))],
            ClientIdentity::Guest => self.old_topics(),
            ClientIdentity::Core => vec![format!("{}/#", self.topics.base())],
        }
    }

    /// Returns the filters that cover all that a slot, or one that waits, may read.
    pub(super) fn reads(&self, identity: &ClientIdentity) -> Vec<String> {
        let core = |topic: &Topic| self.topics.of(topic);
        match identity {
            ClientIdentity::Slot(slot) => vec![
                format!("{}/#", self.dev(slot)),
                core(&Topic::CoreHello),
                core(&Topic::Mode),
                format!("{}/room/+/state", self.topics.base()),
                core(&Topic::NightStep),
                core(&Topic::NightResult),
            ],
            ClientIdentity::Pairing(slot) => {
                vec![core(&Topic::PairAnswer(slot.clone())), core(&Topic::CoreHello)]
            }
            ClientIdentity::Guest | ClientIdentity::Core => {
                vec![format!("{}/#", self.topics.base())]
            }
        }
    }

    /// Returns the core's own topics to which clients of the old contract publish.
    pub(super) fn old_topics(&self) -> Vec<String> {
        let asks = BankAsk::ALL.into_iter().map(Topic::Bank);
        [Topic::NightVote].into_iter().chain(asks).map(|topic| self.topics.of(&topic)).collect()
    }

    /// Returns the prefix of a slot's topics, without the last `/`.
    pub(super) fn dev(&self, slot: &SlotId) -> String {
        format!("{}/dev/{slot}", self.topics.base())
    }

    fn guest_publishes(&self, topic: &str, is_adopted: impl Fn(&str) -> bool) -> bool {
        if let Some((slot, end)) = self.of_slot(topic) {
            return !is_adopted(slot) && (speaks(end) || OLD_SPEAKS.contains(&end));
        }
        match self.inside(topic) {
            Some(_) => matches!(self.topics.parse(topic), Some(Topic::NightVote | Topic::Bank(_))),
            // Other gear of the room shares the broker, as it did before.
            None => !topic.starts_with('$') && topic != self.topics.base(),
        }
    }

    /// Splits a topic below `eg/dev/` into the slot's id and the rest.
    fn of_slot<'t>(&self, topic: &'t str) -> Option<(&'t str, &'t str)> {
        self.below(topic, "dev")?.split_once('/')
    }

    fn below<'t>(&self, topic: &'t str, folder: &str) -> Option<&'t str> {
        self.inside(topic)?.strip_prefix(folder)?.strip_prefix('/')
    }

    fn inside<'t>(&self, topic: &'t str) -> Option<&'t str> {
        topic.strip_prefix(self.topics.base())?.strip_prefix('/')
    }

    /// Returns `true` if a filter asks for requests for adoption by name, or by a `+` in its place. `#` before that does
    /// not count: bridges of old rooms ask for everything, and what they learn is no secret.
    fn names_pairing(&self, filter: &str) -> bool {
        let mut levels = filter.split('/');
        let mut same =
            |level: &str| levels.next().is_some_and(|asked| asked == level || asked == "+");
        if !self.topics.base().split('/').all(&mut same) {
            return false;
        }
        match (levels.next(), levels.next(), levels.next()) {
            (Some("pair"), ..) | (Some("+"), Some("#"), None) => true,
            (Some("+"), Some(_), end) => matches!(end, None | Some("answer" | "+" | "#")),
            _ => false,
        }
    }

    /// Returns `true` if a filter matches a topic of this slot that is not for everybody.
    fn reads_private(&self, filter: &str, slot: &SlotId) -> bool {
        let mut rest = filter;
        for level in self.topics.base().split('/').chain(["dev", slot.as_str()]) {
            if rest == "#" {
                return true;
            }
            match rest.split_once('/') {
                Some((asked, after)) if asked == level || asked == "+" => rest = after,
                Some(_) | None => return false,
            }
        }
        !OLD_READS.contains(&rest)
    }
}

fn speaks(end: &str) -> bool {
    SPEAKS.contains(&end)
}

/// Returns the filter of a shared subscription, or the filter itself; `None` for a share without one.
fn underlying(filter: &str) -> Option<&str> {
    match filter.strip_prefix("$share/") {
        Some(shared) => shared.split_once('/').map(|(_, filter)| filter),
        None => Some(filter),
    }
}

/// Returns `true` if every topic that `filter` matches is matched by `pattern` (MQTT 3.1.1, section 4.7).
fn covers(pattern: &str, filter: &str) -> bool {
    let mut asked = filter.split('/');
    for level in pattern.split('/') {
        if level == "#" {
            return true;
        }
        match asked.next() {
            Some("#") | None => return false,
            Some(_) if level == "+" => {}
            Some(found) if found == level => {}
            Some(_) => return false,
        }
    }
    asked.next().is_none()
}

#[cfg(test)]
mod tests;
