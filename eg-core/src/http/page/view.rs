//! View of any game as HTML: the page knows nothing of a game but its view.

#[cfg(test)]
mod tests;

use super::text::Localizer;
use crate::engine::read_model::ReadModel;
use eg_game::{Bar, Layout, Level, Row, View, Widget};
use eg_proto::{InputName, Presence, SlotId};
use maud::{Markup, html};

/// Renders a view from its headline down.
pub(super) fn view(voice: Localizer<'_>, view: &View, state: &ReadModel) -> Markup {
    html! {
        p.lead { (voice.read(&view.headline)) }
        @let turnout = if asks(view) { "turnout" } else { "turnout-pressed" };
        @for part in &view.parts { (part_of(voice, part, state, turnout)) }
    }
}

/// Returns `true` if the view asks a question; without one, players have pressed, and not voted.
fn asks(view: &View) -> bool {
    view.parts.iter().any(|part| matches!(part, Widget::Question { .. }))
}

/// Renders one widget of a view that asks.
pub(super) fn part(voice: Localizer<'_>, part: &Widget, state: &ReadModel) -> Markup {
    part_of(voice, part, state, "turnout")
}

fn part_of(voice: Localizer<'_>, part: &Widget, state: &ReadModel, turnout: &str) -> Markup {
    match part {
        Widget::Question { step, text, options, keys } => html! {
            div.tight {
                p.big { span.soft { (step) ". " } (voice.names.within(text)) }
                @if keys.is_empty() { ul.row { @for option in options { li.chip { (voice.names.within(option)) } } } }
                @for layout in keys { (choices(voice, options, layout, keys.len() > 1)) }
            }
        },
        Widget::Tally { title, bars, of } => html! {
            div.tight {
                h3 { (voice.read(title)) }
                ul.tally { @for bar in bars { (tally_bar(voice, bar, *of)) } }
            }
        },
        Widget::Turnout { votes, expected, missing } => html! {
            div.tight {
                p role="status" {
                    strong {
                        (voice.words.tell(voice.lang, turnout,
                            [("votes", (*votes).into()), ("expected", (*expected).into())]))
                    }
                }
                @if !missing.is_empty() {
                    div.seats.small {
                        span.soft { (voice.say("turnout-missing")) }
                        @for slot in missing { (absent(voice, slot, state)) }
                    }
                }
            }
        },
        Widget::Timer { label, ends } => html! {
            p.row { span.soft { (voice.read(label)) } strong.big data-ends=(ends.0 / 1_000) data-keep {} }
        },
        Widget::List { title, rows } => html! {
            div.tight {
                h3 { (voice.read(title)) }
                ul.rows.small { @for row in rows { (list_row(voice, row)) } }
            }
        },
        Widget::Text { text, level } => html! { p.note.(tone(*level)) { (voice.read(text)) } },
        Widget::Matrix { title, columns, rows } => html! {
            div.scroll {
                table {
                    caption.soft { (voice.read(title)) }
                    thead { tr { th {} @for column in columns { th scope="col" { (voice.read(column)) } } } }
                    tbody {
                        @for (head, cells) in rows {
                            tr { th scope="row" { (voice.read(head)) } @for cell in cells { td { (voice.read(cell)) } } }
                        }
                    }
                }
            }
        },
    }
}

/// Renders the options with the inputs that choose them; with the slots that this layout holds for, if there are
/// several layouts.
fn choices(voice: Localizer<'_>, options: &[String], layout: &Layout, several: bool) -> Markup {
    let slots: Vec<_> = layout.slots.iter().map(|slot| voice.names.seat(slot)).collect();
    let chip = |inputs: &[InputName], words: &str| {
        html! {
            li.chip {
                @for input in inputs.iter().filter(|input| !words.eq_ignore_ascii_case(input.as_str())) {
                    span.soft { "[" (input) "]" } " "
                }
                (voice.names.within(words))
            }
        }
    };
    html! {
        ul.row {
            @if several { li.soft.small { (slots.join(", ")) } }
            @for (option, inputs) in options.iter().zip(&layout.inputs) { (chip(inputs, option)) }
            @if let Some(input) = &layout.abstain {
                (chip(std::slice::from_ref(input), &voice.say("abstain")))
            }
        }
    }
}

fn tally_bar(voice: Localizer<'_>, bar: &Bar, of: u32) -> Markup {
    let share = f64::from(bar.votes) / f64::from(of.max(1)) * 100.0;
    html! {
        li.won[bar.won] {
            span.label { (voice.read(&bar.label)) }
            svg aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 10" {
                rect width=(format!("{:.1}", share.min(100.0))) height="10" {}
            }
            strong.num { (bar.votes) }
        }
    }
}

/// Returns `true` for a slot that is not connected.
pub(super) fn is_lost(slot: &SlotId, state: &ReadModel) -> bool {
    state.slots.get(slot).is_none_or(|slot| slot.presence == Presence::Offline)
}

fn absent(voice: Localizer<'_>, slot: &SlotId, state: &ReadModel) -> Markup {
    let lost = is_lost(slot, state);
    html! {
        span.pill.bad[lost] { (voice.names.seat(slot)) @if lost { " " (voice.say("slot-lost")) } }
    }
}

fn list_row(voice: Localizer<'_>, row: &Row) -> Markup {
    html! {
        li.(tone(row.level)) {
            @if let Some(slot) = &row.slot { strong { (voice.names.seat(slot)) } " " }
            (voice.read(&row.text))
        }
    }
}

fn tone(level: Level) -> &'static str {
    match level {
        Level::Plain => "plain",
        Level::Good => "good",
        Level::Warn => "warn",
        Level::Bad => "bad",
    }
}
