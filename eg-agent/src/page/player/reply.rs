//! Answer to the latest press, in words that are read at three metres.

use super::{PlayerView, length};
use crate::player::Press;
use crate::slot::Status;
use eg_proto::{PressAnswer, PressOutcome, RefusalReason};
use maud::{Markup, html};

impl PlayerView<'_> {
    pub(super) fn reply(&self) -> Markup {
        let player = &self.view.state.player;
        let away = self.view.state.status() == Status::Disconnected;
        if let Some(press) = player.press.as_ref().filter(|press| press.is_shown(self.now)) {
            return match &press.answer {
                Some((answer, _)) => self.told(press, answer),
                None => self.untold(press, away),
            };
        }
        match &player.choice {
            Some(choice) if self.view.state.question.is_some() && self.sits_out().is_none() => {
                let shown = choice.is_shown(self.now);
                let words = if shown { self.outcome(&choice.outcome) } else { self.say("counted") };
                html! { p.good.(length(&words)) { (words) } @if away { (self.away()) } }
            }
            Some(_) | None if away && self.view.state.admission.code().is_none() => self.away(),
            Some(_) | None => html! {},
        }
    }

    /// A press that nobody has answered yet.
    fn untold(&self, press: &Press, away: bool) -> Markup {
        let what = self.what(press);
        let stored = self.view.state.outbox.waiting == 0;
        let (tone, key) = match (away, stored) {
            (true, _) => ("warn", "saved"),
            (false, false) => ("plain", "pressed"),
            (false, true) => ("plain", "arrived"),
        };
        let words = self.view.with(key, "what", what);
        html! { p.(tone).(length(&words)) { (words) } }
    }

    fn told(&self, press: &Press, answer: &PressAnswer) -> Markup {
        let why = match &answer.outcome {
            PressOutcome::Refused { why, .. } => self.read(why),
            PressOutcome::Chosen { .. }
            | PressOutcome::Abstained { .. }
            | PressOutcome::Taken
            | PressOutcome::Unknown => "".into(),
        };
        let (tone, words) = match &answer.outcome {
            PressOutcome::Refused { reason, .. } => {
                ("bad", self.view.with(refusal(*reason), "what", self.what(press)))
            }
            // A hidden ballot answers everybody alike; whoever sits out is told no more than that it was felt.
            PressOutcome::Chosen { .. } | PressOutcome::Abstained { .. }
                if self.sits_out().is_some() =>
            {
                ("plain", self.view.with("taken", "what", self.what(press)))
            }
            PressOutcome::Taken | PressOutcome::Unknown => {
                ("good", self.view.with("taken", "what", self.what(press)))
            }
            choice @ (PressOutcome::Chosen { .. } | PressOutcome::Abstained { .. }) => {
                ("good", self.outcome(choice))
            }
        };
        // An older core tells a player's own sentences with the answer alone.
        let stands = self.scene().map(|scene| scene.own.as_slice()).unwrap_or_default();
        html! {
            p.(tone).(length(&words)) { (words) }
            @if !why.is_empty() { p.small { (why) } }
            @if answer.late { p.small { (self.say("sent-late")) } }
            @for note in answer.notes.iter().filter(|note| !stands.contains(note)) { p.small { (self.read(note)) } }
        }
    }

    fn outcome(&self, outcome: &PressOutcome) -> String {
        match outcome {
            PressOutcome::Chosen { option, .. } => {
                self.view.with("chose", "option", self.named(option))
            }
            PressOutcome::Abstained { .. } => self.say("abstained"),
            PressOutcome::Taken | PressOutcome::Refused { .. } | PressOutcome::Unknown => {
                self.say("counted")
            }
        }
    }

    fn away(&self) -> Markup {
        html! { p.warn.long { (self.say("core-away")) } }
    }

    /// Choice as the player knows it: the option, else what was read, else the input.
    fn what(&self, press: &Press) -> String {
        let question = self.view.state.question.as_ref();
        let option = question.and_then(|question| question.keys.get(&press.input));
        let known = option.or(press.read.as_ref()).map(|it| self.named(it).into_owned());
        known.unwrap_or_else(|| press.input.to_string())
    }
}

fn refusal(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::TooEarly => "refusal-too-early",
        RefusalReason::TooLate => "refusal-too-late",
        RefusalReason::NotAnOption => "refusal-not-an-option",
        RefusalReason::AlreadyVoted => "refusal-already-voted",
        RefusalReason::Paused => "refusal-paused",
        RefusalReason::NotYourTurn => "refusal-not-your-turn",
        RefusalReason::NobodyAsked => "refusal-nobody-asked",
        RefusalReason::Other => "refusal-other",
    }
}
