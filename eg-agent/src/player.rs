//! View that the player at this slot has of their own presses, and of the room they play in.

use crate::normalize::Action;
use eg_hal::Moment;
use eg_proto::{DeviceName, EventKind, InputName, PressAnswer, PressOutcome, SlotScene};
use std::time::Duration;

/// Time for which a screen shows a choice that others in the room may not learn.
const PRIVATE: Duration = Duration::from_secs(6);
/// Time for which a screen shows that a press was not taken, or was taken and chose nothing.
const PASSING: Duration = Duration::from_secs(8);

/// Scene of the slot, and its player's latest press and choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Player {
    /// Scene of the slot's room, as the core said last.
    pub scene: Option<SlotScene>,
    /// The latest press, with the core's answer to it.
    pub press: Option<Press>,
    /// The choice that counts in the open question, as far as this start of the agent has seen it made.
    pub choice: Option<ChoiceShown>,
}

/// One press, and what the core said to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Press {
    /// Number of the press since the start: a page tells by it a new one from the same again.
    pub number: u64,
    /// Board of the input.
    pub device: DeviceName,
    /// Input that was pressed.
    pub input: InputName,
    /// Tag, key or line that it read.
    pub read: Option<String>,
    /// Moment of the press, in the slot's clock.
    pub at: Moment,
    /// The core's answer, and when it came; `None` until then.
    pub answer: Option<(PressAnswer, Moment)>,
}

/// A choice that the core has taken.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceShown {
    /// Choice of the press: an option, or an abstention.
    pub outcome: PressOutcome,
    /// Moment at which the core's answer came.
    pub at: Moment,
}

impl ChoiceShown {
    /// Returns `true` while a screen may show what was chosen, and not only that something was.
    pub fn is_shown(&self, now: Moment) -> bool {
        self.hides_at().is_none_or(|at| now < at)
    }

    fn hides_at(&self) -> Option<Moment> {
        match self.outcome {
            PressOutcome::Chosen { private: true, .. }
            | PressOutcome::Abstained { private: true } => Some(self.at + PRIVATE),
            PressOutcome::Chosen { .. }
            | PressOutcome::Abstained { .. }
            | PressOutcome::Taken
            | PressOutcome::Refused { .. }
            | PressOutcome::Unknown => None,
        }
    }
}

impl Press {
    /// Returns `true` while a screen tells of the press: until its answer has been read.
    pub fn is_shown(&self, now: Moment) -> bool {
        now < self.fades_at()
    }

    fn fades_at(&self) -> Moment {
        match &self.answer {
            // A choice is shown as such from then on.
            Some((answer, at)) if is_choice(&answer.outcome) => *at + PRIVATE,
            Some((_, at)) => *at + PASSING,
            None => self.at + PASSING,
        }
    }
}

impl Player {
    /// Notes what happened at an input of a board, if it is a player's press.
    pub(crate) fn note(&mut self, device: &DeviceName, action: &Action) {
        let read = match &action.kind {
            EventKind::Press | EventKind::Switch { on: true } => None,
            EventKind::Tag { uid } => Some(uid.clone()),
            EventKind::Key { symbol: text } | EventKind::Line { text } => Some(text.clone()),
            EventKind::Release
            | EventKind::Switch { .. }
            | EventKind::Turn { .. }
            | EventKind::Value { .. }
            | EventKind::TagRemoved { .. }
            | EventKind::Snapshot { .. }
            | EventKind::Fault { .. }
            | EventKind::Recovered
            | EventKind::Click { .. }
            | EventKind::Hold { .. }
            | EventKind::HoldEnd { .. }
            | EventKind::Chord { .. }
            | _ => return,
        };
        let number = self.press.as_ref().map_or(0, |press| press.number) + 1;
        let (device, input) = (device.clone(), action.input.clone());
        self.press = Some(Press { number, device, input, read, at: action.at, answer: None });
    }

    /// Takes the core's answer to a press. Returns `true` if it changes what is seen; one to an earlier press does not,
    /// unless it is a choice.
    pub(crate) fn answered(&mut self, answer: PressAnswer, now: Moment) -> bool {
        let chooses = is_choice(&answer.outcome);
        if chooses {
            self.choice = Some(ChoiceShown { outcome: answer.outcome.clone(), at: now });
        }
        let latest = self.press.as_mut();
        let own = latest.filter(|it| it.device == answer.device && it.input == answer.input);
        let answers = own.map(|press| press.answer = Some((answer, now))).is_some();
        chooses || answers
    }

    /// Forgets what was chosen: another question is open, or none.
    pub(crate) fn asked_anew(&mut self) {
        self.choice = None;
    }

    /// Returns the next moment at which something is not shown any more.
    pub fn next_change(&self, now: Moment) -> Option<Moment> {
        let hides = self.choice.as_ref().and_then(ChoiceShown::hides_at);
        let fades = self.press.as_ref().map(Press::fades_at);
        [hides, fades].into_iter().flatten().filter(|at| *at > now).min()
    }
}

/// Returns `true` for an answer that stands until the question closes.
pub(crate) fn is_choice(outcome: &PressOutcome) -> bool {
    matches!(outcome, PressOutcome::Chosen { .. } | PressOutcome::Abstained { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::{RefusalReason, Source, Text};

    fn at(seconds: u64) -> Moment {
        Moment(0) + Duration::from_secs(seconds)
    }

    fn pressed(player: &mut Player, input: &str, seconds: u64) {
        let (input, kind) = (input.parse().unwrap(), EventKind::Press);
        let action = Action { input, kind, at: at(seconds), unc_us: 0, src: Source::Kernel };
        player.note(&"panel".parse().unwrap(), &action);
    }

    fn answer(input: &str, outcome: PressOutcome) -> PressAnswer {
        let (device, input) = ("panel".parse().unwrap(), input.parse().unwrap());
        PressAnswer { device, input, outcome, late: false, notes: Vec::new() }
    }

    fn chosen(option: &str, private: bool) -> PressOutcome {
        PressOutcome::Chosen { option: option.to_owned(), private }
    }

    #[test]
    fn a_private_choice_is_shown_for_a_moment_and_counts_after_it() {
        let mut player = Player::default();
        pressed(&mut player, "b", 1);

        assert!(player.answered(answer("b", chosen("Ben", true)), at(2)));

        let choice = player.choice.clone().unwrap();
        assert!(choice.is_shown(at(7)) && !choice.is_shown(at(8)));
        assert_eq!(player.next_change(at(3)), Some(at(8)));
    }

    #[test]
    fn a_choice_of_an_open_vote_is_shown_until_another_question_is_asked() {
        let mut player = Player::default();
        pressed(&mut player, "b", 1);
        player.answered(answer("b", chosen("Ben", false)), at(2));

        assert!(player.choice.as_ref().unwrap().is_shown(at(3_600)));
        player.asked_anew();
        assert_eq!(player.choice, None);
    }

    #[test]
    fn a_press_that_is_refused_leaves_the_choice_before_it() {
        let mut player = Player::default();
        pressed(&mut player, "b", 1);
        player.answered(answer("b", chosen("Ben", false)), at(2));
        pressed(&mut player, "d", 3);
        let (reason, why) = (RefusalReason::NotAnOption, Text::same("no"));

        player.answered(answer("d", PressOutcome::Refused { reason, why }), at(4));

        assert_eq!(player.choice.as_ref().unwrap().outcome, chosen("Ben", false));
        let press = player.press.unwrap();
        assert!(press.is_shown(at(11)) && !press.is_shown(at(12)));
    }

    #[test]
    fn an_answer_to_an_earlier_press_is_not_taken_for_one_to_the_latest() {
        let mut player = Player::default();
        pressed(&mut player, "b", 1);
        pressed(&mut player, "c", 1);

        let changed = player.answered(answer("b", PressOutcome::Taken), at(2));

        assert!(!changed && player.press.unwrap().answer.is_none());
    }
}
