//! Matrix of the rules: every topic of the protocol, and who may publish and subscribe to it.

use super::acl::{Acl, ClientIdentity, OLD_SPEAKS, SPEAKS};
use eg_proto::{SlotId, Topic};
use serde::Serialize;

/// Ends of the topics below a slot's that the core publishes.
const HEARS: [&str; 9] =
    ["input/ack", "input/ask", "clock/pong", "cmd", "hint", "question", "result", "res", "payouts"];

/// Filters with wildcards or shares, tried by somebody who wants to hear more.
const FILTERS: [&str; 8] = [
    "#",
    "{base}/#",
    "{base}/dev/#",
    "{base}/dev/+/cmd",
    "{base}/dev/+/status",
    "{base}/pair/#",
    "$share/g/{base}/dev/{slot}/cmd",
    "$share/g/{base}/dev/{slot}/#",
];

/// Columns of the matrix, in order: nobody without credentials, a guest under `compat`, a slot that waits, the slot
/// itself, another slot, a slot whose secret was revoked, and the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Client without credentials while `compat` is off: it does not get in.
    Nobody,
    /// Client without credentials under `compat`.
    Guest,
    /// A slot that waits for its adoption, here `slot-09`.
    Pairing,
    /// The adopted slot itself, here `slot-01`.
    Slot,
    /// Another adopted slot, here `slot-02`.
    Other,
    /// A slot with a secret that was revoked: it does not get in.
    Revoked,
    /// The core's own connection.
    Core,
}

impl Who {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 7] = [
        Self::Nobody,
        Self::Guest,
        Self::Pairing,
        Self::Slot,
        Self::Other,
        Self::Revoked,
        Self::Core,
    ];

    /// Returns the identity that such a client gets; `None` if it does not get in.
    fn identity(self, slots: &[SlotId; 3]) -> Option<ClientIdentity> {
        let [one, two, nine] = slots.clone();
        match self {
            Self::Nobody | Self::Revoked => None,
            Self::Guest => Some(ClientIdentity::Guest),
            Self::Pairing => Some(ClientIdentity::Pairing(nine)),
            Self::Slot => Some(ClientIdentity::Slot(one)),
            Self::Other => Some(ClientIdentity::Slot(two)),
            Self::Core => Some(ClientIdentity::Core),
        }
    }
}

/// Rights of one kind of client to one topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Right {
    /// Kind of the client.
    pub who: Who,
    /// `true` if it may publish there: also retained, and as its will. Never for a filter.
    pub publish: bool,
    /// `true` if it may subscribe to it.
    pub subscribe: bool,
}

/// Row of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Topic, or filter.
    pub topic: String,
    /// `true` for a filter, to which nobody publishes.
    pub filter: bool,
    /// Rights to it, in the order of [`Who::ALL`].
    pub rights: Vec<Right>,
}

/// Returns the matrix of these rules, for a room in which `slot-01` and `slot-02` are adopted and `slot-09` waits.
pub fn matrix(acl: &Acl) -> Vec<Row> {
    let slots = ["slot-01", "slot-02", "slot-09"].map(SlotId::new);
    let [Ok(one), Ok(two), Ok(nine)] = slots else { return Vec::new() };
    let (base, adopted) = (acl.topics().base(), [one.clone(), two.clone()]);
    let of = |slot: &SlotId, end: &&str| format!("{}/{end}", acl.dev(slot));
    let own = SPEAKS.iter().chain(&HEARS).chain(&OLD_SPEAKS).map(|end| of(&one, end));
    let strange = ["status", "input/event", "cmd"].map(|end| of(&nine, &end));
    let core = [
        Topic::CoreHello,
        Topic::Mode,
        Topic::NightStep,
        Topic::NightResult,
        Topic::Pair(nine.clone()),
        Topic::PairAnswer(nine.clone()),
    ];
    let core = core.map(|topic| acl.topics().of(&topic));
    let room = [format!("{base}/room/main/state"), "prop/door".to_owned()];
    let topics = own.chain(strange).chain(core).chain(acl.old_topics()).chain(room);
    let filters = FILTERS.iter().map(|filter| {
        let filter = filter.replace("{base}", base).replace("{slot}", one.as_str());
        (filter, true)
    });
    let slots = [one.clone(), two, nine];
    let row = |(topic, filter): (String, bool)| {
        let rights = Who::ALL.map(|who| {
            let identity = who.identity(&slots);
            let is_adopted = |id: &str| id == "core-01" || adopted.iter().any(|a| a.as_str() == id);
            let may = |identity: &ClientIdentity| acl.may_publish(identity, &topic, is_adopted);
            let publish = !filter && identity.as_ref().is_some_and(may);
            let hears = |identity: &ClientIdentity| acl.may_subscribe(identity, &topic, &adopted);
            Right { who, publish, subscribe: identity.as_ref().is_some_and(hears) }
        });
        Row { rights: rights.into(), topic, filter }
    };
    topics.map(|topic| (topic, false)).chain(filters).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::Topics;

    #[test]
    fn nobody_but_the_core_and_the_slot_itself_publishes_below_an_adopted_slot() {
        for row in matrix(&Acl::new(Topics::default())) {
            let own = row.topic.strip_prefix("eg/dev/slot-01/");
            for right in row.rights {
                let may = right.who == Who::Core
                    || right.who == Who::Slot && own.is_some_and(|end| SPEAKS.contains(&end));
                if own.is_some() {
                    assert_eq!(right.publish, may && !row.filter, "{} {:?}", row.topic, right.who);
                }
                if matches!(right.who, Who::Nobody | Who::Revoked) {
                    assert!(!right.publish && !right.subscribe);
                }
            }
        }
    }
}
