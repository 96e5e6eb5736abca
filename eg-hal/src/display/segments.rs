//! Texts on segments.

use super::plain;

/// One place of a row of segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The segments that are lit: bit 0 is `a`, and so on, see [`seven`] and [`fourteen`].
    pub segments: u16,
    /// The point after it is lit.
    pub point: bool,
    /// The colon after it is lit, or its point where the display has no colon there.
    pub colon: bool,
}

/// Lays a text out on so many places, at the right. A point, comma or colon stands after its character and takes no place
/// of its own. Accents are left out.
///
/// # Errors
/// Texts that would have worked, for [`DeviceError::Unsupported`](crate::DeviceError::Unsupported).
pub fn row(
    text: &str,
    places: usize,
    glyph: fn(char) -> Option<u16>,
) -> Result<Vec<Cell>, &'static str> {
    let mut cells: Vec<Cell> = Vec::new();
    for character in plain(text).chars() {
        if cells.len() > places {
            break;
        }
        match (character, cells.last_mut()) {
            ('.' | ',', Some(cell)) if !cell.point => cell.point = true,
            ('.' | ',', _) => cells.push(Cell { point: true, ..Cell::default() }),
            (':', Some(cell)) if !cell.colon => cell.colon = true,
            (':', _) => cells.push(Cell { colon: true, ..Cell::default() }),
            (other, _) => {
                let segments =
                    glyph(other).ok_or("its segments cannot form one of the characters")?;
                cells.push(Cell { segments, ..Cell::default() });
            }
        }
    }
    if cells.len() > places {
        return Err(
            "a text has at most as many characters as the display has places; points and colons take none",
        );
    }
    let blanks = vec![Cell::default(); places - cells.len()];
    Ok(blanks.into_iter().chain(cells).collect())
}

/// A character on seven segments, `a` on top and then clockwise, `g` in the middle: bit 0 is `a`, bit 6 is `g`. A letter
/// that has no shape in its own case has that of the other; K, M, W and X have none.
pub fn seven(character: char) -> Option<u16> {
    let segments = match character {
        ' ' => 0,
        '0' | 'O' => 0b011_1111,
        '1' => 0b000_0110,
        '2' | 'Z' | 'z' => 0b101_1011,
        '3' => 0b100_1111,
        '4' => 0b110_0110,
        '5' | 'S' | 's' => 0b110_1101,
        '6' => 0b111_1101,
        '7' => 0b000_0111,
        '8' => 0b111_1111,
        '9' => 0b110_1111,
        'A' | 'a' => 0b111_0111,
        'B' | 'b' => 0b111_1100,
        'C' | '(' | '[' => 0b011_1001,
        'c' => 0b101_1000,
        'D' | 'd' => 0b101_1110,
        'E' | 'e' => 0b111_1001,
        'F' | 'f' => 0b111_0001,
        'G' | 'g' => 0b011_1101,
        'H' => 0b111_0110,
        'h' => 0b111_0100,
        'I' => 0b011_0000,
        'i' => 0b001_0000,
        'J' | 'j' => 0b001_1110,
        'L' | 'l' => 0b011_1000,
        'N' => 0b011_0111,
        'n' => 0b101_0100,
        'o' => 0b101_1100,
        'P' | 'p' => 0b111_0011,
        'Q' | 'q' => 0b110_0111,
        'R' | 'r' => 0b101_0000,
        'T' | 't' => 0b111_1000,
        'U' | 'V' => 0b011_1110,
        'u' | 'v' => 0b001_1100,
        'Y' | 'y' => 0b110_1110,
        '-' => 0b100_0000,
        '_' => 0b000_1000,
        '=' => 0b100_1000,
        '°' => 0b110_0011,
        '\'' => 0b010_0000,
        '"' => 0b010_0010,
        ')' | ']' => 0b000_1111,
        '?' => 0b101_0011,
        '/' => 0b101_0010,
        _ => return None,
    };
    Some(segments)
}

/// A character on fourteen segments: bits 0 to 5 are `a` to `f` as on seven, 6 and 7 the left and the right half of the
/// middle, 8 to 10 the upper spokes from left to right, 11 to 13 the lower ones. Letters are capitals.
pub fn fourteen(character: char) -> Option<u16> {
    let lit = match character.to_ascii_uppercase() {
        ' ' => "",
        '0' => "abcdefkl",
        '1' => "bc",
        '2' => "abdegh",
        '3' => "abcdh",
        '4' => "bcfgh",
        '5' | 'S' => "acdfgh",
        '6' => "acdefgh",
        '7' => "abc",
        '8' => "abcdefgh",
        '9' => "abcdfgh",
        'A' => "abcefgh",
        'B' => "abcdhjm",
        'C' | '[' => "adef",
        'D' => "abcdjm",
        'E' => "adefgh",
        'F' => "aefg",
        'G' => "acdefh",
        'H' => "bcefgh",
        'I' => "adjm",
        'J' => "bcde",
        'K' => "efgkn",
        'L' => "def",
        'M' => "bcefik",
        'N' => "bcefin",
        'O' => "abcdef",
        'P' => "abefgh",
        'Q' => "abcdefn",
        'R' => "abefghn",
        'T' => "ajm",
        'U' => "bcdef",
        'V' => "efkl",
        'W' => "bcefln",
        'X' => "ikln",
        'Y' => "ikm",
        'Z' => "adkl",
        '-' => "gh",
        '+' => "ghjm",
        '*' => "ghijklmn",
        '/' => "kl",
        '\\' => "in",
        '=' => "dgh",
        '_' => "d",
        '\'' => "j",
        '"' => "fj",
        '(' | '<' => "kn",
        ')' | '>' => "il",
        ']' => "abcd",
        '?' => "abhm",
        '!' | '|' => "jm",
        '$' => "acdfghjm",
        '°' => "abfgh",
        _ => return None,
    };
    Some(lit.bytes().fold(0, |all, segment| all | 1 << (segment - b'a')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str, places: usize) -> Vec<(u16, bool, bool)> {
        let cells = row(text, places, seven).unwrap();
        cells.iter().map(|cell| (cell.segments, cell.point, cell.colon)).collect()
    }

    #[test]
    fn a_countdown_stands_on_four_places_with_its_colon() {
        let [one, two] = ['1', '2'].map(|digit| seven(digit).unwrap());

        let row = shapes("12:12", 4);

        assert_eq!(
            row,
            [(one, false, false), (two, false, true), (one, false, false), (two, false, false)]
        );
    }

    #[test]
    fn a_score_stands_at_the_right_and_its_point_takes_no_place() {
        let row = shapes("-1,5", 4);

        assert_eq!(row[0], (0, false, false));
        assert_eq!(row[2], (seven('1').unwrap(), true, false));
    }

    #[test]
    fn what_does_not_fit_or_has_no_shape_is_refused() {
        assert!(row("12345", 4, seven).unwrap_err().contains("as many characters"));
        assert!(row("....5", 4, seven).unwrap_err().contains("as many characters"));
        assert!(row("kiwi", 4, seven).unwrap_err().contains("cannot form"));
        assert!(row("a\nb", 4, fourteen).unwrap_err().contains("cannot form"));
        assert!(row(&"9".repeat(5000), 8, seven).is_err());
    }

    #[test]
    fn an_accent_is_left_out() {
        assert_eq!(row("ÉTÉ", 3, fourteen), row("ETE", 3, fourteen));
    }
}
