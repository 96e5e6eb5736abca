//! Causes in French: what drivers, the system and the network say in English alone.
//!
//! An agent of any version tells its causes in English on the wire, and so does every library; a page in French shows
//! them by the sentences of `causes.txt`. What stands in none of them is shown as it is, and said to be English.

use eg_proto::Text;
use std::sync::OnceLock;

/// Longer texts are shown as they are: nobody reads them on a page.
const LONGEST: usize = 2_000;
/// A cause has causes of its own to this depth.
const DEEPEST: usize = 8;

/// A cause in both languages.
pub fn say(english: impl Into<String>) -> Text {
    let english = english.into();
    let french = (english.len() <= LONGEST).then(|| french(&english, DEEPEST)).flatten();
    Text::new(french.unwrap_or_else(|| format!("(en anglais) {english}")), english)
}

/// A cause in French; none when a part of it is unknown.
fn french(english: &str, depth: usize) -> Option<String> {
    let deeper = depth.checked_sub(1)?;
    let known = sentences().iter().find_map(|sentence| sentence.translate(english, deeper));
    known
        .or_else(|| {
            // Several causes in one line, or the place of one before it.
            let (first, second) = english.split_once("; ")?;
            Some(format!("{} ; {}", french(first, deeper)?, french(second, deeper)?))
        })
        .or_else(|| {
            let (place, cause) =
                english.split_once(": ").filter(|(place, _)| !place.contains(' '))?;
            Some(format!("{place} : {}", french(cause, deeper)?))
        })
}

/// A sentence in both languages, in pieces around its blanks.
struct Sentence {
    english: Vec<Piece>,
    french: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(&'static str),
    /// A value, the same in both languages; the next one, or the one with this number.
    Value(Option<usize>),
    /// A cause of its own.
    Cause,
}

impl Sentence {
    fn translate(&self, english: &str, depth: usize) -> Option<String> {
        let values = matched(&self.english, english)?;
        let mut next = 0;
        let mut french = String::new();
        for piece in &self.french {
            match piece {
                Piece::Text(text) => french.push_str(text),
                Piece::Value(Some(place)) => french.push_str(values.get(*place)?),
                Piece::Value(None) => {
                    french.push_str(values.get(next)?);
                    next += 1;
                }
                Piece::Cause => {
                    french.push_str(&self::french(values.get(next)?, depth)?);
                    next += 1;
                }
            }
        }
        Some(french)
    }
}

/// Returns what stands in the blanks of a text; none when the text is another one. A blank ends where the text after it
/// begins for the first time, the last one where that begins for the last time.
fn matched<'a>(pieces: &[Piece], text: &'a str) -> Option<Vec<&'a str>> {
    let mut values = Vec::new();
    let mut rest = text;
    let mut blank = false;
    for (place, piece) in pieces.iter().enumerate() {
        let Piece::Text(wanted) = piece else {
            blank = true;
            continue;
        };
        let at = match (blank, place + 1 == pieces.len()) {
            (false, _) => rest.starts_with(wanted).then_some(0),
            (true, true) => rest.ends_with(wanted).then(|| rest.len() - wanted.len()),
            (true, false) => rest.find(wanted),
        }?;
        if blank {
            values.push(&rest[..at]);
        }
        rest = &rest[at + wanted.len()..];
        blank = false;
    }
    match (blank, rest.is_empty()) {
        (true, _) => values.push(rest),
        (false, true) => {}
        (false, false) => return None,
    }
    values.iter().all(|value| !value.is_empty()).then_some(values)
}

fn pieces(text: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((blank, after)) = after.split_once('}') else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(if blank == "!" { Piece::Cause } else { Piece::Value(blank.parse().ok()) });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn sentences() -> &'static [Sentence] {
    static ALL: OnceLock<Vec<Sentence>> = OnceLock::new();
    ALL.get_or_init(|| {
        let lines = include_str!("causes.txt").lines();
        let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut all = Vec::new();
        while let (Some(english), Some(french)) = (lines.next(), lines.next()) {
            all.push(Sentence { english: pieces(english), french: pieces(french) });
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanks(pieces: &[Piece]) -> usize {
        pieces.iter().filter(|piece| !matches!(piece, Piece::Text(_))).count()
    }

    #[test]
    fn both_languages_of_a_sentence_have_the_same_blanks() {
        assert!(sentences().len() > 100, "{}", sentences().len());
        for Sentence { english, french } in sentences() {
            assert!(blanks(french) <= blanks(english), "{english:?}");
            assert_ne!(english, french);
            let causes = |pieces: &[Piece]| pieces.iter().filter(|it| **it == Piece::Cause).count();
            assert_eq!(causes(english), causes(french), "{english:?}");
        }
    }

    #[test]
    fn a_lost_board_is_told_in_french_with_its_remedy() {
        let told =
            say("cannot open port /dev/ttyUSB0: it does not exist; is it plugged in and enabled?");

        assert_eq!(
            told.fr,
            "impossible d’ouvrir port /dev/ttyUSB0 : introuvable ; est-ce branché et activé ?"
        );
        assert!(told.en.starts_with("cannot open"));
    }

    #[test]
    fn a_cause_has_a_cause_of_its_own() {
        let told = say(
            "cannot connect to the broker at 192.168.1.27:1883: Connection refused (os error 111); \
             check that it runs and that no firewall is between",
        );

        assert_eq!(
            told.fr,
            "pas de connexion au broker à 192.168.1.27:1883 : connexion refusée (erreur système 111) ; \
             vérifier qu’il tourne et qu’aucun pare-feu ne bloque"
        );
    }

    #[test]
    fn what_a_request_lacks_is_told_in_french_with_its_place() {
        let told = [
            "missing field `name` at line 1 column 2",
            "options[1]: invalid type: integer `7`, expected a string at line 1 column 44",
            "unknown field `lamp`, expected one of `device`, `output`, `set` at line 1 column 26",
            "3 events lost: neither disk nor memory had room; a damaged outbox was set aside as x.db",
        ];

        let told = told.map(|english| say(english).fr);

        assert_eq!(told[0], "il manque le champ `name` à la ligne 1 colonne 2");
        assert_eq!(
            told[1],
            "options[1] : mauvais type : integer `7`, attendu : a string à la ligne 1 colonne 44"
        );
        assert_eq!(
            told[2],
            "champ inconnu `lamp`, attendu : `device`, `output`, `set` à la ligne 1 colonne 26"
        );
        assert_eq!(
            told[3],
            "3 événements perdus : ni le disque ni la mémoire n’avaient de place ; \
             une file d’attente abîmée a été mise de côté : x.db"
        );
    }

    #[test]
    fn what_nobody_knows_is_said_to_be_english() {
        assert_eq!(say("the moon is full").fr, "(en anglais) the moon is full");
        assert_eq!(say("port x: the moon is full").fr, "(en anglais) port x: the moon is full");
        let endless = "a; ".repeat(5_000);
        assert!(say(endless).fr.starts_with("(en anglais)"));
    }
}
