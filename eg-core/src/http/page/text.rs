//! Words of the page, and small texts made of a value.

use crate::names::Names;
use eg_page::{Lang, Words, WordsError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// Joins the Fluent files of the page's parts: French, English.
macro_rules! fluent {
    ($($part:literal)*) => {
        (
            concat!($(include_str!(concat!("words/", $part, ".fr.ftl"))),*),
            concat!($(include_str!(concat!("words/", $part, ".en.ftl"))),*),
        )
    };
}

/// Fluent files of the operator page: French, English.
pub(super) const FILES: (&str, &str) = fluent!(
    "frame" "head" "attention" "room" "acts" "hints" "show" "display" "slots" "slots-plan" "slots-detail" "adoption" "outputs" "events"
    "history" "past" "accounts" "audit" "settings" "names"
);

/// Words in one language, with which every part of the page is rendered.
#[derive(Clone, Copy)]
pub(super) struct Localizer<'a> {
    /// Words in both languages.
    pub(super) words: &'a Words,
    /// Language of the page.
    pub(super) lang: Lang,
    /// Names for people of slots, rooms and players.
    pub(super) names: &'a Names,
}

/// Reads the words of the operator page.
///
/// # Errors
/// Never for the files of this crate: a test reads them.
pub(crate) fn words() -> Result<Words, WordsError> {
    let (fr, en) = FILES;
    Words::new(fr, en)
}

/// Returns a number that tells values apart, for ids and addresses of elements.
pub(super) fn digest(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Localizer<'_> {
    /// Returns the words of a key.
    pub(super) fn say(&self, key: &str) -> String {
        self.words.say(self.lang, key)
    }

    /// Translates a cause that is known in English alone.
    pub(super) fn cause(&self, english: &str) -> String {
        self.lang.of(&eg_page::say(english)).to_owned()
    }

    /// Returns the words of a key with one blank filled in.
    pub(super) fn with(&self, key: &str, blank: &str, value: impl ToString) -> String {
        self.words.tell(self.lang, key, [(blank, value.to_string().into())])
    }

    /// Formats a number with its language's decimal sign, and three decimals at most.
    pub(super) fn number(&self, number: f64) -> String {
        let text = format!("{}", (number * 1_000.0).round() / 1_000.0);
        if self.lang == Lang::Fr { text.replace('.', ",") } else { text }
    }

    /// Formats a number of microseconds: `820 µs`, `12.3 ms`, `1.5 s`.
    pub(super) fn micros(&self, micros: u64) -> String {
        self.lang.of(&eg_page::span(micros)).to_owned()
    }

    /// Formats a signed number of tenths: `+12.3`, in French `+12,3`.
    pub(super) fn tenths(&self, tenths: i64) -> String {
        let point = if self.lang == Lang::Fr { ',' } else { '.' };
        let (sign, tenths) = (if tenths < 0 { "-" } else { "+" }, tenths.unsigned_abs());
        format!("{sign}{}{point}{}", tenths / 10, tenths % 10)
    }

    /// Formats a number of microseconds with its sign: `+12.3 ms`, `-2.3 s`, `+3 d`.
    pub(super) fn signed(&self, micros: i64) -> String {
        let span = Duration::from_micros(micros.unsigned_abs());
        match span.as_secs() {
            0 => format!("{} ms", self.tenths(micros / 100)),
            1..60 => format!("{} s", self.tenths(micros / 100_000)),
            _ => format!("{}{}", if micros < 0 { '-' } else { '+' }, self.span(span)),
        }
    }

    /// Formats a number with its thousands apart: `12,345`, in French `12 345` with narrow spaces that do not break.
    pub(super) fn grouped(&self, number: u64) -> String {
        let apart = if self.lang == Lang::Fr { '\u{202f}' } else { ',' };
        let digits = number.to_string();
        let mut told = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                told.push(apart);
            }
            told.push(digit);
        }
        told
    }

    /// Formats how long something took, µs: `45 s`, `12 min 05 s`, `1 h 02 min`.
    pub(super) fn lasted(&self, micros: i64) -> String {
        let seconds = micros.max(0) / 1_000_000;
        let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let space = if self.lang == Lang::Fr { '\u{202f}' } else { '\u{a0}' };
        match (hours, minutes) {
            (0, 0) => format!("{rest}{space}s"),
            (0, _) => format!("{minutes}{space}min {rest:02}{space}s"),
            _ => format!("{hours}{space}h {minutes:02}{space}min"),
        }
    }

    /// Formats a span in its largest unit: `12 s`, `3 min`, `5 h`, `2 d`.
    pub(super) fn span(&self, span: Duration) -> String {
        let (day, seconds) = (if self.lang == Lang::Fr { "j" } else { "d" }, span.as_secs());
        match seconds {
            0..60 => format!("{seconds} s"),
            60..3_600 => format!("{} min", seconds / 60),
            3_600..86_400 => format!("{} h", seconds / 3_600),
            _ => format!("{} {day}", seconds / 86_400),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Returns the scripts of a folder and those below it as one text.
    fn sources(folder: &Path) -> String {
        let mut all = String::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                all += &sources(&path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                all += &std::fs::read_to_string(path).unwrap();
            }
        }
        all
    }

    #[test]
    fn every_word_is_said_somewhere() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let code = sources(&root.join("src")) + &sources(&root.join("../eg-page/src"));
        let made: Vec<&str> = code
            .split("(\"")
            .skip(1)
            .filter_map(|rest| rest.split_once("-{"))
            .map(|(start, _)| start)
            .filter(|start| start.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
            .collect();
        let keys =
            FILES.1.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
        let keys = keys.filter_map(|line| line.split_once('=')).map(|(key, _)| key.trim());

        let unsaid = keys.filter(|key| {
            let is_made = made
                .iter()
                .any(|start| key.strip_prefix(*start).is_some_and(|rest| rest.starts_with('-')));
            !is_made && !code.contains(&format!("\"{key}\""))
        });

        assert_eq!(unsaid.collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn the_page_has_every_word_in_both_languages() {
        let words = words().unwrap();

        assert_eq!(words.say(Lang::Fr, "slots"), "Postes");
        assert_eq!(words.say(Lang::En, "slots"), "Slots");
    }

    #[test]
    fn a_length_is_told_in_the_units_that_fit_it() {
        let words = words().unwrap();
        let voice = Localizer { words: &words, lang: Lang::En, names: Names::none() };

        let told = [0, 45, 725, 3_720, 90_000].map(|seconds| voice.lasted(seconds * 1_000_000));

        assert_eq!(
            told.map(|told| told.replace('\u{a0}', " ")),
            ["0 s", "45 s", "12 min 05 s", "1 h 02 min", "25 h 00 min"]
        );
    }

    #[test]
    fn numbers_are_written_as_the_reader_writes_them() {
        let words = words().unwrap();
        let [fr, en] = [Lang::Fr, Lang::En].map(|lang| Localizer {
            words: &words,
            lang,
            names: Names::none(),
        });

        assert_eq!([0, 12_345, -400].map(|us| en.signed(us)), ["+0.0 ms", "+12.3 ms", "-0.4 ms"]);
        assert_eq!(
            [fr.grouped(1_234_567), en.grouped(1_234), en.grouped(999)],
            ["1\u{202f}234\u{202f}567", "1,234", "999"]
        );
        assert_eq!([fr.signed(-2_310_000), fr.signed(259_200_000_000)], ["-2,3 s", "+3 j"]);
    }
}
