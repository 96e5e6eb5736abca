//! A running game with its type erased.

#[cfg(doc)]
use crate::Game;
use crate::{
    Act, Audience, Effects, Input, InputName, Offer, Order, Roster, SlotId, Text, TimerId,
    Timestamp, View,
};
use std::time::Duration;

/// A running game with its type erased, with what the SDK does for every [`Game`]: it keeps the roster, pauses, ends,
/// and drops an event that is told twice.
pub trait Session: Send {
    /// See [`Game::ORDER`].
    fn order(&self) -> Order;
    /// See [`Game::on_input`].
    fn on_input(&mut self, input: &Input, effects: &mut Effects);
    /// See [`Game::on_timer`].
    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects);
    /// See [`Game::on_operator`] and [`Game::on_roster`].
    fn on_operator(&mut self, act: &Act, effects: &mut Effects);
    /// Takes in that the core was down for this long: timers stood still. See [`Game::shift`].
    fn on_resumed(&mut self, outage: Duration);
    /// See [`Game::offers`].
    fn offers(&self) -> Vec<Offer>;
    /// See [`Game::view`].
    fn view(&self, for_whom: &Audience) -> View;
    /// See [`Game::reads`].
    fn reads(&self) -> Vec<(SlotId, InputName)> {
        Vec::new()
    }
    /// See [`Game::REWINDS`].
    fn rewinds(&self) -> bool {
        true
    }
    /// `true` while the session is paused: what players do does not count.
    fn is_paused(&self) -> bool {
        false
    }
    /// See [`Game::carry`].
    fn carry(&self) -> serde_json::Value {
        serde_json::Value::Null
    }
    /// See [`Game::explain`].
    fn explain(&self) -> Text;
    /// Players now: inputs at their slots belong to this session.
    fn roster(&self) -> &Roster;
}
