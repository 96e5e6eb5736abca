//! Seats of a table, before the game starts.

use super::names::{buttons, slot, slots};
use super::{START, Table, json};
use crate::registry::EntryError;
use crate::{Game, GameEntry, Roster, Seat, SlotId};
use eg_config::{KeyPath, Source};
use std::collections::BTreeMap;
use std::time::Duration;

/// Players before the game starts. A player who does not sit here is a mistake of the test and panics.
#[derive(Clone, Debug)]
pub struct Seats {
    roster: Roster,
    seed: u64,
    wait: Duration,
}

impl Table {
    /// Seats so many players, `slot-01`, `slot-02`, …: alive, without a role, with one vote each.
    pub fn seat(players: usize) -> Seats {
        Seats { roster: Roster::of(slots(players)), seed: 1, wait: Duration::ZERO }
    }
}

impl Seats {
    /// Gives players a role.
    #[must_use]
    #[track_caller]
    pub fn role(mut self, role: &str, slots: &[&str]) -> Self {
        for slot in slots {
            self.at(slot).role = Some(role.to_owned());
        }
        self
    }

    /// Gives a player so many votes.
    #[must_use]
    #[track_caller]
    pub fn weight(mut self, slot: &str, weight: u32) -> Self {
        self.at(slot).weight = weight;
        self
    }

    /// Takes a player out of the game before it starts.
    #[must_use]
    #[track_caller]
    pub fn dead(mut self, slot: &str) -> Self {
        self.at(slot).alive = false;
        self
    }

    /// Plays by an earlier revision of the rules, as a session recorded under it does.
    #[must_use]
    pub fn rules(self, rules: u16) -> Self {
        Self { roster: self.roster.with_rules(rules), ..self }
    }

    /// Gives the session a seed, as the core draws one: 1 when nobody says.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Lets messages take up to so long, as the core has measured it: it waits so much longer for what may be earlier,
    /// before a deadline and, in a game that hears by time, before each input. Nothing when nobody says. See
    /// [`Table::press_on_its_way`].
    #[must_use]
    pub fn links_take(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// Lets every slot have told that it has these buttons, in this order.
    #[must_use]
    #[track_caller]
    pub fn buttons(mut self, inputs: &[&str]) -> Self {
        let slots: Vec<SlotId> = self.roster.seats.iter().map(|seat| seat.slot.clone()).collect();
        for slot in slots {
            self.roster.set_controls(slot, buttons(inputs));
        }
        self
    }

    /// This slot has told that it has these buttons instead.
    #[must_use]
    #[track_caller]
    pub fn buttons_at(mut self, name: &str, inputs: &[&str]) -> Self {
        self.roster.set_controls(slot(name), buttons(inputs));
        self
    }

    /// The roster.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Starts the game with this `config`, as YAML, and sends it the act `start`. Panics when it does not start.
    #[track_caller]
    pub fn play<G: Game>(self, config: &str) -> Table {
        self.try_play::<G>(config).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Starts the game as [`play`](Self::play) does.
    ///
    /// # Errors
    /// Mistakes of the config, as the core would say it. The file is called `table.yaml`.
    #[track_caller]
    pub fn try_play<G: Game>(self, config: &str) -> Result<Table, EntryError> {
        self.try_entry(GameEntry::of::<G>("table", "0", "a game under test"), config)
    }

    #[track_caller]
    pub(crate) fn try_entry(self, entry: GameEntry, config: &str) -> Result<Table, EntryError> {
        let config = Source::text("table.yaml", config);
        let session = (entry.start)(&config, &KeyPath::root(), &self.roster)?;
        let mut table = Table {
            entry,
            config,
            roster: self.roster,
            session,
            journal: Vec::new(),
            timers: BTreeMap::new(),
            wait: self.wait,
            way: Vec::new(),
            queue: Vec::new(),
            moment: START,
            told: START,
            held: BTreeMap::new(),
            now: START,
        };
        let seeded = table.roster.rules() > 1;
        table.operator("start", if seeded { json!({ "seed": self.seed }) } else { json!({}) });
        Ok(table)
    }

    #[track_caller]
    fn at(&mut self, name: &str) -> &mut Seat {
        let slot = slot(name);
        let found = self.roster.seats.iter_mut().find(|seat| seat.slot == slot);
        found.unwrap_or_else(|| panic!("nobody sits at {name}"))
    }
}
