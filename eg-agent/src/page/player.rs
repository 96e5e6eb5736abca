//! The players' page: it fills the slot's screen, and shows what is asked, how long it may be answered, and what became
//! of a press. Nothing on it leads elsewhere.

mod ask;
mod reply;

use super::view::View;
use crate::pairing::Admission;
use crate::slot::Status;
use eg_hal::Moment;
use eg_page::{Kiosk, Parts, Sounds};
use eg_proto::{Mode, SceneState, SeatState, SlotResult, SlotScene, Text, name_slots};
use maud::{Markup, html};
use std::borrow::Cow;

/// Number of characters up to which a text is written largest, and second largest.
const LARGE: usize = 18;
const MIDDLE: usize = 52;

/// The players' page at one moment.
#[derive(Clone, Copy)]
pub(super) struct PlayerView<'a> {
    pub(super) view: View<'a>,
    pub(super) now: Moment,
}

impl<'a> PlayerView<'a> {
    /// The parts that change, by the id of the element they stand in.
    pub(super) fn parts(&self) -> Vec<(String, Markup)> {
        vec![("stage".to_owned(), self.stage())]
    }

    /// The whole page.
    pub(super) fn document(&self) -> Markup {
        let View { words, lang, state, .. } = self.view;
        let title = self.view.with("title", "slot", &state.slot);
        let live = Some("/player/live");
        let page = Kiosk { title: &title, lang, live, theme: None, sounds: Sounds::Hints };
        let main = html! { div #stage data-part {} };
        Parts::new(self.parts()).fill(&page.document(words, &main))
    }

    fn scene(&self) -> Option<&'a SlotScene> {
        self.view.state.player.scene.as_ref()
    }

    /// Returns a text with people in the place of their slots.
    fn named<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let names = self.scene().map(|scene| &scene.names).filter(|names| !names.is_empty());
        names.map_or(Cow::Borrowed(text), |names| name_slots(text, |slot| names.get(slot).cloned()))
    }

    /// Returns a text of a game in the reader's language, with people in the place of their slots.
    fn read<'t>(&self, text: &'t Text) -> Cow<'t, str> {
        self.named(self.view.lang.of(text))
    }

    /// Returns the words for a player whose presses do not count: they are out, or excused.
    fn sits_out(&self) -> Option<String> {
        match self.scene()?.seat? {
            SeatState::Out => Some(self.say("seat-out")),
            SeatState::Excused => Some(self.say("seat-excused")),
            SeatState::Plays | SeatState::Unknown => None,
        }
    }

    fn say(&self, key: &str) -> String {
        self.view.say(key)
    }

    fn stage(&self) -> Markup {
        let state = self.view.state;
        let mode = self.scene().map(|scene| scene.mode).or(state.mode);
        html! {
            div.scene.night[mode == Some(Mode::Night)] {
                div.above { (self.clock()) (self.hint()) }
                div.middle { (self.middle()) }
                div.reply role="status" aria-live="polite" { (self.reply()) }
                (self.life())
            }
        }
    }

    /// The time that runs out next.
    fn clock(&self) -> Markup {
        let next = self.scene().and_then(|scene| scene.clocks.first());
        html! {
            @if let Some(clock) = next {
                p.time role="timer" {
                    span { (self.read(&clock.label)) }
                    strong data-ends=(clock.ends_us.0 / 1_000) data-keep {}
                }
            }
        }
    }

    fn hint(&self) -> Markup {
        self.view.hint()
    }

    /// Middle of the screen, which tells what goes on.
    fn middle(&self) -> Markup {
        let state = self.view.state;
        if let Some(code) = state.admission.code() {
            return self.unadopted(code);
        }
        let scene = self.scene();
        let at = scene.map(|scene| scene.state);
        match (at, &state.question, &state.result) {
            (Some(SceneState::Paused), ..) => self.sentence("paused", "paused-help"),
            (Some(SceneState::RollCall), ..) => {
                html! { (self.sentence("roll-call", "roll-call-help")) (self.pads()) }
            }
            (Some(SceneState::Present), ..) => self.sentence("you-are-there", "you-are-there-help"),
            (_, Some(question), _) => self.asked(question),
            (_, None, Some(result)) => self.answered(result),
            (Some(SceneState::Running), None, None) => self.running(scene),
            (Some(SceneState::Over), None, None) => self.over(scene),
            (Some(SceneState::Waiting | SceneState::Unknown) | None, None, None) => {
                self.sentence("welcome", "welcome-help")
            }
        }
    }

    fn sentence(&self, key: &str, help: &str) -> Markup {
        let words = self.say(key);
        html! {
            p.ask.(length(&words)) { (words) }
            p.says { (self.say(help)) }
        }
    }

    /// A slot that is not let in: its code, which the operator compares.
    fn unadopted(&self, code: &str) -> Markup {
        let help = match self.view.state.admission {
            Admission::Refused { .. } => "screen-refused",
            Admission::Connecting | Admission::Admitted | Admission::Waiting { .. } => {
                "screen-adopt"
            }
        };
        html! {
            p #pairing-code .code { (code) }
            p.says { (self.view.with(help, "slot", &self.view.state.slot)) }
        }
    }

    fn answered(&self, SlotResult { result, question, why }: &SlotResult) -> Markup {
        let (why, question) = (self.read(why), self.named(question));
        let outcome = result.outcome.as_deref();
        let verdict = outcome.map_or_else(|| self.say("result-none").into(), |it| self.named(it));
        html! {
            @if !question.is_empty() { p.says { (question) } }
            p.verdict.(length(&verdict)) { (verdict) }
            @if !why.is_empty() { p.says { (why) } }
        }
    }

    /// A game that asks no question now.
    fn running(&self, scene: Option<&SlotScene>) -> Markup {
        html! {
            @if let Some(scene) = scene {
                @let headline = self.read(&scene.headline);
                p.ask.(length(&headline)) aria-live="polite" { (headline) }
                @for line in scene.own.iter().chain(&scene.lines) { p.says { (self.read(line)) } }
            }
            @if let Some(words) = self.sits_out() { p.says { (words) } } @else { (self.pads()) }
        }
    }

    fn over(&self, scene: Option<&SlotScene>) -> Markup {
        let headline = scene.map(|scene| &scene.headline).filter(|it| **it != Text::default());
        let words = headline.map_or_else(|| self.say("over").into(), |it| self.read(it));
        html! { p.ask.(length(&words)) { (words) } p.says { (self.say("over-help")) } }
    }

    /// A quiet sign of life.
    fn life(&self) -> Markup {
        let state = self.view.state;
        let (tone, word) = match (state.status(), &state.admission) {
            (Status::Online, _) => ("good", "status-online"),
            (Status::Degraded, _) => ("warn", "status-degraded"),
            (Status::Disconnected, Admission::Waiting { .. }) => ("warn", "status-waiting"),
            (Status::Disconnected, Admission::Refused { .. }) => ("bad", "status-refused"),
            (Status::Disconnected, Admission::Connecting | Admission::Admitted) => {
                ("bad", "status-disconnected")
            }
        };
        let colon = self.say("colon");
        html! {
            p.life {
                span #life .(tone) { (self.say("input-status")) (colon) (self.say(word)) }
                span #seat {
                    @if let Some(name) = self.scene().and_then(|scene| scene.names.get(&state.slot)) { (name) " · " }
                    (state.slot)
                }
            }
        }
    }
}

/// Class of a text by its length: the longer, the smaller it is written.
fn length(text: &str) -> &'static str {
    let count = text.chars().count();
    if count <= LARGE {
        "short"
    } else if count <= MIDDLE {
        "mid"
    } else {
        "long"
    }
}
