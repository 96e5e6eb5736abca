//! A vote that waits for the operator.

use eg_game::SlotId;
use eg_game::ballot::{Vote, When};

/// A vote that waits.
#[derive(Clone, Debug)]
pub(crate) struct HeldBack {
    pub(crate) slot: SlotId,
    pub(crate) vote: Vote,
    pub(crate) when: When,
}
