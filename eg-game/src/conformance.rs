//! The promises of a game module, numbered as in `docs/game-spec.md`, checked for any module by random sessions.
//!
//! ```
//! # use eg_game::prelude::*;
//! # /// No settings.
//! # #[derive(Deserialize, JsonSchema)]
//! # #[serde(deny_unknown_fields)]
//! # struct Nothing {}
//! # struct Bell;
//! # impl Game for Bell {
//! #     const KIND: &'static str = "bell";
//! #     type Config = Nothing;
//! #     fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> { Ok(Self) }
//! #     fn on_input(&mut self, _: &Input, _: &mut Effects) {}
//! #     fn view(&self, _: &Audience) -> View { View::new("there", self.explain(), []) }
//! #     fn explain(&self) -> Text { Text::same("nothing has happened") }
//! # }
//! use eg_game::conformance::Conformance;
//!
//! Conformance::of::<Bell>("{}").inputs(["red", "green"]).check();
//! ```
//!
//! The same sessions are played in every run. A broken promise panics with its number, and with the seed of the
//! session.

mod beyond;
mod moves;
mod order;
mod promises;
mod reseat;
mod settings;
mod subject;

use crate::testkit::Table;
use crate::{Chance, Game, GameEntry};
use subject::Subject;

/// Number of random sessions that are played.
const SESSIONS: u64 = 48;
/// Number of things that happen in each session.
const MOVES: usize = 60;

/// A module whose promises are to be checked.
pub struct Conformance {
    subject: Subject,
    secrets: Vec<String>,
    any_order: bool,
    draws_by_name: bool,
}

impl Conformance {
    /// A module with these settings, as YAML.
    pub fn of<G: Game>(config: &str) -> Self {
        Self::entry(GameEntry::of::<G>("table", "0", "a game under test"), config)
    }

    /// Checks a module without its type, otherwise as [`of`](Self::of).
    pub fn entry(entry: GameEntry, config: &str) -> Self {
        Self {
            subject: Subject {
                entry,
                config: config.to_owned(),
                inputs: vec!["a".into(), "b".into()],
                begin: |_| {},
            },
            secrets: Vec::new(),
            any_order: false,
            draws_by_name: false,
        }
    }

    /// The inputs that mean something to it, which are also the words, keys and tags that players try; `a` and `b`
    /// when none are named.
    #[must_use]
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = &'static str>) -> Self {
        self.subject.inputs = inputs.into_iter().map(str::to_owned).collect();
        self
    }

    /// Begins every session with these steps, so that there is something to play: a question is opened, buzzers armed.
    #[must_use]
    pub fn begin(mut self, begin: fn(&mut Table)) -> Self {
        self.subject.begin = begin;
        self
    }

    /// Names a secret that nobody may read who has not revealed it: `G10`.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        self.secrets.push(secret.to_owned());
        self
    }

    /// The module claims that presses of different slots may arrive in any order: `G4`.
    #[must_use]
    pub fn any_order(mut self) -> Self {
        self.any_order = true;
        self
    }

    /// The module draws by the names of slots, so that with another name it draws otherwise: `G13` is not asked.
    #[must_use]
    pub fn draws_by_name(mut self) -> Self {
        self.draws_by_name = true;
        self
    }

    /// Checks every promise.
    #[track_caller]
    pub fn check(self) {
        settings::check(&self.subject.entry);
        for seed in 0..SESSIONS {
            let _seed = Seed(seed);
            self.play(Chance::from_seed(seed));
        }
        for seed in 0..if self.draws_by_name { 0 } else { SESSIONS } {
            let _seed = Seed(seed);
            reseat::check(&self.subject, Chance::from_seed(seed));
        }
        if self.any_order {
            for seed in 0..SESSIONS {
                let _seed = Seed(seed);
                order::check(&self.subject, Chance::from_seed(seed));
            }
        }
    }

    #[track_caller]
    fn play(&self, mut chance: Chance) {
        let mut table = self.subject.table(chance.one_to(5));
        (self.subject.begin)(&mut table);
        promises::seen(&table, &self.secrets);
        for _ in 0..MOVES {
            moves::any(&mut table, &self.subject.inputs, &mut chance);
            promises::kept(&table, &self.secrets);
        }
        table.crash();
        promises::ends(&mut table);
        table.crash();
    }
}

/// Says which session broke a promise.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in the session with seed {}", self.0);
        }
    }
}
