//! The trait an author implements.

use crate::{
    Act, Audience, Effects, Input, InputName, Offer, ProxyChoices, Roster, RosterChange, SlotId,
    TimerId, Timestamp, View,
};
use eg_config::{KeyPath, SettingProblems};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// One game module.
///
/// Every method is a pure step of a reducer: no clock, no I/O, no chance of its own. A panic ends that session alone.
///
/// A whole game, a vote that more than half of the players decide, and a test of it:
///
/// ```
/// use eg_game::ballot::{Ballot, Change, KeyMap, Keys, Rule, Verdict, When};
/// use eg_game::prelude::*;
/// use eg_game::testkit::Table;
///
/// /// The settings of a session.
/// #[derive(Deserialize, JsonSchema)]
/// #[serde(deny_unknown_fields)]
/// struct Config {
///     /// What is asked.
///     question: String,
///     /// What may be chosen: by the inputs that are called so, else by the buttons in their order.
///     options: Vec<String>,
/// }
///
/// struct Majority {
///     question: String,
///     keys: Keys,
///     ballot: Ballot,
/// }
///
/// impl Game for Majority {
///     const KIND: &'static str = "majority";
///     type Config = Config;
///
///     fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
///         if config.options.len() < 2 {
///             return Err(StartError::new("options", "a vote needs at least two"));
///         }
///         let keys = KeyMap::default().lay(&config.options, roster);
///         let ballot = Ballot::open(config.options, roster.alive(None), Change::Last);
///         Ok(Self { question: config.question, keys, ballot })
///     }
///
///     fn on_input(&mut self, input: &Input, effects: &mut Effects) {
///         let Some(key) = input.pressed() else { return };
///         let options = self.ballot.options();
///         let Some(vote) = self.keys.press(&input.slot, key, options) else { return };
///         if let Err(error) = self.ballot.cast(&input.slot, vote, When::of(input)) {
///             return effects.refuse(Text::same(error.to_string()));
///         }
///         effects.cue(&input.slot, Cue::Accepted);
///         if let Verdict::Won(_) = self.ballot.tally().verdict(Rule::Majority) {
///             effects.note(self.explain());
///             effects.finish(Finish::Done);
///         }
///     }
///
///     fn view(&self, _: &Audience) -> View {
///         let turnout = Widget::turnout(self.ballot.votes(), self.ballot.asked());
///         View::new("open", Text::same(&self.question), [turnout])
///     }
///
///     fn explain(&self) -> Text {
///         if let Verdict::Won(choice) = self.ballot.tally().verdict(Rule::Majority) {
///             return Text::same(&self.ballot.options()[choice]);
///         }
///         Text::new("pas encore de majorité", "no majority yet")
///     }
/// }
///
/// eg_game::register!(Majority);
///
/// let mut table = Table::seat(3).play::<Majority>("{ question: Ready?, options: [Yes, No] }");
///
/// table.press("slot-01", "yes");
/// table.press("slot-01", "yes");
/// assert_eq!(table.finished(), None);
///
/// table.press("slot-02", "yes");
/// assert_eq!(table.finished(), Some(&Finish::Done));
/// assert_eq!(table.explain(), Text::same("Yes"));
/// ```
pub trait Game: Sized + Send + 'static {
    /// The name in YAML and in the API: lower-case, hyphenated, unique among the games of a core.
    const KIND: &'static str;

    /// The `config:` of a session. Derive `Deserialize` with `deny_unknown_fields`, and `JsonSchema`.
    type Config: DeserializeOwned + JsonSchema;

    /// Inputs that reach it.
    const INPUTS: InputFilter = InputFilter::Players;

    /// `true` if it leaves something to the next session of this game in the same room, see [`carry`](Self::carry).
    const CARRIES: bool = false;

    /// `true` if an act of the operator can be undone by playing the session again without it. Not where devices were
    /// told what follows from it, such as money: such a game takes things back by acts of its own.
    const REWINDS: bool = true;

    /// Order in which inputs reach it.
    const ORDER: Order = Order::Arrival;

    /// Sets the game up for the players in `roster`. The act `start` follows at once and brings the time.
    ///
    /// # Errors
    /// A setting that cannot work for this roster, named by field.
    fn start(config: Self::Config, roster: &Roster) -> Result<Self, StartError>;

    /// Takes in something that happened at a slot of the roster.
    fn on_input(&mut self, input: &Input, effects: &mut Effects);

    /// Takes in that a timer ran out at `at`, asked for with [`Effects::after`] or [`Effects::deadline`]. Time in which
    /// the core was down does not count.
    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
        let _ = (timer, at, effects);
    }

    /// Does an act of the operator. An act that cannot be done now is answered with [`Effects::refuse_act`] and changes nothing.
    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        let _ = act;
        effects.refuse_act(crate::Text::new(
            "ce jeu ne connaît pas cette action",
            "this game has no such act",
        ));
    }

    /// Follows a change of the roster; `roster` is what it is now. By an act of the operator, which has the same name in every
    /// game, see [`RosterChange`]; or by the game's own [`Effects::out`] and [`Effects::back`], and then `act` is
    /// called `out` or `back`, is by the game's [`KIND`](Self::KIND), has the moment of what happened, and cannot be
    /// refused.
    fn on_roster(
        &mut self,
        change: &RosterChange,
        act: &Act,
        roster: &Roster,
        effects: &mut Effects,
    ) {
        let _ = (change, act, roster, effects);
    }

    /// Follows what a slot has told of its inputs, for the first time or anew; `roster` is what it is now. What the inputs mean in a
    /// question that is open stays as it is: see [`Keys::learn`](crate::ballot::Keys::learn).
    fn on_controls(&mut self, slot: &SlotId, roster: &Roster, effects: &mut Effects) {
        let _ = (slot, roster, effects);
    }

    /// Choices that the operator may make for a player now; `None` when there are none.
    fn proxy_choices(&self) -> Option<ProxyChoices> {
        None
    }

    /// Inputs that it reads for how they stand, such as lids, dials and tag readers: for these the operator may say how
    /// they stand, when a reader misses a tag or a switch sticks. None in a game of choices or of who was first: nobody
    /// presses there for a player.
    fn reads(&self) -> Vec<(SlotId, InputName)> {
        Vec::new()
    }

    /// Shifts shown moments by time that does not count: the session was paused, or the core was down. Timers stood
    /// still; a game that shows when something ends moves that moment.
    fn shift(&mut self, by: Duration) {
        let _ = by;
    }

    /// State with which the next session of this game in the same room begins: it stands in its act `start` as
    /// `carried`. Asked when [`CARRIES`](Self::CARRIES) is set and this session is over, however it ended.
    fn carry(&self) -> serde_json::Value {
        serde_json::Value::Null
    }

    /// Acts that the operator may do now, in the order of the buttons. The SDK adds what every game has: pausing,
    /// changes of the roster, aborting. An act of one of those names that the game offers itself is the game's: it
    /// reaches [`on_operator`](Self::on_operator), and the SDK leaves it alone.
    fn offers(&self) -> Vec<Offer> {
        Vec::new()
    }

    /// Picture for this audience. Pages render any module from it.
    fn view(&self, for_whom: &Audience) -> View;

    /// Reason for which things stand as they do, in one sentence.
    fn explain(&self) -> crate::Text;
}

/// Filter for the inputs that reach a game. The others are refused with the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputFilter {
    /// Deeds of players in play while the session is not paused, and reports of how things stand.
    Players,
    /// Deeds of everybody while the session is not paused, and reports: the game itself answers the dead and the
    /// excused, so that nobody notices them.
    Everybody,
    /// All inputs, paused or not: a game of things, which has nobody to kill or to excuse.
    Everything,
}

/// Order in which inputs reach a game. They are stored and acknowledged at once in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Order of arrival, at once: for games to which the order of different players means nothing, such as votes.
    Arrival,
    /// Order of the times at which they happened: for games in which who was first decides. The core holds an input
    /// back until nothing earlier can come any more: the largest uncertainty of the clocks at the table, and what a
    /// message takes. Inputs that cannot be told apart arrive together, at one moment, so a timer without delay ends
    /// after the last of them. A timer that is due at some moment runs out only once nothing earlier can come, with
    /// that moment as its time: what a player did before it is played before it. Those of one slot keep their order.
    /// What comes later than that is [`overtaken`](Input::overtaken).
    ByTime,
}

/// Settings that cannot work: each mistake with its path in `config:`. Gather several in a [`SettingProblems`]:
///
/// ```
/// # use eg_game::prelude::*;
/// # fn check(question: &str, options: &[String]) -> Result<(), StartError> {
/// let mut wrong = SettingProblems::default();
/// if question.is_empty() {
///     wrong.push("question", "it has no words");
/// }
/// if options.len() < 2 {
///     wrong.push("options", "a vote needs at least two");
/// }
/// Ok(wrong.or(())?)
/// # }
/// # assert_eq!(check("", &[]).unwrap_err().0.iter().count(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct StartError(#[from] pub SettingProblems);

impl StartError {
    /// One mistake: the field of `config:`, or the path to a value in it, and what is wrong and what would work.
    pub fn new(path: impl Into<KeyPath>, problem: impl Into<String>) -> Self {
        Self(SettingProblems::of(path, problem))
    }
}
