//! A text in the characters that the display has: those of its ROM A00.

use eg_hal::display::{plain, wrapped};

/// The lines of the display with this text, broken between words and filled with blanks.
pub(crate) fn cells(text: &str, columns: u8, lines: u8) -> Result<Vec<Vec<u8>>, &'static str> {
    let (columns, lines) = (usize::from(columns), usize::from(lines));
    let text = wrapped(&plain(text), columns, lines)
        .ok_or("the text needs more lines than the display has")?;
    let line = |line: &String| line.chars().map(code).collect::<Vec<u8>>();
    let mut cells: Vec<Vec<u8>> = text.iter().map(line).collect();
    cells.resize(lines, Vec::new());
    cells.iter_mut().for_each(|line| line.resize(columns, b' '));
    Ok(cells)
}

/// The code of a character (HD44780U, table 4, ROM A00), which is ASCII but for a yen and two arrows.
fn code(character: char) -> u8 {
    match character {
        '°' => 0xdf,
        '\\' => b'/',
        '~' => b'-',
        ' '..='}' => u8::try_from(character).unwrap_or(b'?'),
        _ => b'?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_loses_its_accents_and_nothing_else() {
        let cells = cells("Où est la clé ? À 20 °C…", 16, 2).unwrap();

        assert_eq!(cells[0], b"Ou est la cle ? ");
        assert_eq!(cells[1], b"A 20 \xdfC...      ");
    }

    #[test]
    fn no_character_shows_as_a_yen_or_an_arrow() {
        assert_eq!(cells("a\\b~c", 8, 2).unwrap()[0], b"a/b-c   ");
    }

    #[test]
    fn a_text_without_end_is_refused() {
        assert!(cells(&"9".repeat(5000), 16, 2).is_err());
        assert!(cells("a\nb\nc", 16, 2).is_err());
    }
}
