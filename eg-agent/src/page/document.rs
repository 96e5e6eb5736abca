//! The page as HTML, whole and in the parts that change.

use super::board;
use super::technician;
use super::view::View;
use crate::pairing::Admission;
use crate::slot::Status;
use eg_page::{HintNote, Page, Parts, press_times};
use eg_proto::{Hint, Mode, SlotQuestion, SlotResult};
use maud::{Markup, html};

impl View<'_> {
    /// The parts that change, by the id of the element they stand in.
    pub(super) fn parts(&self) -> Vec<(String, Markup)> {
        let parts = [
            ("status", self.status()),
            ("findings", technician::findings(self)),
            ("question", self.question()),
            ("devices", board::devices(self)),
            ("events", technician::events(self)),
            ("foot", self.foot()),
        ];
        parts.map(|(id, part)| (id.to_owned(), part)).into()
    }

    /// The whole page.
    pub(super) fn document(&self) -> Markup {
        let title = self.with("title", "slot", &self.state.slot);
        let main = html! {
            section #status .row role="status" aria-label=(self.say("input-status")) data-part {}
            div #findings .stack data-part {}
            section #question .card aria-label=(self.say("question")) data-part {}
            div #devices .stack data-part {}
            section #events .card aria-label=(self.say("events")) data-part {}
            footer #foot .soft.small data-part {}
            @if self.file { (technician::doctor(self)) (technician::file(self)) }
            @if self.reloads { (self.reload()) }
        };
        let page = Page { title: &title, lang: self.lang, live: Some("/live"), header: &html! {} };
        Parts::new(self.parts()).fill(&page.document(self.words, &main))
    }

    fn status(&self) -> Markup {
        let (tone, word) = match (self.state.status(), &self.state.admission) {
            (Status::Online, _) => ("good", "status-online"),
            (Status::Degraded, _) => ("warn", "status-degraded"),
            (Status::Disconnected, Admission::Waiting { .. }) => ("warn", "status-waiting"),
            (Status::Disconnected, Admission::Refused { .. }) => ("bad", "status-refused"),
            (Status::Disconnected, Admission::Connecting | Admission::Admitted) => {
                ("bad", "status-disconnected")
            }
        };
        let mode = match self.state.mode {
            Some(Mode::Day) => "mode-day",
            Some(Mode::Night) => "mode-night",
            None => "mode-unknown",
        };
        html! {
            span.soft { (self.say("input-status")) }
            span #input-status .pill.(tone) { (self.say(word)) }
            span #mode .pill { (self.say(mode)) }
            @if self.state.simulated { span.pill.warn { (self.say("simulated")) } }
            @if let Some(code) = self.state.admission.code() { (self.waiting(code)) }
            @else if let Some(why) = &self.state.disconnected { span.bad.small.mono { (self.cause(why)) } }
            @if self.state.twin { p.note.bad { (self.with("twin", "slot", &self.state.slot)) } }
        }
    }

    /// A slot that its broker does not let in: what to do, and the code that the operator's page shows beside it.
    fn waiting(&self, code: &str) -> Markup {
        let (tone, told) = match &self.state.admission {
            Admission::Refused { why, .. } => ("bad", format!("refused-{}", why.word())),
            Admission::Connecting | Admission::Admitted | Admission::Waiting { .. } => {
                ("warn", "adopt-me".to_owned())
            }
        };
        html! {
            p #pairing .note.(tone) {
                strong #pairing-code .big.mono { (code) }
                " " (self.with(&told, "slot", &self.state.slot))
            }
        }
    }

    /// The hint that players read here.
    pub(super) fn hint(&self) -> Markup {
        let Some(Hint { text, en, id, ends_us, aloud }) = &self.state.hint else { return html! {} };
        let (label, en) = (&*self.say("hint"), en.as_deref());
        let ends = ends_us.map(|ends| ends.0 / 1_000);
        HintNote { label, text, en, id: *id, ends, aloud: *aloud }.show(self.lang)
    }

    fn question(&self) -> Markup {
        html! {
            (self.hint())
            @match (&self.state.question, &self.state.result) {
                (Some(question), _) => {
                    (self.asked(question))
                    @for question in &question.also { (self.asked(question)) }
                }
                (None, Some(result)) => (self.answered(result)),
                (None, None) => p.soft { (self.say("question-none")) },
            }
        }
    }

    /// A question, and which input of this slot chooses which option.
    fn asked(&self, question: &SlotQuestion) -> Markup {
        html! {
            p.soft { (self.with("step", "step", question.step)) }
            p.big { (question.question) }
            ul.row {
                @for option in &question.options {
                    li.chip {
                        @for input in question.inputs(option) { span.soft { "[" (input) "]" } " " }
                        (option)
                    }
                }
                @if let Some(input) = &question.abstain {
                    li.chip { span.soft { "[" (input) "]" } " " (self.say("abstain")) }
                }
            }
        }
    }

    fn answered(&self, SlotResult { result, question, why }: &SlotResult) -> Markup {
        let why = self.lang.of(why);
        html! {
            p.soft { (self.with("result", "step", result.step)) }
            @if !question.is_empty() { p { (question) } }
            @if let Some(outcome) = &result.outcome { p.big { (outcome) } }
            @if !why.is_empty() { p { (why) } }
            @else if result.outcome.is_none() { p { (self.say("result-none")) } }
        }
    }

    /// Mistakes in the file are shown beside the button; what changed is seen above.
    fn reload(&self) -> Markup {
        html! {
            details.act #reload-open {
                summary { (self.say("reload")) }
                form #reload data-post="/reload" {
                    p.small.soft { (self.say("reload-help")) }
                    div { button type="submit" { (self.say("reload")) } }
                    output.mono.small {}
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let waiting = self.state.outbox.waiting;
        let told = self.words.tell(self.lang, "outbox", [("n", waiting.into())]);
        let clock = self.state.clock.as_ref().map_or_else(
            || self.say("clock-unknown"),
            |clock| self.with("clock", "bound", format!("{:.1}", clock.bound_us as f64 / 1e3)),
        );
        let clocks = self.state.clock.as_ref();
        let bent = clocks
            .and_then(|clock| clock.bent_ppb)
            .map(|ppb| self.with("clock-bent", "ppm", format!("{:+.1}", ppb as f64 / 1e3)));
        let beyond = clocks
            .and_then(|clock| clock.beyond_ppb)
            .map(|ppb| self.with("clock-beyond", "ppm", (ppb / 1_000).to_string()));
        html! {
            p { (told) " " (clock) }
            @if let Some(bent) = bent { p.note { (bent) } }
            @if let Some(beyond) = beyond { p.note.bad { (beyond) } }
            @if let Some(latency) = self.state.latency.told() {
                details #press-times {
                    summary { (self.say("press-times")) }
                    (press_times(self.lang, &latency))
                }
            }
            @if let Some(trouble) = self.state.outbox.error() { p.note.bad { (self.cause(&trouble.to_string())) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pairing::Refused;
    use crate::state::SlotStatus;
    use eg_page::{Lang, Words};
    use eg_proto::{Boot, SlotId};

    #[test]
    fn a_slot_that_is_not_let_in_shows_its_code_and_what_to_do_in_both_languages() {
        let words = Words::new(include_str!("fr.ftl"), include_str!("en.ftl")).unwrap();
        let slot = SlotId::new("slot-01").unwrap();
        let mut state = SlotStatus::new(slot, Boot(ulid::Ulid(1)), true).read().clone();
        let code = || "ABC-DEF".to_owned();
        let all = [
            Refused::Revoked,
            Refused::OtherSecret,
            Refused::Full,
            Refused::Cloned,
            Refused::NoPairing,
        ];
        let refused = all.map(|why| Admission::Refused { code: code(), why });
        let mut told = std::collections::BTreeSet::new();

        for admission in [vec![Admission::Waiting { code: code() }], refused.into()].concat() {
            state.admission = admission;
            for lang in [Lang::Fr, Lang::En] {
                let view = View {
                    words: &words,
                    lang,
                    state: &state,
                    inputs: None,
                    panel: None,
                    reloads: false,
                    file: false,
                };
                let html = view.status().into_string();
                assert!(html.contains(">ABC-DEF</strong>"), "{html}");
                assert!(!html.contains("refused-") && !html.contains("status-"), "{html}");
                assert!(html.contains("slot-01") && !html.contains("not connected"), "{html}");
                told.insert(html);
            }
        }

        assert_eq!(told.len(), 12, "each has words of its own");
    }

    #[test]
    fn the_foot_shows_how_fast_presses_are_once_there_were_some() {
        let words = Words::new(include_str!("fr.ftl"), include_str!("en.ftl")).unwrap();
        let slot = SlotId::new("slot-01").unwrap();
        let mut state = SlotStatus::new(slot, Boot(ulid::Ulid(1)), true).read().clone();
        let foot = |state: &crate::state::SlotState, lang| {
            let view = View {
                words: &words,
                lang,
                state,
                inputs: None,
                panel: None,
                reloads: false,
                file: false,
            };
            view.foot().into_string()
        };

        let before = foot(&state, Lang::En);
        state.latency.lamp.record(std::time::Duration::from_micros(820));

        assert!(!before.contains("press-times"), "{before}");
        for (lang, told) in [(Lang::Fr, "Rapidité"), (Lang::En, "How fast")] {
            let after = foot(&state, lang);
            assert!(after.contains(told) && after.contains("820 µs"), "{after}");
        }
    }
}
