//! Keyboard layouts: a keyboard tells which key went down, and its layout says what is printed on that key.
//!
//! A scanner that shows itself as a keyboard presses the keys that give its code under the layout it was set to. Where
//! that is another than the one here, digits become `&é"` and letters change places.
//!
//! Sources: the `us`, `fr` and `de` symbols of xkeyboard-config; codes of the Linux uAPI.

use eg_hal::schemars::{self, JsonSchema};
use serde::Deserialize;

/// The layout that a keyboard was made for, or that a scanner was set to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// `us`: QWERTY.
    #[default]
    Us,
    /// `fr`: AZERTY, digits with Shift.
    Fr,
    /// `de`: QWERTZ.
    De,
}

/// Other keys that are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) shift: bool,
    pub(crate) alt_gr: bool,
}

pub(crate) const LEFT_SHIFT: u16 = 42;
pub(crate) const RIGHT_SHIFT: u16 = 54;
pub(crate) const ALT_GR: u16 = 100;
const ENTER: u16 = 28;
const TAB: u16 = 15;

/// The first key of each row of the main block, from the top; the key left of the digits, the one left of Enter and
/// the one right of the left Shift stand alone.
const ROWS: [u16; 7] = [2, 16, 30, 44, 41, 43, 86];

/// A layout's rows, without and with Shift. A blank is a key that types nothing.
type Rows = [[&'static str; 2]; 7];

const US: Rows = [
    ["1234567890-=", "!@#$%^&*()_+"],
    ["qwertyuiop[]", "QWERTYUIOP{}"],
    ["asdfghjkl;'", "ASDFGHJKL:\""],
    ["zxcvbnm,./", "ZXCVBNM<>?"],
    ["`", "~"],
    ["\\", "|"],
    ["<", ">"],
];
const FR: Rows = [
    ["&é\"'(-è_çà)=", "1234567890°+"],
    ["azertyuiop^$", "AZERTYUIOP¨£"],
    ["qsdfghjklmù", "QSDFGHJKLM%"],
    ["wxcvbn,;:!", "WXCVBN?./§"],
    ["²", "~"],
    ["*", "µ"],
    ["<", ">"],
];
const DE: Rows = [
    ["1234567890ß´", "!\"§$%&/()=?`"],
    ["qwertzuiopü+", "QWERTZUIOPÜ*"],
    ["asdfghjklöä", "ASDFGHJKLÖÄ"],
    ["yxcvbnm,.-", "YXCVBNM;:_"],
    ["^", "°"],
    ["#", "'"],
    ["<", ">"],
];

/// With AltGr.
const US_ALT: &[(u16, char)] = &[];
const FR_ALT: &[(u16, char)] = &[
    (3, '~'),
    (4, '#'),
    (5, '{'),
    (6, '['),
    (7, '|'),
    (8, '`'),
    (9, '\\'),
    (10, '^'),
    (11, '@'),
    (12, ']'),
    (13, '}'),
    (18, '€'),
    (27, '¤'),
];
const DE_ALT: &[(u16, char)] = &[
    (3, '²'),
    (4, '³'),
    (8, '{'),
    (9, '['),
    (10, ']'),
    (11, '}'),
    (12, '\\'),
    (16, '@'),
    (18, '€'),
    (27, '~'),
    (50, 'µ'),
    (86, '|'),
];

/// The same on every layout: the number pad, and keys that move on.
const EVERYWHERE: &[(u16, char)] = &[
    (1, '\u{1b}'),
    (14, '\u{8}'),
    (TAB, '\t'),
    (ENTER, '\n'),
    (57, ' '),
    (55, '*'),
    (71, '7'),
    (72, '8'),
    (73, '9'),
    (74, '-'),
    (75, '4'),
    (76, '5'),
    (77, '6'),
    (78, '+'),
    (79, '1'),
    (80, '2'),
    (81, '3'),
    (82, '0'),
    (83, '.'),
    (96, '\n'),
    (98, '/'),
];

/// Keys that type nothing and say nothing: Shift, Control, Alt, the locks and the logo keys.
const SILENT: &[u16] = &[29, 42, 54, 56, 58, 69, 70, 97, 100, 125, 126, 127];

impl Layout {
    fn rows(self) -> &'static Rows {
        match self {
            Self::Us => &US,
            Self::Fr => &FR,
            Self::De => &DE,
        }
    }

    fn with_alt_gr(self) -> &'static [(u16, char)] {
        match self {
            Self::Us => US_ALT,
            Self::Fr => FR_ALT,
            Self::De => DE_ALT,
        }
    }

    /// Gives the character that a key types while others are held: Enter a line end, Tab a tab; `None` for keys
    /// without a symbol.
    pub(crate) fn types(self, code: u16, held: Held) -> Option<char> {
        let of = |keys: &[(u16, char)]| keys.iter().find(|key| key.0 == code).map(|key| key.1);
        if let Some(symbol) = of(EVERYWHERE) {
            return Some(symbol);
        }
        if held.alt_gr && self != Self::Us {
            return of(self.with_alt_gr());
        }
        let mut rows = ROWS.iter().zip(self.rows());
        rows.find_map(|(first, row)| {
            row[usize::from(held.shift)].chars().nth(code.checked_sub(*first)?.into())
        })
    }

    /// The key that types a symbol, and what is held with it.
    pub(crate) fn key_for(self, symbol: char) -> Option<(u16, Held)> {
        let [plain, shift, alt_gr] = [(false, false), (true, false), (false, true)]
            .map(|(shift, alt_gr)| Held { shift, alt_gr });
        let codes = (1..=86).chain([96, 98]);
        let mut all = [plain, shift, alt_gr]
            .into_iter()
            .flat_map(|held| codes.clone().map(move |code| (code, held)));
        all.find(|(code, held)| self.types(*code, *held) == Some(symbol))
    }
}

/// `true` for a key that is held with others or switches something, and types nothing by itself.
pub(crate) fn is_silent(code: u16) -> bool {
    SILENT.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::{ENTER, Held, Layout, ROWS};

    const ALL: [Layout; 3] = [Layout::Us, Layout::Fr, Layout::De];

    #[test]
    fn the_same_key_types_what_its_layout_says() {
        let plain = |layout: Layout, code| layout.types(code, Held::default());

        // KEY_1, KEY_Q, KEY_Z, KEY_M and KEY_SEMICOLON of the uAPI are places on a board from the USA.
        let typed = ALL.map(|layout| [2, 16, 44, 50, 39].map(|code| plain(layout, code).unwrap()));

        assert_eq!(
            typed,
            [['1', 'q', 'z', 'm', ';'], ['&', 'a', 'w', ',', 'm'], ['1', 'q', 'y', 'm', 'ö']]
        );
    }

    #[test]
    fn digits_are_typed_with_shift_in_france_and_without_it_on_the_number_pad() {
        let shift = Held { shift: true, alt_gr: false };

        assert_eq!(Layout::Fr.types(11, shift), Some('0'));
        assert_eq!(Layout::Fr.types(82, Held::default()), Some('0'));
        assert_eq!(Layout::Us.types(11, shift), Some(')'));
    }

    #[test]
    fn every_printable_character_of_ascii_has_a_key_that_types_it() {
        for layout in ALL {
            for symbol in
                (' '..='~').filter(|symbol| !(layout != Layout::Us && "`~".contains(*symbol)))
            {
                let (code, held) =
                    layout.key_for(symbol).unwrap_or_else(|| panic!("{layout:?} {symbol}"));
                assert_eq!(layout.types(code, held), Some(symbol));
            }
        }
    }

    #[test]
    fn rows_do_not_reach_into_each_other() {
        for layout in ALL {
            for (row, [plain, shift]) in ROWS.iter().zip(layout.rows()) {
                assert_eq!(plain.chars().count(), shift.chars().count(), "{layout:?} {row}");
            }
            assert_eq!(layout.types(ENTER, Held::default()), Some('\n'));
        }
    }
}
