//! Everything that a test can see of a table.

use super::{Table, names};
use crate::{
    Audience, Cue, Effect, Finish, Offer, OfferGroup, Question, Roster, StepResult, Text, TimerId,
    Timestamp, View,
};
use serde_json::{Map, Value};

/// The fields of an operator's act: `()` for none, or a JSON object.
#[derive(Clone, Debug, Default)]
pub struct Args(pub(super) Map<String, Value>);

impl From<()> for Args {
    fn from((): ()) -> Self {
        Self::default()
    }
}

impl From<Value> for Args {
    /// Panics unless it is an object.
    #[track_caller]
    fn from(value: Value) -> Self {
        let Value::Object(map) = value else { panic!("fields are an object, not {value}") };
        Self(map)
    }
}

impl Table {
    /// Effects so far, in order.
    pub fn effects(&self) -> impl DoubleEndedIterator<Item = &Effect> {
        self.journal.iter().flat_map(|entry| &entry.effects)
    }

    /// Effects of the last thing that happened.
    pub fn last_effects(&self) -> &[Effect] {
        self.journal.last().map_or(&[], |entry| &entry.effects)
    }

    /// Results so far, in order.
    pub fn results(&self) -> Vec<&StepResult> {
        let results = self.effects();
        results
            .filter_map(|effect| if let Effect::Result(it) = effect { Some(it) } else { None })
            .collect()
    }

    /// The last result. Panics when there is none.
    #[track_caller]
    pub fn result(&self) -> &StepResult {
        let why = || panic!("there is no result yet: {}", self.explain().en);
        self.results().pop().unwrap_or_else(why)
    }

    /// Panics unless the last result is as wanted.
    #[track_caller]
    pub fn expect_result(&self, wanted: impl FnOnce(&StepResult) -> bool) {
        let result = self.result();
        assert!(wanted(result), "not the wanted result: {result:#?}");
    }

    /// Panics when there is a result.
    #[track_caller]
    pub fn expect_no_result(&self) {
        let results = self.results();
        assert!(results.is_empty(), "nothing should be decided yet: {results:#?}");
    }

    /// The last question that was opened.
    pub fn question(&self) -> Option<&Question> {
        self.effects().rev().find_map(|effect| {
            if let Effect::Open(question) = effect { Some(question) } else { None }
        })
    }

    /// Reason for which the last thing that happened was refused, an input or an act.
    pub fn refusal(&self) -> Option<&Text> {
        self.last_effects().iter().find_map(|effect| {
            if let Effect::Refuse { why, .. } | Effect::RefuseAct { why } = effect {
                Some(why)
            } else {
                None
            }
        })
    }

    /// Panics unless the last thing was refused with these words in its English reason.
    #[track_caller]
    pub fn expect_refusal(&self, words: &str) {
        let Some(why) = self.refusal() else {
            panic!("it was not refused: {:#?}", self.last_effects())
        };
        assert!(why.en.contains(words), "refused otherwise: {:?}", why.en);
    }

    /// Signal that the player felt who caused the last thing that happened.
    pub fn cue(&self) -> Option<Cue> {
        self.last_effects()
            .iter()
            .find_map(|effect| if let Effect::Cue { cue, .. } = effect { Some(*cue) } else { None })
    }

    /// The lines of the session's log, in English.
    pub fn notes(&self) -> Vec<&str> {
        let effects = self.effects();
        effects
            .filter_map(
                |it| if let Effect::Note { line, .. } = it { Some(&*line.en) } else { None },
            )
            .collect()
    }

    /// The timers that run, with the moment of each.
    pub fn timers(&self) -> Vec<(TimerId, Timestamp)> {
        self.timers.iter().map(|(timer, running)| (*timer, running.due)).collect()
    }

    /// Way in which the session ended, once it has.
    pub fn finished(&self) -> Option<&Finish> {
        self.effects().find_map(|effect| {
            if let Effect::Finish(finish) = effect { Some(finish) } else { None }
        })
    }

    /// Picture for an audience.
    pub fn view(&self, for_whom: &Audience) -> View {
        self.session.view(for_whom)
    }

    /// Picture for everybody in the room.
    pub fn public(&self) -> View {
        self.view(&Audience::Public)
    }

    /// Picture for the operator.
    pub fn operator_sees(&self, revealed: bool) -> View {
        self.view(&Audience::Operator { revealed })
    }

    /// Picture for a player at their slot.
    #[track_caller]
    pub fn player_sees(&self, slot: &str) -> View {
        self.view(&Audience::Slot(names::slot(slot)))
    }

    /// Acts that the operator may do now.
    pub fn offers(&self) -> Vec<Offer> {
        self.session.offers()
    }

    /// The names of what the game offers the operator now, in the order of the buttons; without what every game has.
    pub fn offered(&self) -> Vec<&'static str> {
        let own = self.offers().into_iter().filter(|offer| offer.about == OfferGroup::Game);
        own.map(|offer| offer.name).collect()
    }

    /// Players now.
    pub fn roster(&self) -> &Roster {
        self.session.roster()
    }

    /// Reason for which things stand as they do.
    pub fn explain(&self) -> Text {
        self.session.explain()
    }

    /// Pictures of every audience, offers and reason.
    pub(crate) fn picture(&self) -> (Vec<View>, Vec<Offer>, Text) {
        let mut audiences = vec![
            Audience::Operator { revealed: false },
            Audience::Operator { revealed: true },
            Audience::Public,
        ];
        let seats = &self.session.roster().seats;
        audiences.extend(seats.iter().map(|seat| Audience::Slot(seat.slot.clone())));
        let views = audiences.iter().map(|audience| self.view(audience)).collect();
        (views, self.offers(), self.explain())
    }
}
