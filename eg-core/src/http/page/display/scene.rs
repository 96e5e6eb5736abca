//! Session as a display shows it: its clock, its hint, the question with the inputs that answer it, who has answered,
//! and the result.

use crate::engine::read_model::{Hint, ReadModel, Session, SessionStatus};
use crate::http::page::text::Localizer;
use crate::http::page::view;
use eg_game::{Bar, Layout, Text, Widget};
use eg_page::HintNote;
use eg_proto::InputName;
use maud::{Markup, html};

/// Number of characters up to which a text is written largest, and second largest.
const LARGE: usize = 24;
const MIDDLE: usize = 60;
/// Number of characters beyond which an option is written smaller.
const WIDE: usize = 14;
/// Number of options for which there is a layout of their own.
const PLACES: usize = 12;

/// Renders a room in which nothing is played.
pub(super) fn welcome(voice: Localizer<'_>) -> Markup {
    html! { div.above {} div.middle { p.ask { (voice.say("display-nothing")) } } }
}

/// Renders a session, as everybody may see it.
pub(super) fn session(
    voice: Localizer<'_>,
    session: &Session,
    aloud: bool,
    state: &ReadModel,
) -> Markup {
    let parts = match session.status {
        SessionStatus::Failed(_) => return welcome(voice),
        SessionStatus::Running | SessionStatus::Done | SessionStatus::Aborted => {
            session.public.parts.as_slice()
        }
    };
    let asks = parts.iter().any(|part| matches!(part, Widget::Question { .. }));
    html! {
        div.above { (clocks(voice, parts, session)) (hint(voice, session, aloud)) }
        div.middle {
            @if !asks {
                @let headline = voice.read(&session.public.headline);
                p.ask.(length(&headline)) data-sound="question" { (headline) }
            }
            @for (question, rest) in questions(parts) { (one(voice, question, rest, state)) }
        }
        div.reply role="status" aria-live="polite" { (turnout(voice, parts, asks, state)) }
    }
}

/// Renders the times of the game that run out, the next one first, and then the planned end of the session.
fn clocks(voice: Localizer<'_>, parts: &[Widget], session: &Session) -> Markup {
    let mut times: Vec<_> = parts.iter().filter_map(timer).collect();
    times.sort_by_key(|(_, ends)| *ends);
    let clock = |label: &str, ends: i64| {
        html! { p.time role="timer" { span { (label) } strong data-ends=(ends) data-keep {} } }
    };
    html! {
        @for (label, ends) in times { (clock(&voice.read(label), ends)) }
        @if let Some(ends) = session.clock.planned_end() {
            (clock(&voice.say("display-left"), ends.0 / 1_000))
        }
    }
}

/// Returns the label and the end of a clock, in ms since the Unix epoch.
fn timer(part: &Widget) -> Option<(&Text, i64)> {
    if let Widget::Timer { label, ends } = part { Some((label, ends.0 / 1_000)) } else { None }
}

fn hint(voice: Localizer<'_>, session: &Session, aloud: bool) -> Markup {
    let hint = session.hints.iter().find(|hint| hint.slot.is_none());
    let Some(Hint { id, text, en, ends, .. }) = hint else { return html! {} };
    let (label, en, ends) = (&*voice.say("hint"), en.as_deref(), ends.map(|ends| ends.0 / 1_000));
    HintNote { label, text, en, id: Some(*id), ends, aloud }.show(voice.lang)
}

/// Returns each question with what follows it; what stands before the first has none.
fn questions(parts: &[Widget]) -> Vec<(Option<&Widget>, &[Widget])> {
    let asks = |part: &Widget| matches!(part, Widget::Question { .. });
    let mut found = Vec::new();
    let mut rest = parts;
    while !rest.is_empty() {
        let question = rest.first().filter(|part| asks(part));
        let body = if question.is_some() { &rest[1..] } else { rest };
        let end = body.iter().position(asks).unwrap_or(body.len());
        found.push((question, &body[..end]));
        rest = &body[end..];
    }
    found
}

/// Renders a question with its options, or with its result once that is known.
fn one(
    voice: Localizer<'_>,
    question: Option<&Widget>,
    rest: &[Widget],
    state: &ReadModel,
) -> Markup {
    let won: Vec<&Bar> = rest.iter().flat_map(bars).filter(|bar| bar.won).collect();
    let verdict = won.iter().map(|bar| voice.read(&bar.label)).collect::<Vec<_>>().join(" · ");
    html! {
        @if let Some(Widget::Question { text, options, keys, .. }) = question {
            @let text = voice.names.within(text);
            @if won.is_empty() {
                p.ask.(length(&text)) aria-live="polite" data-sound="question" { (text) }
                (choices(voice, options, keys))
            } @else {
                p.says { (text) }
            }
        }
        @if !won.is_empty() {
            p.verdict.(length(&verdict)) role="status" data-sound="result" { (verdict) }
        }
        @for part in rest { (more(voice, part, state)) }
    }
}

fn bars(part: &Widget) -> &[Bar] {
    if let Widget::Tally { bars, .. } = part { bars } else { &[] }
}

/// Renders what stands beside question and result. Clock and turnout have places of their own.
fn more(voice: Localizer<'_>, part: &Widget, state: &ReadModel) -> Markup {
    match part {
        Widget::Question { .. } | Widget::Turnout { .. } | Widget::Timer { .. } => html! {},
        Widget::Text { text, .. } => html! { p.says { (voice.read(text)) } },
        Widget::Tally { .. } | Widget::List { .. } | Widget::Matrix { .. } => {
            html! { div.beside { (view::part(voice, part, state)) } }
        }
    }
}

/// Renders the options. The inputs that choose them are told where they are the same at every slot; otherwise each slot's
/// own screen tells its own.
fn choices(voice: Localizer<'_>, options: &[String], keys: &[Layout]) -> Markup {
    let layout = if let [only] = keys { Some(only) } else { None };
    let abstain = layout.and_then(|layout| layout.abstain.as_ref());
    let inputs = |place: usize| -> &[InputName] {
        let of_option = layout.and_then(|layout| layout.inputs.get(place)).map(Vec::as_slice);
        let abstains = abstain.filter(|_| place == options.len()).map(std::slice::from_ref);
        of_option.or(abstains).unwrap_or_default()
    };
    let named = options.iter().map(|option| voice.names.within(option));
    let labels: Vec<_> = named.chain(abstain.map(|_| voice.say("abstain").into())).collect();
    let class = match labels.len() {
        count @ ..=PLACES => format!("n{count}"),
        _ => "many".to_owned(),
    };
    html! {
        ul.options.(class).wide[labels.iter().any(|label| label.chars().count() > WIDE)] {
            @for (place, label) in labels.iter().enumerate() { (choice(inputs(place), label)) }
        }
    }
}

fn choice(inputs: &[InputName], words: &str) -> Markup {
    html! {
        li.option-place {
            div.option {
                @for input in inputs.iter().filter(|input| !words.eq_ignore_ascii_case(input.as_str())) {
                    span.soft { "[" (input) "]" }
                }
                span { (words) }
            }
        }
    }
}

/// Renders who has answered, of the latest question.
fn turnout(voice: Localizer<'_>, parts: &[Widget], asks: bool, state: &ReadModel) -> Markup {
    let latest = parts.iter().rev().find_map(|part| {
        let Widget::Turnout { votes, expected, missing } = part else { return None };
        Some((*votes, *expected, missing))
    });
    let key = if asks { "turnout" } else { "turnout-pressed" };
    html! {
        @if let Some((votes, expected, missing)) = latest {
            p { (voice.words.tell(voice.lang, key, [("votes", votes.into()), ("expected", expected.into())])) }
            @if !missing.is_empty() {
                div.missing.small {
                    @for slot in missing { span.pill.bad[view::is_lost(slot, state)] { (voice.names.seat(slot)) } }
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
