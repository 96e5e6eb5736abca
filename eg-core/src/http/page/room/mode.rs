//! Day and night of a room.

use crate::engine::read_model::Room;
use crate::http::page::ask::dialog;
use crate::http::page::text::Localizer;
use eg_page::Tone;
use eg_proto::{Mode, RoomId};
use maud::{Markup, html};

/// Renders day and night as two buttons of which one is pressed. While a session runs, a change is confirmed first: its
/// players and display see it at once. Who may not act is told the mode alone.
pub(super) fn mode(
    voice: Localizer<'_>,
    room: &RoomId,
    state: &Room,
    running: bool,
    may_act: bool,
) -> Markup {
    let post = format!("/api/rooms/{room}/mode");
    html! {
        div.row.mode role="group" aria-label=(voice.say("mode")) {
            span.soft.small { (voice.say("mode")) }
            @for (mode, value) in [(Mode::Day, "day"), (Mode::Night, "night")] {
                @let (is_on, id) = (state.mode == mode, format!("mode-{room}-{value}"));
                @let label = voice.say(&format!("mode-{value}"));
                @let fields = html! { input type="hidden" name="mode" value=(value); };
                @if !may_act {
                    @if is_on { strong { (label) } }
                } @else if running && !is_on {
                    @let asked = html! {
                        form id=(id) data-post=(post) {
                            p.soft { (voice.say("mode-means")) }
                            (fields)
                            div { button.main type="submit" { (label) } }
                            output {}
                        }
                    };
                    (dialog(voice, &format!("{id}-ask"), &label, Tone::Plain, None, &asked))
                } @else {
                    form.inline id=(format!("{id}-form")) data-post=(post) {
                        (fields)
                        button type="submit" id=(id) aria-pressed=(is_on) { (label) }
                        output {}
                    }
                }
            }
        }
    }
}
