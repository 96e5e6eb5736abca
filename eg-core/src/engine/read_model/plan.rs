//! Plan of a room: places of its slots.

use eg_proto::SlotId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Places of the slots of a room; a slot without one is listed.
pub type RoomPlan = BTreeMap<SlotId, Place>;

/// Place on the plan of a room.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Column from the left, from 0 to 9.
    pub x: u8,
    /// Row from the top, from 0 to 19.
    pub y: u8,
}

impl Place {
    /// Number of columns of a plan.
    pub const COLUMNS: u8 = 10;
    /// Number of rows of a plan.
    pub const ROWS: u8 = 20;

    /// Returns `true` for a place within the columns and rows.
    pub fn is_on_plan(self) -> bool {
        self.x < Self::COLUMNS && self.y < Self::ROWS
    }
}
