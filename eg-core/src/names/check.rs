//! Check of a name: what people may be called, in any script.

use eg_proto::Text;

/// Longest name, in characters.
const LONGEST: usize = 40;

/// Reason why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There are more than 40 characters.
    #[error("a name has 40 characters at most")]
    Long,
    /// A character cannot be seen, or changes the order in which others are read.
    #[error("a name has no characters that control how others are shown")]
    Unseen,
}

impl NameError {
    /// Returns the reason in both languages.
    pub fn told(self) -> Text {
        let fr = match self {
            Self::Long => "un nom a 40 caractères au plus",
            Self::Unseen => "un nom n’a pas de caractère qui commande l’affichage des autres",
        };
        Text::new(fr, self.to_string())
    }
}

/// Returns a name without the white space around it, and with one space for each run inside. Nothing is left of an empty
/// one, which takes a name away.
///
/// # Errors
/// [`NameError`] if nobody can be called so.
pub fn check(text: &str) -> Result<String, NameError> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().any(is_unseen) {
        return Err(NameError::Unseen);
    }
    if name.chars().count() > LONGEST {
        return Err(NameError::Long);
    }
    Ok(name)
}

/// Returns `true` for controls, and for what stands in a text without being seen: embeddings, overrides and isolates of
/// its direction (Unicode Standard Annex 9, section 2), spaces of no width, tags, and what has no meaning. Joiners
/// between letters stay: several scripts are written with them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_any_script_have_names() {
        for name in ["Anna", "Éloïse O’Neill", "李小龙", "محمد", "नेहा", "👩‍🚀 Zoë", "Ng", "1"]
        {
            assert_eq!(check(name).as_deref(), Ok(name));
        }
        assert_eq!(check("  Anna \t Maria\n").unwrap(), "Anna Maria");
        assert_eq!(check(" \u{3000} ").unwrap(), "");
    }

    #[test]
    fn what_hides_or_turns_other_text_is_refused() {
        for name in
            ["a\u{202e}b", "a\u{0}b", "\u{2066}a", "a\u{200b}", "\u{feff}a", "a\u{7}", "a\u{e0041}"]
        {
            assert_eq!(check(name), Err(NameError::Unseen), "{name:?}");
        }
    }

    #[test]
    fn a_name_ends_after_forty_characters() {
        assert!(check(&"é".repeat(40)).is_ok());
        assert_eq!(check(&"é".repeat(41)), Err(NameError::Long));
    }
}
