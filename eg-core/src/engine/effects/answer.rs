//! Answer to a press for the slot that pressed. It follows from the game's effects, so the journal does not keep it.

use crate::engine::session::act_log::OpenQuestion;
use crate::engine::session::cause::Cause;
use crate::engine::session::live::LiveSession;
use eg_game::{Cue, Effect, InputData, Widget};
use eg_proto::{
    DeviceName, Event, EventKind, InputName, PressAnswer, PressOutcome, RefusalReason, SlotId, Text,
};

/// Press on its way to a game, with what it means in the question that is open then.
#[derive(Debug)]
pub(in crate::engine) struct AnsweredPress {
    /// Number of its entry in the journal.
    entry: i64,
    pub(in crate::engine) slot: SlotId,
    device: DeviceName,
    input: InputName,
    late: bool,
    meaning: Option<Meaning>,
    /// `true` unless everybody sees who leads: then a screen may show a choice as long as the question is open.
    private: bool,
}

/// Meaning of an input in an open question.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    Option(String),
    Abstention,
}

impl AnsweredPress {
    /// Returns the press that a cause hands to the game; `None` for everything else that happens.
    pub(in crate::engine) fn of(run: &LiveSession, cause: &Cause) -> Option<Self> {
        let input = match cause {
            Cause::Input(input) => input,
            Cause::Played(held, _) => run.queue().held(*held)?,
            Cause::Timer(..) | Cause::Act(_) | Cause::Asked(_) | Cause::Resumed(_) => return None,
        };
        let InputData::Event { device, input: name, kind } = &input.what else { return None };
        if !is_press(kind) {
            return None;
        }
        let (open, _) = run.asked();
        let meant = input.pressed().and_then(|key| meaning(&input.slot, key, open));
        let shown = &run.shown().public.parts;
        let private = meant.as_ref().is_none_or(|(step, _)| !tells_who_leads(shown, *step));
        Some(Self {
            entry: input.id,
            slot: input.slot.clone(),
            device: device.clone(),
            input: name.clone(),
            late: input.late,
            meaning: meant.map(|(_, meaning)| meaning),
            private,
        })
    }

    /// Returns `true` while the session holds it back until its turn.
    pub(in crate::engine) fn waits(&self, run: &LiveSession) -> bool {
        run.queue().held(self.entry).is_some()
    }

    /// Returns the answer to the press after these effects of it; `None` if the game took no notice.
    pub(in crate::engine) fn answer(self, effects: &[Effect]) -> Option<PressAnswer> {
        let outcome = self.outcome(effects)?;
        let Self { device, input, late, .. } = self;
        Some(PressAnswer { device, input, outcome, late, notes: Vec::new() })
    }

    fn outcome(&self, effects: &[Effect]) -> Option<PressOutcome> {
        let cue = effects.iter().find_map(|effect| {
            let Effect::Cue { slot, cue } = effect else { return None };
            (*slot == self.slot).then_some(*cue)
        });
        let refusal = effects.iter().find_map(|effect| {
            let Effect::Refuse { why, reason } = effect else { return None };
            Some((*reason, why.clone()))
        });
        match (cue, refusal) {
            (Some(Cue::Refused), refusal) => {
                let (reason, why) = refusal.unwrap_or_default();
                Some(PressOutcome::Refused { reason, why })
            }
            // What a player may not feel, the screen does not tell either.
            (Some(Cue::Accepted), _) => Some(self.taken()),
            (None, Some((reason, why))) if !self.late || reason.is_common() => {
                Some(PressOutcome::Refused { reason, why })
            }
            (None, Some(_)) => Some(PressOutcome::Taken),
            (None, None) => self.late.then(|| self.taken()),
        }
    }

    fn taken(&self) -> PressOutcome {
        let private = self.private;
        match self.meaning.clone() {
            Some(Meaning::Option(option)) => PressOutcome::Chosen { option, private },
            Some(Meaning::Abstention) => PressOutcome::Abstained { private },
            None => PressOutcome::Taken,
        }
    }
}

/// Returns the answer to a press at a slot that plays nowhere: taken if it answers a roll-call. `None` for an event that
/// is no press.
pub(in crate::engine) fn outside(event: &Event, called: bool) -> Option<PressAnswer> {
    if !is_press(&event.kind) {
        return None;
    }
    let outcome = if called && !event.late {
        PressOutcome::Taken
    } else {
        let why = Text::new("aucune partie n’est en cours", "no session is running");
        PressOutcome::Refused { reason: RefusalReason::NobodyAsked, why }
    };
    let (device, input, late) = (event.device.clone(), event.input.clone(), event.late);
    Some(PressAnswer { device, input, outcome, late, notes: Vec::new() })
}

/// Returns `true` for what a player does at an input and expects an answer to.
fn is_press(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Press
            | EventKind::Switch { on: true }
            | EventKind::Tag { .. }
            | EventKind::Key { .. }
            | EventKind::Line { .. }
    )
}

/// Returns `true` if a view shows everybody the votes of this step so far: a tally after its question.
fn tells_who_leads(view: &[Widget], wanted: u32) -> bool {
    let mut at = None;
    view.iter().any(|part| {
        if let Widget::Question { step, .. } = part {
            at = Some(*step);
        }
        at == Some(wanted) && matches!(part, Widget::Tally { .. })
    })
}

/// Returns what an input of a slot means, with the step, in the latest question in which it means anything. Where the
/// slot's inputs are not known, an input means the option of its own name.
fn meaning(slot: &SlotId, key: &InputName, open: &[OpenQuestion]) -> Option<(u32, Meaning)> {
    open.iter().rev().find_map(|OpenQuestion { question, .. }| {
        let of_step = |meaning| (question.step, meaning);
        let Some(layout) = question.keys.iter().find(|layout| layout.slots.contains(slot)) else {
            let named = |option: &&String| option.eq_ignore_ascii_case(key.as_str());
            let option = question.options.iter().find(named).cloned();
            return option.map(Meaning::Option).map(of_step);
        };
        if layout.abstain.as_ref() == Some(key) {
            return Some(of_step(Meaning::Abstention));
        }
        let mut options = question.options.iter().zip(&layout.inputs);
        let chosen = options.find(|(_, inputs)| inputs.contains(key));
        chosen.map(|(option, _)| of_step(Meaning::Option(option.clone())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_game::{Layout, Question};

    fn press(meaning: Option<Meaning>, late: bool) -> AnsweredPress {
        AnsweredPress {
            entry: 1,
            slot: "slot-01".parse().unwrap(),
            device: "panel".parse().unwrap(),
            input: "b".parse().unwrap(),
            late,
            meaning,
            private: true,
        }
    }

    fn cue(cue: Cue) -> Effect {
        Effect::Cue { slot: "slot-01".parse().unwrap(), cue }
    }

    fn refuse(reason: RefusalReason) -> Effect {
        Effect::Refuse { why: Text::same("no"), reason }
    }

    fn option() -> Option<Meaning> {
        Some(Meaning::Option("Ben".to_owned()))
    }

    #[test]
    fn a_press_that_the_game_lets_feel_taken_reads_as_taken_though_it_was_refused() {
        let effects = [refuse(RefusalReason::NotYourTurn), cue(Cue::Accepted)];

        let outcome = press(option(), false).outcome(&effects);

        let option = "Ben".to_owned();
        assert_eq!(outcome, Some(PressOutcome::Chosen { option, private: true }));
    }

    #[test]
    fn a_late_press_tells_the_reasons_alone_that_give_nobody_away() {
        let told = |reason| press(option(), true).outcome(&[refuse(reason)]);

        assert!(matches!(told(RefusalReason::TooLate), Some(PressOutcome::Refused { .. })));
        assert_eq!(told(RefusalReason::NotYourTurn), Some(PressOutcome::Taken));
    }

    #[test]
    fn a_press_of_which_the_game_takes_no_notice_has_no_answer() {
        assert_eq!(press(option(), false).outcome(&[]), None);
        assert_eq!(press(None, true).outcome(&[]), Some(PressOutcome::Taken));
    }

    #[test]
    fn a_result_that_still_stands_does_not_open_the_ballot_after_it() {
        let question = |step| Widget::Question {
            step,
            text: "?".to_owned(),
            options: Vec::new(),
            keys: Vec::new(),
        };
        let tally = Widget::Tally { title: Text::default(), bars: Vec::new(), of: 1 };

        let view = [question(1), tally, question(2), Widget::turnout(0, 3)];

        assert!(tells_who_leads(&view, 1) && !tells_who_leads(&view, 2));
    }

    #[test]
    fn an_input_means_what_it_means_at_its_own_slot_and_its_name_where_nothing_is_known() {
        let key = |name: &str| name.parse::<InputName>().unwrap();
        let layout = Layout {
            slots: vec!["slot-01".parse().unwrap()],
            inputs: vec![vec![key("a")], vec![key("b")]],
            abstain: Some(key("f")),
        };
        let options = vec!["Anna".to_owned(), "Ben".to_owned()];
        let (question, keys) = ("Who?".to_owned(), vec![layout]);
        let question = Question { step: 1, question, options, keys };
        let open = [OpenQuestion { question, round: 1 }];
        let means = |slot: &str, name: &str| {
            meaning(&slot.parse().unwrap(), &key(name), &open).map(|(_, meaning)| meaning)
        };

        assert_eq!(means("slot-01", "b"), option());
        assert_eq!(means("slot-01", "f"), Some(Meaning::Abstention));
        assert_eq!(means("slot-01", "ben"), None);
        assert_eq!(means("slot-02", "ben"), option());
        assert_eq!(means("slot-02", "b"), None);
    }
}
