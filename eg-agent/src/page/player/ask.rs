//! The question with its options, as large as the screen allows, and the inputs that may be touched on it.

use super::{PlayerView, length};
use crate::slot::{DeviceView, InputView};
use eg_proto::{InputName, PressOutcome, SlotQuestion};
use maud::{Markup, html};

/// Number of inputs that are shown to be touched, beyond which nobody could hit one.
const PADS: usize = 12;
/// Number of keys of a keyboard that press an option.
const KEYS: usize = 9;
/// Number of the game's sentences that stand above a question.
const LINES: usize = 2;
/// Number of characters beyond which an option is written smaller.
const WIDE: usize = 12;

impl PlayerView<'_> {
    pub(super) fn asked(&self, question: &SlotQuestion) -> Markup {
        let all = std::iter::once(question).chain(&question.also);
        let lines = self.scene().into_iter().flat_map(|scene| scene.own.iter().chain(&scene.lines));
        html! {
            @for line in lines.take(LINES) { p.says { (self.read(line)) } }
            @if let Some(words) = self.sits_out() { p.says { (words) } }
            @for question in all { (self.one(question)) }
        }
    }

    fn one(&self, question: &SlotQuestion) -> Markup {
        let chosen = self.chosen();
        let count = question.options.len() + usize::from(question.abstain.is_some());
        let labels = question.options.iter().map(|option| self.named(option));
        let labels = labels.chain(question.abstain.as_ref().map(|_| self.say("abstain").into()));
        let wide = labels.into_iter().any(|label| label.chars().count() > WIDE);
        let asked = self.named(&question.question);
        html! {
            p.ask.(length(&asked)) aria-live="polite" { (asked) }
            ul.options.(number(count)).wide[wide] {
                @for (place, option) in question.options.iter().enumerate() {
                    @let inputs = inputs_of(question, option);
                    (self.option(place, &self.named(option), &inputs, chosen.as_deref() == Some(option.as_str())))
                }
                @if let Some(input) = &question.abstain {
                    @let words = self.say("abstain");
                    (self.option(question.options.len(), &words, std::slice::from_ref(input), self.abstains()))
                }
            }
        }
    }

    /// Option that is shown as chosen: that of the choice which counts, while it may be seen.
    fn chosen(&self) -> Option<String> {
        match &self.shown_choice().filter(|_| self.sits_out().is_none())? {
            PressOutcome::Chosen { option, .. } => Some(option.clone()),
            PressOutcome::Abstained { .. }
            | PressOutcome::Taken
            | PressOutcome::Refused { .. }
            | PressOutcome::Unknown => None,
        }
    }

    fn abstains(&self) -> bool {
        self.sits_out().is_none()
            && matches!(self.shown_choice(), Some(PressOutcome::Abstained { .. }))
    }

    fn shown_choice(&self) -> Option<PressOutcome> {
        let choice = self.view.state.player.choice.as_ref()?;
        choice.is_shown(self.now).then(|| choice.outcome.clone())
    }

    /// One option: a button where it can be touched, else a tile with the input that chooses it.
    fn option(&self, place: usize, words: &str, inputs: &[InputName], chosen: bool) -> Markup {
        let found = inputs.iter().find_map(|input| self.find(input));
        let pressed = inputs.iter().any(|input| self.find(input).is_some_and(|(_, it)| it.pressed));
        let touched = found.and_then(|(device, input)| self.view.touch(device, input));
        let key = (place < KEYS).then(|| (place + 1).to_string());
        let label = html! {
            // A button of the option's own name, or of the protocol's name for an abstention, needs no second label.
            @let named = |input: &InputName| words.eq_ignore_ascii_case(input.as_str()) || input.as_str() == "abstain";
            @for input in inputs.iter().filter(|input| !named(input)) {
                span.soft { "[" (input) "]" }
            }
            span { (words) }
        };
        html! {
            li.option-place {
                @if let Some(address) = touched {
                    button.option.chosen[chosen].pressed[pressed] type="button"
                        data-press=(address) data-key=[key] aria-pressed=(chosen) { (label) }
                } @else {
                    div.option.chosen[chosen].pressed[pressed].mute[inputs.is_empty()] { (label) }
                }
            }
        }
    }

    /// The inputs that can be touched, where no question gives them a meaning.
    pub(super) fn pads(&self) -> Markup {
        let all = self.view.state.devices.iter().flat_map(|device| {
            let touch = |input| self.view.touch(device, input).map(|address| (input, address));
            device.inputs.iter().filter_map(touch)
        });
        let pads: Vec<_> = all.take(PADS).collect();
        html! {
            @if !pads.is_empty() {
                ul.options.(number(pads.len())) {
                    @for (place, (input, address)) in pads.iter().enumerate() {
                        @let key = (place < KEYS).then(|| (place + 1).to_string());
                        li.option-place {
                            button.option.pressed[input.pressed] type="button" data-press=(address) data-key=[key] {
                                (input.name)
                            }
                        }
                    }
                }
            }
        }
    }

    pub(super) fn find(&self, input: &InputName) -> Option<(&DeviceView, &InputView)> {
        self.view.state.devices.iter().find_map(|device| {
            let known = device.inputs.iter().find(|known| known.name == *input)?;
            Some((device, known))
        })
    }
}

/// The inputs that choose an option. Where the core does not know the slot's inputs, it is the one of the option's name.
fn inputs_of(question: &SlotQuestion, option: &str) -> Vec<InputName> {
    if question.keys.is_empty() {
        return option.to_lowercase().parse().into_iter().collect();
    }
    question.inputs(option).cloned().collect()
}

/// Class of a grid by the number of its places.
fn number(count: usize) -> String {
    if count <= PADS { format!("n{count}") } else { "many".to_owned() }
}
