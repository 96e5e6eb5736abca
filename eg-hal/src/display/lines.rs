//! Texts on lines of characters.

use deunicode::deunicode_char;

/// The text in ASCII and `°`, for displays that know no more: `é` becomes `e`, `œ` becomes `oe`, `« »` become `"`. Line
/// breaks stay.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '«' | '»' | '“' | '”' | '„' => plain.push('"'),
            '°' | '\n' => plain.push(character),
            other if other.is_control() => {}
            other => plain.push_str(deunicode_char(other).unwrap_or("?")),
        }
    }
    plain
}

/// The text on lines of so many characters, broken between words, and within a word that is longer than a line. What
/// French sets apart (`! ? : ; »`) stays with the word before. Nothing when it needs more lines than there are.
pub fn wrapped(text: &str, columns: usize, lines: usize) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        let mut line = String::new();
        for word in words(paragraph) {
            let taken = line.chars().count();
            let gap = usize::from(taken > 0);
            if taken + gap + word.chars().count() <= columns {
                line.extend((gap > 0).then_some(' '));
                line.push_str(&word);
                continue;
            }
            if taken > 0 {
                all.push(std::mem::take(&mut line));
            }
            for character in word.chars() {
                if line.chars().count() == columns {
                    all.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
            // A text without end is not laid out to its end.
            if all.len() > lines {
                return None;
            }
        }
        all.push(line);
    }
    (all.len() <= lines && columns > 0).then_some(all)
}

/// The words, each with the punctuation that stands apart after it.
fn words(paragraph: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in paragraph.split_whitespace() {
        match words.last_mut() {
            Some(before) if word.chars().all(|c| "!?:;»".contains(c)) => {
                before.push(' ');
                before.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_stays_readable_in_ascii() {
        assert_eq!(plain("Où ? « Là-bas » à 20 °C"), "Ou ? \" La-bas \" a 20 °C");
        assert_eq!(plain("L’œuf, ça coûte 3 €…"), "L'oeuf, ca coute 3 EUR...");
        assert_eq!(plain("a\u{0}\tb\nc"), "ab\nc");
    }

    #[test]
    fn a_text_is_broken_between_words() {
        let lines = wrapped("The key lies under the carpet", 12, 3);

        assert_eq!(lines.unwrap(), ["The key lies", "under the", "carpet"]);
    }

    #[test]
    fn a_question_mark_does_not_stand_alone_on_a_line() {
        assert_eq!(wrapped("Où est la clé ?", 14, 2).unwrap(), ["Où est la", "clé ?"]);
        assert_eq!(wrapped("? a", 3, 1).unwrap(), ["? a"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken_and_a_break_of_the_author_stays() {
        assert_eq!(wrapped("ab abcdefgh\ni", 3, 5).unwrap(), ["ab", "abc", "def", "gh", "i"]);
        assert_eq!(wrapped("", 3, 1).unwrap(), [""]);
    }

    #[test]
    fn what_needs_more_lines_than_there_are_is_refused() {
        assert_eq!(wrapped("a b c", 1, 2), None);
        assert_eq!(wrapped(&"9".repeat(5000), 16, 2), None);
        assert_eq!(wrapped("a", 0, 2), None);
    }
}
