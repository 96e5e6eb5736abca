//! Button that asks first: one that ends or undoes something opens a dialog that says what it does.

use super::text::Localizer;
use eg_page::{Dialog, Tone};
use maud::{Markup, html};

/// Form in a dialog behind its button: its label, its address, its effect, and its fields.
pub(super) struct Ask<'a> {
    /// Id of the form; with `-ask` behind it, of the dialog.
    pub(super) id: String,
    /// Words of the button that opens the form, and of the one that sends it.
    pub(super) label: String,
    /// Key of the words that say what the form does.
    pub(super) means: &'a str,
    /// Address that the form is sent to.
    pub(super) post: &'a str,
    /// Fields that the form sends.
    pub(super) fields: Markup,
    /// Key that opens the dialog, if it has one.
    pub(super) key: Option<char>,
}

impl Ask<'_> {
    /// Renders the button with its form.
    pub(super) fn show(&self, voice: Localizer<'_>) -> Markup {
        self.then(voice, None)
    }

    /// Renders the button with its form, which leads to the page `to` once it is done.
    pub(super) fn then(&self, voice: Localizer<'_>, to: Option<&str>) -> Markup {
        let Self { id, label, means, post, fields, key } = self;
        let form = html! {
            form id=(id) data-post=(post) data-then=[to] {
                p.soft { (voice.say(means)) }
                (fields)
                div { button.grave type="submit" { (label) } }
                output {}
            }
        };
        dialog(voice, &format!("{id}-ask"), label, Tone::Grave, *key, &form)
    }
}

/// Renders a dialog behind its button.
pub(super) fn dialog(
    voice: Localizer<'_>,
    id: &str,
    label: &str,
    tone: Tone,
    key: Option<char>,
    content: &Markup,
) -> Markup {
    let leave = voice.say("leave");
    Dialog { id, label, leave: &leave, tone, key }.show(content)
}
