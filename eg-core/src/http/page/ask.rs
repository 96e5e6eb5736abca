//! Button that asks first: one that ends or undoes something opens a form that says what it does.

use super::text::Localizer;
use maud::{Markup, html};

/// Form behind its own button: its label, its address, its effect, and its fields.
pub(super) struct Ask<'a> {
    /// Id of the form; with `-open` behind it, of the whole.
    pub(super) id: String,
    /// Words of the button that opens the form, and of the one that sends it.
    pub(super) label: String,
    /// Key of the words that say what the form does.
    pub(super) means: &'a str,
    /// Address that the form is sent to.
    pub(super) post: &'a str,
    /// Fields that the form sends.
    pub(super) fields: Markup,
}

impl Ask<'_> {
    /// Renders the button with its form.
    pub(super) fn show(&self, voice: Localizer<'_>) -> Markup {
        self.then(voice, None)
    }

    /// Renders the button with its form, which leads to the page `to` once it is done.
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
