//! A core that takes nobody without a secret, and agents that have none: named while they are out, and heard in full once
//! they are updated and adopted.

use anyhow::ensure;

use super::{Room, until};
use crate::torture::plan::{Part, SLOTS};
use crate::torture::slots;
use crate::torture::watch::Operator;

impl Room {
    /// Waits until the operator is told of every slot that is kept out, then updates the agents and adopts them.
    ///
    /// # Errors
    /// When the API or the page does not name a slot, or one of them was let in.
    pub(super) fn let_in(&mut self, operator: &mut Operator) -> anyhow::Result<()> {
        for slot in 0..SLOTS {
            let name = slots::name(slot);
            until("the refusal of an agent without a secret is told", || {
                let (_, told) = operator.ask("GET", "/api/slots/pairing", "").ok()?;
                let told: serde_json::Value = serde_json::from_str(&told).ok()?;
                let is_it = |one: &serde_json::Value| {
                    one["client"] == name.as_str() && one["why"] == "no_secret"
                };
                told["refused"].as_array()?.iter().any(is_it).then_some(())
            })?;
        }
        let stored = super::journal::presses(&self.db)?.len();
        ensure!(stored == 0, "{stored} presses came from agents without a secret");
        for slot in 0..SLOTS {
            self.kill(Part::Agent(slot));
            self.running.update(Part::Agent(slot));
            self.start_again(Part::Agent(slot))?;
        }
        self.adopt();
        Ok(())
    }
}
