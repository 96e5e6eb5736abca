//! Words in French and English, from Fluent files.

use crate::cookie::cookie;
use eg_proto::Text;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::BTreeSet;

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// Reads a code or a locale: `fr`, `fr-CA`, `fr_FR.UTF-8` are French, `en…` and `C` English; else nothing.
    pub fn from_code(code: &str) -> Option<Self> {
        let language = code.split(['-', '_', '.', ';']).next()?.trim();
        match language.to_ascii_lowercase().as_str() {
            "fr" => Some(Self::Fr),
            "en" | "c" | "posix" => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header (RFC 9110 §12.5.4) that the pages have; English when none is.
    pub fn accepted(header: &str) -> Self {
        let weight = |part: &&str| {
            let q = part.split(";q=").nth(1).and_then(|q| q.trim().parse::<f32>().ok());
            -(q.unwrap_or(1.0) * 1000.0) as i32
        };
        let mut parts: Vec<&str> = header.split(',').collect();
        parts.sort_by_key(weight);
        parts.into_iter().find_map(Self::from_code).unwrap_or_default()
    }

    /// The language of a request: what its address asks for, else what its cookie `lang` remembers, else what the browser
    /// accepts. `cookies` and `accepted` are the values of those headers, empty when there are none.
    pub fn chosen(asked: Option<&str>, cookies: &str, accepted: &str) -> Self {
        asked
            .or_else(|| cookie(cookies, "lang"))
            .and_then(Self::from_code)
            .unwrap_or_else(|| Self::accepted(accepted))
    }

    /// The cookie that remembers this language for a year.
    pub fn cookie(self) -> String {
        format!("lang={}; Path=/; Max-Age=31536000; SameSite=Strict", self.code())
    }

    /// `fr` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// Returns the other language.
    pub fn other(self) -> Self {
        match self {
            Self::Fr => Self::En,
            Self::En => Self::Fr,
        }
    }

    /// Returns this language's side of a text.
    pub fn of(self, say: &Text) -> &str {
        match self {
            Self::Fr => &say.fr,
            Self::En => &say.en,
        }
    }
}

/// A page's words in both languages.
pub struct Words {
    fr: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

/// Files that do not make a set of words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// A file is not Fluent.
    #[error("{lang}: {problem}")]
    Syntax {
        /// Language of the file.
        lang: &'static str,
        /// Error of the parser.
        problem: String,
    },
    /// A key stands in one language only.
    #[error("only one language has {0}")]
    OneSided(String),
}

impl Words {
    /// Reads a French and an English Fluent file, in that order. Both must have the same keys.
    ///
    /// # Errors
    /// [`WordsError`] with what is wrong; a test of each page reads its files, so that users never see it.
    pub fn new(fr: &str, en: &str) -> Result<Self, WordsError> {
        let (fr_keys, en_keys) = (keys(fr), keys(en));
        if let Some(key) = fr_keys.symmetric_difference(&en_keys).next() {
            return Err(WordsError::OneSided((*key).to_owned()));
        }
        Ok(Self { fr: bundle(fr, Lang::Fr)?, en: bundle(en, Lang::En)? })
    }

    /// The words of a key; the key itself when there are none.
    pub fn say(&self, lang: Lang, key: &str) -> String {
        self.tell(lang, key, [])
    }

    /// The words of a key with its blanks filled in.
    pub fn tell<'a>(
        &self,
        lang: Lang,
        key: &str,
        blanks: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        let bundle = match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        };
        let args: FluentArgs<'_> = blanks.into_iter().collect();
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        pattern.map_or_else(
            || key.to_owned(),
            |pattern| bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned(),
        )
    }
}

/// The keys of a Fluent file: what stands before `=` at the start of a line.
fn keys(text: &str) -> BTreeSet<&str> {
    let starts_a_message = |line: &&str| line.starts_with(|c: char| c.is_ascii_alphabetic());
    let key = |line: &'_ str| line.split_once('=').map(|(key, _)| key.trim().len());
    text.lines()
        .filter(starts_a_message)
        .filter_map(|line| key(line).map(|length| &line[..length]))
        .collect()
}

fn bundle(text: &str, lang: Lang) -> Result<FluentBundle<FluentResource>, WordsError> {
    let syntax = |problem: String| WordsError::Syntax { lang: lang.code(), problem };
    let resource = FluentResource::try_new(text.to_owned())
        .map_err(|(_, errors)| syntax(format!("{errors:?}")))?;
    let id = lang.code().parse().map_err(|error| syntax(format!("{error:?}")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).map_err(|errors| syntax(format!("{errors:?}")))?;
    Ok(bundle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_both_languages_and_counts_in_each() {
        let words = Words::new(
            "votes = { $n ->\n    [0] aucun vote\n    [one] { $n } vote\n   *[other] { $n } votes\n }\n",
            "votes = { $n ->\n    [one] { $n } vote\n   *[other] { $n } votes\n }\n",
        )
        .unwrap();

        let told = |lang, n: u32| words.tell(lang, "votes", [("n", n.into())]);

        assert_eq!(told(Lang::Fr, 0), "aucun vote");
        assert_eq!(told(Lang::En, 0), "0 votes");
        assert_eq!(told(Lang::En, 1), "1 vote");
    }

    #[test]
    fn refuses_a_key_that_only_one_language_has() {
        let error = Words::new("a = x\nb = y\n", "a = x\n").err().unwrap();

        assert_eq!(error.to_string(), "only one language has b");
    }

    #[test]
    fn a_choice_beats_what_is_remembered_and_that_beats_the_browser() {
        let chosen = [
            Lang::chosen(Some("en"), "lang=fr", "fr"),
            Lang::chosen(None, "a=b; lang=fr", "en"),
            Lang::chosen(None, "a=b", "fr"),
        ];

        assert_eq!(chosen, [Lang::En, Lang::Fr, Lang::Fr]);
    }

    #[test]
    fn takes_the_language_that_is_wanted_most() {
        let wanted =
            ["fr", "en-GB,fr;q=0.9", "de, fr;q=0.8, en;q=0.7", "de", ""].map(Lang::accepted);

        assert_eq!(wanted, [Lang::Fr, Lang::En, Lang::Fr, Lang::En, Lang::En]);
    }
}
