//! A table to play a game at in a test: players, virtual time, a journal, and crashes at will.
//!
//! A [`Table`] does what the core does, with the same rules and no clock: it numbers what happens, runs timers when
//! their time comes, keeps every effect in its journal, and can forget the game and build it again from there. A step
//! that breaks a promise panics and says which.
//!
//! ```
//! # use eg_game::prelude::*;
//! # #[derive(Deserialize, JsonSchema)] struct Nothing {}
//! # struct Bell { rings: u32 }
//! # impl Game for Bell {
//! #     const KIND: &'static str = "bell";
//! #     type Config = Nothing;
//! #     fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> { Ok(Self { rings: 0 }) }
//! #     fn on_input(&mut self, input: &Input, effects: &mut Effects) {
//! #         self.rings += 1;
//! #         effects.cue(&input.slot, Cue::Accepted);
//! #         effects.after(TimerId(1), std::time::Duration::from_secs(2));
//! #     }
//! #     fn on_timer(&mut self, _: TimerId, _: Timestamp, effects: &mut Effects) {
//! #         effects.finish(Finish::Done);
//! #     }
//! #     fn view(&self, _: &Audience) -> View {
//! #         View { phase: "ringing".into(), headline: self.explain(), parts: vec![] }
//! #     }
//! #     fn explain(&self) -> Text { Text::same(self.rings.to_string()) }
//! # }
//! use eg_game::testkit::{Table, secs};
//!
//! let mut table = Table::seat(9).play::<Bell>("{}");
//!
//! table.press("slot-03", "red");
//! table.crash_for(secs(60));
//! table.pass(secs(2));
//!
//! assert_eq!(table.finished(), Some(&Finish::Done));
//! ```

#![expect(
    clippy::missing_panics_doc,
    reason = "a test kit fails a test by a panic; the text above says so"
)]

mod hands;
mod journal;
mod look;
mod names;
mod seats;
mod time;
mod timer;

pub use journal::{Cause, Entry};
pub use look::Args;
pub use names::slots;
pub use seats::Seats;
pub use serde_json::json;

use crate::{
    Act, Effect, GameEntry, Input, InputData, Roster, Session, SlotId, TimerId, Timestamp,
};
use eg_config::{KeyPath, Source};
use std::collections::BTreeMap;
use std::time::Duration;
use timer::Timer;

/// The moment at which every table's time begins.
pub const START: Timestamp = Timestamp(1_764_000_000_000_000);

/// Duration of this many seconds.
pub const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Duration of this many milliseconds.
pub const fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A session under test.
pub struct Table {
    entry: GameEntry,
    config: Source,
    roster: Roster,
    session: Box<dyn Session>,
    journal: Vec<Entry>,
    timers: BTreeMap<TimerId, Timer>,
    /// Time for which the core waits for what may be earlier.
    wait: Duration,
    /// Inputs on their way, with the time at which each arrives.
    way: Vec<(Timestamp, Input)>,
    /// Inputs that wait for their turn, in the order of time.
    queue: Vec<Input>,
    /// The latest moment of the session, and of anything that had its turn.
    moment: Timestamp,
    told: Timestamp,
    /// Inputs that each player holds down.
    held: BTreeMap<SlotId, Vec<InputData>>,
    now: Timestamp,
}

impl Table {
    /// The time at the table.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A choice by name arrives, as agents and pages of the old contract send it.
    #[track_caller]
    pub fn choose(&mut self, slot: &str, step: u32, choice: &str) -> &[Effect] {
        let what = InputData::Choice { step, choice: choice.to_owned() };
        let choice = self.an_input(slot, what);
        self.deliver(choice)
    }

    /// Anything that happens at a slot, to change and [`deliver`](Self::deliver): now, exactly, and live.
    #[track_caller]
    pub fn an_input(&self, slot: &str, what: InputData) -> Input {
        Input {
            id: 0,
            slot: names::slot(slot),
            what,
            at: self.now,
            unc_us: 0,
            now: self.now,
            late: false,
            overtaken: false,
            sim: true,
        }
    }

    /// An input arrives, now, and takes the next number of the journal. What it caused; nothing when the session is
    /// over, which keeps what happens and does not deliver it, and while it waits for its turn, see
    /// [`Seats::links_take`].
    #[track_caller]
    pub fn deliver(&mut self, input: Input) -> &[Effect] {
        let input = Input { id: self.next_id(), now: self.now, ..input };
        if self.holds_back(&input) {
            return &[];
        }
        self.happen(Cause::Input(input))
    }

    /// The last input arrives once more under a number of its own, as from a network that repeats. Panics when that
    /// changed what anybody sees.
    #[track_caller]
    pub fn repeat(&mut self) {
        let inputs = self.journal.iter().rev().filter_map(|entry| match &entry.cause {
            Cause::Input(input) => Some(input.clone()),
            Cause::Act(_) | Cause::Timer(_) | Cause::Resumed(_) => None,
        });
        let Some(last) = inputs.take(1).next() else { panic!("nothing was pressed yet") };
        let before = self.picture();

        let effects = self.deliver(last.clone());

        let quiet = |effect: &Effect| matches!(effect, Effect::Cue { .. } | Effect::Refuse { .. });
        assert!(effects.iter().all(quiet), "G3: the repeated {last:?} caused {effects:?}");
        assert_eq!(self.picture(), before, "G3: the repeated {last:?} changed what is seen");
    }

    /// The operator acts, without a reason.
    #[track_caller]
    pub fn operator(&mut self, name: &str, args: impl Into<Args>) -> &[Effect] {
        self.act(name, args.into(), None)
    }

    /// The operator acts and says why.
    #[track_caller]
    pub fn operator_because(
        &mut self,
        name: &str,
        args: impl Into<Args>,
        reason: &str,
    ) -> &[Effect] {
        self.act(name, args.into(), Some(reason.to_owned()))
    }

    #[track_caller]
    fn act(&mut self, name: &str, args: Args, reason: Option<String>) -> &[Effect] {
        let by = "operator".to_owned();
        let (id, at, args) = (self.next_id(), self.now, args.0);
        self.happen(Cause::Act(Act { id, at, by, reason, name: name.to_owned(), args }))
    }

    /// The core dies and comes back at once: the game is built again from the journal. Panics when it is not the
    /// same game: other effects, or another picture for anybody.
    #[track_caller]
    pub fn crash(&mut self) {
        let before = self.picture();

        let mut rebuilt = self.start();
        for entry in &self.journal {
            let effects = entry.cause.happen(&mut *rebuilt, entry.at);
            assert_eq!(effects, entry.effects, "G2: replayed otherwise: {:?}", entry.cause);
            if effects.iter().any(|effect| matches!(effect, Effect::Finish(_))) {
                break;
            }
        }
        self.session = rebuilt;

        assert_eq!(self.picture(), before, "G2: the rebuilt game looks otherwise");
    }

    /// Crashes as [`crash`](Self::crash) does, with the core down for this long: time in which no timer runs.
    #[track_caller]
    pub fn crash_for(&mut self, outage: Duration) {
        self.now = self.now + outage;
        self.delay_timers(outage);
        self.crash();
        self.happen(Cause::Resumed(outage));
    }

    /// Journal: everything that happened, in order, with its effects.
    pub fn journal(&self) -> &[Entry] {
        &self.journal
    }

    fn next_id(&self) -> i64 {
        i64::try_from(self.journal.len()).unwrap_or(i64::MAX - 1) + 1
    }

    #[track_caller]
    fn happen(&mut self, cause: Cause) -> &[Effect] {
        self.happen_at(cause, self.now)
    }

    #[track_caller]
    fn start(&self) -> Box<dyn Session> {
        match (self.entry.start)(&self.config, &KeyPath::root(), &self.roster) {
            Ok(session) => session,
            Err(error) => panic!("it started once and does not start again: {error}"),
        }
    }
}
