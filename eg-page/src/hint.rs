//! Hint as players read it, on a slot's page and on a room's display.

use crate::Lang;
use maud::{Markup, html};

/// Hint that stands: the script plays a sound for a new one, and reads it aloud where it may.
#[derive(Clone, Copy, Debug)]
pub struct HintNote<'a> {
    /// Word before the hint, such as `Hint:`.
    pub label: &'a str,
    /// Text in French, or in whatever language it was written in.
    pub text: &'a str,
    /// The same in English, if both were written.
    pub en: Option<&'a str>,
    /// Number of the hint; `None` where the core tells none, and then its text tells it apart.
    pub id: Option<i64>,
    /// Time of its end, in ms since the Unix epoch, by the clock of the page's server.
    pub ends: Option<i64>,
    /// `true` if the browser may read it aloud.
    pub aloud: bool,
}

impl HintNote<'_> {
    /// Renders the hint in the language of the page.
    pub fn show(&self, lang: Lang) -> Markup {
        let Self { label, text, en, id, ends, aloud } = *self;
        let (words, tongue) = match (en, lang) {
            (Some(en), Lang::En) => (en, Some("en")),
            (Some(_), Lang::Fr) => (text, Some("fr")),
            (None, _) => (text, None),
        };
        let id = id.map_or_else(|| text.to_owned(), |id| id.to_string());
        html! {
            p.hint role="status" data-hint=(id) data-aloud[aloud] {
                strong { (label) } " " span.words lang=[tongue] { (words) }
                @if let Some(ends) = ends { " " span.ends data-ends=(ends) data-keep {} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(en: Option<&str>, lang: Lang) -> String {
        let id = Some(4711);
        HintNote { label: "Hint:", text: "En haut", en, id, ends: Some(60_000), aloud: true }
            .show(lang)
            .into_string()
    }

    #[test]
    fn a_hint_in_two_languages_stands_in_that_of_the_page() {
        assert!(note(Some("Look up"), Lang::En).contains("lang=\"en\">Look up<"));
        assert!(note(Some("Look up"), Lang::Fr).contains("lang=\"fr\">En haut<"));
        assert!(note(None, Lang::En).contains("\"words\">En haut<"));
    }

    #[test]
    fn a_hint_has_its_number_and_its_end() {
        let note = note(None, Lang::Fr);

        assert!(note.contains("data-hint=\"4711\" data-aloud"), "{note}");
        assert!(note.contains("data-ends=\"60000\" data-keep"), "{note}");
    }
}
