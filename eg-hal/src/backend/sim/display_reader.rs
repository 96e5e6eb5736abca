//! Reader of seven segments, as a person reads them: it knows shapes, not the font of any driver.

use crate::Set;

/// The shapes, each as three rows of three: ` _ `, `|_|`, `|_|` is an 8.
const SHAPES: &[(&str, char)] = &[
    ("         ", ' '),
    (" _ | ||_|", '0'),
    ("     |  |", '1'),
    (" _  _||_ ", '2'),
    (" _  _| _|", '3'),
    ("   |_|  |", '4'),
    (" _ |_  _|", '5'),
    (" _ |_ |_|", '6'),
    (" _   |  |", '7'),
    (" _ |_||_|", '8'),
    (" _ |_| _|", '9'),
    (" _ |_|| |", 'A'),
    ("   |_ |_|", 'b'),
    (" _ |  |_ ", 'C'),
    ("    _ |_ ", 'c'),
    ("    _||_|", 'd'),
    (" _ |_ |_ ", 'E'),
    (" _ |_ |  ", 'F'),
    (" _ |  |_|", 'G'),
    ("   |_|| |", 'H'),
    ("   |_ | |", 'h'),
    ("   |  |  ", 'I'),
    ("      |  ", 'i'),
    ("     ||_|", 'J'),
    ("   |  |_ ", 'L'),
    (" _ | || |", 'N'),
    ("    _ | |", 'n'),
    ("    _ |_|", 'o'),
    (" _ |_||  ", 'P'),
    (" _ |_|  |", 'q'),
    ("    _ |  ", 'r'),
    ("   |_ |_ ", 't'),
    ("   | ||_|", 'U'),
    ("      |_|", 'u'),
    ("   |_| _|", 'y'),
    ("    _    ", '-'),
    ("       _ ", '_'),
    ("    _  _ ", '='),
    (" _ |_|   ", '°'),
    ("   |     ", '\''),
    ("   | |   ", '"'),
    (" _   | _|", ')'),
    (" _  _||  ", '?'),
    ("    _||  ", '/'),
    ("     |   ", '`'),
    (" _       ", '‾'),
    ("     | _|", ']'),
];

/// Places of `a` to `g` in a shape.
const STROKES: [usize; 7] = [1, 5, 8, 7, 6, 3, 4];

/// Reads seven segments, `a` in bit 0 to `g` in bit 6: `�` if they form nothing that is known, the digit if two
/// characters look alike.
pub fn read_segments(lit: u8) -> char {
    let mut shape = [b' '; 9];
    for (segment, place) in STROKES.into_iter().enumerate() {
        if lit >> segment & 1 == 1 {
            shape[place] = if place % 3 == 1 { b'_' } else { b'|' };
        }
    }
    let known = SHAPES.iter().find(|(known, _)| known.as_bytes() == shape);
    known.map_or(char::REPLACEMENT_CHARACTER, |(_, character)| *character)
}

/// Reads a row of places whose bit 7 is the point after each; after this place it is a colon. A dark row is
/// [`Set::Off`], one that is lit all over is [`Set::On`].
pub fn read_row(places: &[u8], colon_after: Option<usize>) -> Set {
    if places.iter().all(|lit| *lit == 0) {
        return Set::Off;
    }
    if places.iter().all(|lit| *lit == u8::MAX) {
        return Set::On;
    }
    let mut text = String::new();
    for (place, lit) in places.iter().enumerate() {
        text.push(read_segments(lit & 0x7f));
        if lit & 0x80 != 0 {
            text.push(if colon_after == Some(place) { ':' } else { '.' });
        }
    }
    Set::Text(text.trim_start().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::seven;

    #[test]
    fn every_character_that_a_driver_shows_is_read_as_itself_or_as_one_that_looks_the_same() {
        let alike = |character: char| match character {
            'O' => '0',
            'Z' | 'z' => '2',
            'S' | 's' => '5',
            'V' => 'U',
            'v' => 'u',
            '(' | '[' => 'C',
            ']' => ')',
            other => other,
        };
        for character in (' '..='~').chain(['°']) {
            let Some(lit) = seven(character) else { continue };

            let read = read_segments(u8::try_from(lit).unwrap());

            let same = read.eq_ignore_ascii_case(&alike(character));
            assert!(same, "{character:?} is read as {read:?}");
        }
    }
}
