//! A button that asks first: what ends or undoes something opens a form that says what it does.

use super::text::Localizer;
use maud::{Markup, html};

/// A form behind its own button: what it is called, where it goes, what it does, and its fields.
pub(super) struct Ask<'a> {
    /// The id of the whole, and the beginning of the form's own.
    pub(super) id: String,
    /// The words of the button, before and after.
    pub(super) label: String,
    /// What the form says it does: a key of the words.
    pub(super) means: &'a str,
    /// Where it goes.
    pub(super) post: &'a str,
    /// The fields that it sends.
    pub(super) fields: Markup,
}

impl Ask<'_> {
    /// The button with its form.
    pub(super) fn show(&self, voice: Localizer<'_>) -> Markup {
        self.then(voice, None)
    }

    /// The same, that leads to another page once it is done.
    pub(super) fn then(&self, voice: Localizer<'_>, to: Option<&str>) -> Markup {
        let Self { id, label, means, post, fields } = self;
        html! {
            details.act.grave id=(format!("{id}-open")) {
                summary { (label) }
                form id=(id) data-post=(post) data-then=[to] {
                    (fields)
                    p.small.soft { (voice.say(means)) }
                    div { button.grave type="submit" { (label) } }
                    output {}
                }
            }
        }
    }
}
