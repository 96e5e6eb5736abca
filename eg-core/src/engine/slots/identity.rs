//! Identities of slots: what was decided about them stands in the journal, and who was refused is an alert.

use crate::access::Act;
use crate::engine::alerts::Alert;
use crate::engine::command::Actor;
use crate::engine::rooms::acts::ActRequest;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::JournalError;
use eg_proto::{SlotId, Text};
use std::collections::BTreeMap;

impl Engine {
    /// Stores acts that were carried out, and replaces the alerts about refused clients.
    pub(in crate::engine) fn take_identity(
        &mut self,
        tx: &mut Transaction,
        acts: Vec<Act>,
        alerts: BTreeMap<String, Text>,
    ) -> Result<(), JournalError> {
        for Act { at, by, name, slot, detail } in acts {
            if name == "label"
                && let Ok(slot) = SlotId::new(&slot)
            {
                self.take_label(&slot, &detail)?;
            }
            let what = if name == "label" { "label" } else { "code" };
            let mut args = text::args([("slot", slot.into()), ("at_us", at.0.into())]);
            if !detail.is_empty() {
                args.insert(what.to_owned(), detail.into());
            }
            let request = ActRequest { name, args, reason: None, by: Actor(by.name) };
            self.write_act(tx, None, request)?;
        }
        let standing =
            |alert: &&Alert| matches!(alert, Alert::Refusal(name) if !alerts.contains_key(name));
        for alert in self.alerts.keys().filter(standing).cloned().collect::<Vec<_>>() {
            self.alerts.remove(&alert);
        }
        for (name, told) in alerts {
            self.alerts.insert(Alert::Refusal(name), told);
        }
        tx.has_news = true;
        Ok(())
    }
}
