//! Orders about a slot as a whole: all outputs off, lamps one by one, a look at its inputs, a restart.

use super::lamp_tour::{LAMPS, LIT_MS, LampTour, STEP};
use crate::engine::Engine;
use crate::engine::command::{Actor, Refused, SlotOrder};
use crate::engine::effects::message;
use crate::engine::read_model::{Slot, TourProgress};
use crate::engine::rooms::acts::{ActRequest, Attempt};
use crate::engine::text;
use crate::engine::transaction::Transaction;
use crate::journal::{JournalError, json};
use eg_proto::{DeviceName, OutputName, Presence, Set, SlotId, Timestamp};
use std::collections::VecDeque;

impl Engine {
    /// Carries out an order about a slot as a whole.
    pub(in crate::engine) fn order_slot(
        &mut self,
        tx: &mut Transaction,
        slot: &SlotId,
        order: SlotOrder,
        by: Actor,
    ) -> Attempt<()> {
        let Some(known) = self.slots.known.get(slot).cloned() else {
            return Ok(Err(Refused::unknown(
                format!("pas de poste « {slot} »"),
                format!("no slot called {:?}", slot.as_str()),
            )));
        };
        if known.presence == Presence::Offline {
            return Ok(Err(Refused::conflict(
                format!("{slot} est hors ligne : rien ne lui parvient"),
                format!("{slot} is offline: nothing reaches it"),
            )));
        }
        match order {
            SlotOrder::AllOff => self.switch_all_off(tx, slot, &known, by).map(Ok),
            SlotOrder::Lamps => self.begin_tour(tx, slot, &known, by),
            SlotOrder::StopLamps => self.stop_tour(tx, slot, by).map(Ok),
            SlotOrder::Restart => self.restart_agent(tx, slot, &known, by),
            SlotOrder::Look => {
                tx.asked.insert(slot.clone());
                Ok(Ok(()))
            }
        }
    }

    fn switch_all_off(
        &mut self,
        tx: &mut Transaction,
        slot: &SlotId,
        known: &Slot,
        by: Actor,
    ) -> Result<(), JournalError> {
        self.end_tour(slot);
        let (entry, name) = (self.write_slot_act(tx, "all-off", slot, by.clone())?, by.0);
        for (device, output) in outputs(known) {
            let command = message::command_for(device, output, Set::Off, tx.now);
            self.light_told(slot, &command, tx.now, Some(&name));
            self.command(tx, entry, slot, &command)?;
        }
        Ok(())
    }

    fn begin_tour(
        &mut self,
        tx: &mut Transaction,
        slot: &SlotId,
        known: &Slot,
        by: Actor,
    ) -> Attempt<()> {
        let lamps = outputs(known).filter(|(_, output)| message::is_lamp(output));
        let lamps: VecDeque<_> = lamps.take(LAMPS).collect();
        if lamps.is_empty() {
            return Ok(Err(Refused::unknown(
                format!("{slot} n’a pas de sortie dont le nom commence par « lamp »"),
                format!("{slot} has no output whose name begins with \"lamp\""),
            )));
        }
        let entry = self.write_slot_act(tx, "lamps", slot, by.clone())?;
        let tour = LampTour { entry, by: by.0, of: lamps.len(), lamps, next: tx.now };
        self.slots.tours.insert(slot.clone(), tour);
        self.light_next_lamps(tx)?;
        Ok(Ok(()))
    }

    fn stop_tour(
        &mut self,
        tx: &mut Transaction,
        slot: &SlotId,
        by: Actor,
    ) -> Result<(), JournalError> {
        if self.end_tour(slot) {
            self.write_slot_act(tx, "lamps-stop", slot, by)?;
        }
        Ok(())
    }

    /// Ends the tour of a slot. Returns `false` if none was on.
    fn end_tour(&mut self, slot: &SlotId) -> bool {
        if let Some(panel) = self.slots.panel(slot) {
            panel.tour = None;
        }
        self.slots.tours.remove(slot).is_some()
    }

    /// Lights the next lamp of every tour whose time has come, and ends those that are over.
    pub(in crate::engine) fn light_next_lamps(
        &mut self,
        tx: &mut Transaction,
    ) -> Result<(), JournalError> {
        let due = self.slots.tours.iter().filter(|(_, tour)| tour.next <= tx.now);
        let due: Vec<SlotId> = due.map(|(slot, _)| slot.clone()).collect();
        for slot in due {
            tx.has_news = true;
            let Some(tour) = self.slots.tours.get_mut(&slot) else { continue };
            let Some((device, output)) = tour.lamps.pop_front() else {
                self.end_tour(&slot);
                continue;
            };
            tour.next = tx.now + STEP;
            let (entry, by, of) = (tour.entry, tour.by.clone(), tour.of);
            let place = of - tour.lamps.len();
            let set = Set::Pulse(LIT_MS);
            let command = message::command_for(device.clone(), output.clone(), set, tx.now);
            self.light_told(&slot, &command, tx.now, Some(&by));
            self.command(tx, entry, &slot, &command)?;
            if let Some(panel) = self.slots.panel(&slot) {
                panel.tour = Some(TourProgress { device, output, place, of });
            }
        }
        Ok(())
    }

    /// Stores an act about a slot, and returns its number.
    pub(in crate::engine) fn write_slot_act(
        &mut self,
        tx: &mut Transaction,
        name: &str,
        slot: &SlotId,
        by: Actor,
    ) -> Result<i64, JournalError> {
        let (name, args) = (name.to_owned(), text::args([("slot", json(slot))]));
        let request = ActRequest { name, args, reason: None, by };
        Ok(self.write_act(tx, None, request)?.0)
    }

    /// Returns the time at which the next lamp of any tour is due.
    pub(in crate::engine) fn next_lamp_at(&self) -> Option<Timestamp> {
        self.slots.tours.values().map(|tour| tour.next).min()
    }
}

/// Returns the outputs of all boards, in the order of the slot's file.
fn outputs(slot: &Slot) -> impl Iterator<Item = (DeviceName, OutputName)> {
    slot.devices.iter().flat_map(|device| {
        device.outputs.iter().map(|output| (device.name.clone(), output.clone()))
    })
}
