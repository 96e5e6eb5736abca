//! Changes of the roster, by an act of the operator or by the game itself: the same in every game.

use eg_proto::SlotId;

/// A change of the roster. The SDK offers the acts, checks them, applies them to the [`Roster`](crate::Roster) and
/// then tells the game; it does the same for [`Effects::out`](crate::Effects::out) and
/// [`Effects::back`](crate::Effects::back).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RosterChange {
    /// Act `kill`, or the game itself: this player is out of the game.
    Killed(SlotId),
    /// Act `revive`, or the game itself: that is taken back.
    Revived(SlotId),
    /// Act `excuse`: this player is asked nothing for now.
    Excused(SlotId),
    /// Act `readmit`: that is taken back.
    Readmitted(SlotId),
    /// Act `proxy`: the operator chooses for this player, as often as they like; the roster stays as it is.
    Proxy {
        /// Player for whom.
        slot: SlotId,
        /// One of [`ProxyChoices::options`].
        choice: String,
    },
    /// Act `reseat`: the player at one slot plays on at the other. Who sat there takes the first one's place.
    Reseated {
        /// Slot that the player leaves.
        from: SlotId,
        /// Slot at which the player plays on.
        to: SlotId,
    },
}

impl RosterChange {
    /// Slot at which the player of `slot` sits after this change.
    pub fn seat_of<'a>(&'a self, slot: &'a SlotId) -> &'a SlotId {
        match self {
            Self::Reseated { from, to } if slot == from => to,
            Self::Reseated { from, to } if slot == to => from,
            Self::Reseated { .. }
            | Self::Killed(_)
            | Self::Revived(_)
            | Self::Excused(_)
            | Self::Readmitted(_)
            | Self::Proxy { .. } => slot,
        }
    }

    /// Player who is no longer in play through it.
    pub fn gone(&self) -> Option<&SlotId> {
        match self {
            Self::Killed(slot) | Self::Excused(slot) => Some(slot),
            Self::Revived(_) | Self::Readmitted(_) | Self::Proxy { .. } | Self::Reseated { .. } => {
                None
            }
        }
    }

    /// Player who may be back in play through it.
    pub fn back(&self) -> Option<&SlotId> {
        match self {
            Self::Revived(slot) | Self::Readmitted(slot) => Some(slot),
            Self::Killed(_) | Self::Excused(_) | Self::Proxy { .. } | Self::Reseated { .. } => None,
        }
    }
}

/// Players and options among which the operator may choose for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyChoices {
    /// Slots that are asked.
    pub slots: Vec<SlotId>,
    /// Words of the options, in the order shown.
    pub options: Vec<String>,
}
