//! Form in a dialog behind its button.

use maud::{Markup, html};

/// Importance of a dialog's button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// One act among others.
    #[default]
    Plain,
    /// The most likely next act: one of a page.
    Main,
    /// An act that ends or undoes something.
    Grave,
    /// A change of what stands beside the button, which is drawn as a pencil.
    Pencil,
}

impl Tone {
    /// Name of the button's class; none for [`Tone::Plain`].
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Main => "main",
            Self::Grave => "grave",
            Self::Pencil => "pencil",
        }
    }
}

/// Dialog behind its button. The script opens it as a modal one, closes it once its form was taken, and hands the focus
/// back; what stands in an open dialog outlives a change of the page.
#[derive(Clone, Copy, Debug)]
pub struct Dialog<'a> {
    /// Id of the `<dialog>`; its button has it with `-open` behind it.
    pub id: &'a str,
    /// Words of the button, and title of the dialog.
    pub label: &'a str,
    /// Words of the button that closes the dialog without doing anything.
    pub leave: &'a str,
    /// Importance of the button.
    pub tone: Tone,
    /// Key that opens the dialog, a lower-case letter; none for a dialog that has no key.
    pub key: Option<char>,
}

impl Dialog<'_> {
    /// Renders the button, and the dialog around its content: a form with `data-post` as a rule.
    pub fn show(&self, content: &Markup) -> Markup {
        let Self { id, label, leave, tone, key } = *self;
        let title = format!("{id}-title");
        html! {
            button.asks.(tone.class()) type="button" id=(format!("{id}-open")) data-opens=(id) data-key=[key]
                aria-haspopup="dialog" { (label) }
            dialog id=(id) aria-labelledby=(title) {
                div.head {
                    h2 id=(title) { (label) }
                    button.leave type="button" data-leaves aria-label=(leave) title=(leave) { "✕" }
                }
                (content)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_has_its_buttons_words_as_title_and_a_way_out() {
        let dialog =
            Dialog { id: "kill", label: "Kill", leave: "Leave", tone: Tone::Grave, key: Some('k') };

        let html = dialog.show(&html! { form data-post="/kill" {} }).into_string();

        assert!(html.contains("id=\"kill-open\" data-opens=\"kill\" data-key=\"k\""), "{html}");
        assert!(html.contains("<dialog id=\"kill\" aria-labelledby=\"kill-title\">"), "{html}");
        assert!(html.contains("data-leaves aria-label=\"Leave\""), "{html}");
        assert!(html.contains("<form data-post=\"/kill\"></form></dialog>"), "{html}");
    }
}
