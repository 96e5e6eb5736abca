//! Restart of an agent: an order that it answers before it ends, for the supervisor of its machine to start it again.

use crate::engine::Engine;
use crate::engine::command::{Actor, Refused};
use crate::engine::effects::message::{COMMAND_LIFE, OutgoingMessage};
use crate::engine::read_model::Slot;
use crate::engine::rooms::acts::Attempt;
use crate::engine::transaction::Transaction;
use eg_proto::{AgentCommand, AgentOrder, PROTOCOL, SlotId, Topic, encode};

impl Engine {
    /// Orders an agent to end, so that it is started again. Refused for an agent that would not come back.
    pub(in crate::engine) fn restart_agent(
        &mut self,
        tx: &mut Transaction,
        slot: &SlotId,
        known: &Slot,
        by: Actor,
    ) -> Attempt<()> {
        if !known.agent.is_some_and(|agent| agent.restarts) {
            return Ok(Err(Refused::conflict(
                format!(
                    "l’agent de {slot} ne se redémarre pas d’ici : son fichier l’interdit, rien ne le relancerait, ou il est trop ancien"
                ),
                format!(
                    "the agent of {slot} cannot be restarted from here: its file forbids it, nothing would start it again, or it is too old"
                ),
            )));
        }
        self.write_slot_act(tx, "restart", slot, by)?;
        let (v, id) = (PROTOCOL, ulid::Ulid::new().to_string());
        let expires_us = tx.now + COMMAND_LIFE;
        let command = AgentCommand { v, id, expires_us, order: AgentOrder::Restart };
        let (topic, payload) = (Topic::AgentCommand(slot.clone()), encode(&command));
        let (retained, effect, expires) = (false, None, Some(expires_us));
        tx.orders.push(OutgoingMessage { topic, payload, retained, effect, expires });
        Ok(Ok(()))
    }
}
