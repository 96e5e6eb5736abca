//! The keys that a slot's file may name: the Linux uAPI's names and codes (`linux/input-event-codes.h`), and symbols.

/// Runs of names, each with the code of its first.
const RUNS: &[(u16, &[&str])] = &[
    (
        0x1,
        &[
            "KEY_ESC",
            "KEY_1",
            "KEY_2",
            "KEY_3",
            "KEY_4",
            "KEY_5",
            "KEY_6",
            "KEY_7",
            "KEY_8",
            "KEY_9",
            "KEY_0",
            "KEY_MINUS",
            "KEY_EQUAL",
            "KEY_BACKSPACE",
            "KEY_TAB",
            "KEY_Q",
            "KEY_W",
            "KEY_E",
            "KEY_R",
            "KEY_T",
            "KEY_Y",
            "KEY_U",
            "KEY_I",
            "KEY_O",
            "KEY_P",
            "KEY_LEFTBRACE",
            "KEY_RIGHTBRACE",
            "KEY_ENTER",
            "KEY_LEFTCTRL",
            "KEY_A",
            "KEY_S",
            "KEY_D",
            "KEY_F",
            "KEY_G",
            "KEY_H",
            "KEY_J",
            "KEY_K",
            "KEY_L",
            "KEY_SEMICOLON",
            "KEY_APOSTROPHE",
            "KEY_GRAVE",
            "KEY_LEFTSHIFT",
            "KEY_BACKSLASH",
            "KEY_Z",
            "KEY_X",
            "KEY_C",
            "KEY_V",
            "KEY_B",
            "KEY_N",
            "KEY_M",
            "KEY_COMMA",
            "KEY_DOT",
            "KEY_SLASH",
            "KEY_RIGHTSHIFT",
            "KEY_KPASTERISK",
            "KEY_LEFTALT",
            "KEY_SPACE",
            "KEY_CAPSLOCK",
            "KEY_F1",
            "KEY_F2",
            "KEY_F3",
            "KEY_F4",
            "KEY_F5",
            "KEY_F6",
            "KEY_F7",
            "KEY_F8",
            "KEY_F9",
            "KEY_F10",
            "KEY_NUMLOCK",
            "KEY_SCROLLLOCK",
            "KEY_KP7",
            "KEY_KP8",
            "KEY_KP9",
            "KEY_KPMINUS",
            "KEY_KP4",
            "KEY_KP5",
            "KEY_KP6",
            "KEY_KPPLUS",
            "KEY_KP1",
            "KEY_KP2",
            "KEY_KP3",
            "KEY_KP0",
            "KEY_KPDOT",
        ],
    ),
    (0x55, &["KEY_ZENKAKUHANKAKU", "KEY_102ND", "KEY_F11", "KEY_F12"]),
    (
        0x60,
        &[
            "KEY_KPENTER",
            "KEY_RIGHTCTRL",
            "KEY_KPSLASH",
            "KEY_SYSRQ",
            "KEY_RIGHTALT",
            "KEY_LINEFEED",
            "KEY_HOME",
            "KEY_UP",
            "KEY_PAGEUP",
            "KEY_LEFT",
            "KEY_RIGHT",
            "KEY_END",
            "KEY_DOWN",
            "KEY_PAGEDOWN",
            "KEY_INSERT",
            "KEY_DELETE",
            "KEY_MACRO",
            "KEY_MUTE",
            "KEY_VOLUMEDOWN",
            "KEY_VOLUMEUP",
            "KEY_POWER",
            "KEY_KPEQUAL",
            "KEY_KPPLUSMINUS",
            "KEY_PAUSE",
        ],
    ),
    (0x7d, &["KEY_LEFTMETA", "KEY_RIGHTMETA", "KEY_COMPOSE"]),
    (0x8b, &["KEY_MENU"]),
    (0x9e, &["KEY_BACK"]),
    (0xa3, &["KEY_NEXTSONG", "KEY_PLAYPAUSE", "KEY_PREVIOUSSONG", "KEY_STOPCD"]),
    (0xac, &["KEY_HOMEPAGE"]),
    (
        0xb7,
        &[
            "KEY_F13", "KEY_F14", "KEY_F15", "KEY_F16", "KEY_F17", "KEY_F18", "KEY_F19", "KEY_F20",
            "KEY_F21", "KEY_F22", "KEY_F23", "KEY_F24",
        ],
    ),
    (0xd9, &["KEY_SEARCH"]),
    (
        0x100,
        &["BTN_0", "BTN_1", "BTN_2", "BTN_3", "BTN_4", "BTN_5", "BTN_6", "BTN_7", "BTN_8", "BTN_9"],
    ),
    (
        0x110,
        &[
            "BTN_LEFT",
            "BTN_RIGHT",
            "BTN_MIDDLE",
            "BTN_SIDE",
            "BTN_EXTRA",
            "BTN_FORWARD",
            "BTN_BACK",
            "BTN_TASK",
        ],
    ),
    (
        0x120,
        &[
            "BTN_TRIGGER",
            "BTN_THUMB",
            "BTN_THUMB2",
            "BTN_TOP",
            "BTN_TOP2",
            "BTN_PINKIE",
            "BTN_BASE",
            "BTN_BASE2",
            "BTN_BASE3",
            "BTN_BASE4",
            "BTN_BASE5",
            "BTN_BASE6",
        ],
    ),
    (
        0x130,
        &[
            "BTN_SOUTH",
            "BTN_EAST",
            "BTN_C",
            "BTN_NORTH",
            "BTN_WEST",
            "BTN_Z",
            "BTN_TL",
            "BTN_TR",
            "BTN_TL2",
            "BTN_TR2",
            "BTN_SELECT",
            "BTN_START",
            "BTN_MODE",
            "BTN_THUMBL",
            "BTN_THUMBR",
        ],
    ),
    (0x220, &["BTN_DPAD_UP", "BTN_DPAD_DOWN", "BTN_DPAD_LEFT", "BTN_DPAD_RIGHT"]),
    (
        0x2c0,
        &[
            "BTN_TRIGGER_HAPPY1",
            "BTN_TRIGGER_HAPPY2",
            "BTN_TRIGGER_HAPPY3",
            "BTN_TRIGGER_HAPPY4",
            "BTN_TRIGGER_HAPPY5",
            "BTN_TRIGGER_HAPPY6",
            "BTN_TRIGGER_HAPPY7",
            "BTN_TRIGGER_HAPPY8",
            "BTN_TRIGGER_HAPPY9",
            "BTN_TRIGGER_HAPPY10",
            "BTN_TRIGGER_HAPPY11",
            "BTN_TRIGGER_HAPPY12",
            "BTN_TRIGGER_HAPPY13",
            "BTN_TRIGGER_HAPPY14",
            "BTN_TRIGGER_HAPPY15",
            "BTN_TRIGGER_HAPPY16",
            "BTN_TRIGGER_HAPPY17",
            "BTN_TRIGGER_HAPPY18",
            "BTN_TRIGGER_HAPPY19",
            "BTN_TRIGGER_HAPPY20",
            "BTN_TRIGGER_HAPPY21",
            "BTN_TRIGGER_HAPPY22",
            "BTN_TRIGGER_HAPPY23",
            "BTN_TRIGGER_HAPPY24",
            "BTN_TRIGGER_HAPPY25",
            "BTN_TRIGGER_HAPPY26",
            "BTN_TRIGGER_HAPPY27",
            "BTN_TRIGGER_HAPPY28",
            "BTN_TRIGGER_HAPPY29",
            "BTN_TRIGGER_HAPPY30",
            "BTN_TRIGGER_HAPPY31",
            "BTN_TRIGGER_HAPPY32",
            "BTN_TRIGGER_HAPPY33",
            "BTN_TRIGGER_HAPPY34",
            "BTN_TRIGGER_HAPPY35",
            "BTN_TRIGGER_HAPPY36",
            "BTN_TRIGGER_HAPPY37",
            "BTN_TRIGGER_HAPPY38",
            "BTN_TRIGGER_HAPPY39",
            "BTN_TRIGGER_HAPPY40",
        ],
    ),
];

/// Symbols printed on keys whose name is a word.
const SYMBOLS: &[(&str, &str)] = &[
    ("-", "KEY_MINUS"),
    ("=", "KEY_EQUAL"),
    ("[", "KEY_LEFTBRACE"),
    ("]", "KEY_RIGHTBRACE"),
    (";", "KEY_SEMICOLON"),
    ("'", "KEY_APOSTROPHE"),
    ("`", "KEY_GRAVE"),
    ("\\", "KEY_BACKSLASH"),
    (",", "KEY_COMMA"),
    (".", "KEY_DOT"),
    ("/", "KEY_SLASH"),
    (" ", "KEY_SPACE"),
];

/// The code that a word names: `KEY_1`, `BTN_SOUTH`, or without its prefix and by any case as for `1`, `a`, `enter`; a
/// printed symbol as `-`. A word that both a key and a button have, such as `1`, is the key.
pub(crate) fn code_of(word: &str) -> Option<u16> {
    let symbol = SYMBOLS.iter().find(|(symbol, _)| *symbol == word).map(|(_, name)| *name);
    let word = symbol.unwrap_or(word).to_ascii_uppercase();
    let named = |wanted: &str| names().find(|(name, _)| *name == wanted).map(|(_, code)| code);
    named(&word).or_else(|| named(&format!("KEY_{word}"))).or_else(|| named(&format!("BTN_{word}")))
}

/// The known name most like a word that is none.
pub(crate) fn nearest_to(word: &str) -> Option<&'static str> {
    let upper = word.to_ascii_uppercase();
    let prefixed = upper.starts_with("KEY_") || upper.starts_with("BTN_");
    let all: Vec<&str> =
        names().map(|(name, _)| if prefixed { name } else { &name[4..] }).collect();
    eg_hal::nearest(&upper, all)
}

fn names() -> impl Iterator<Item = (&'static str, u16)> {
    RUNS.iter().flat_map(|(first, names)| names.iter().copied().zip(*first..))
}

#[cfg(test)]
mod tests {
    use super::{code_of, names, nearest_to};

    #[test]
    fn a_key_is_known_by_name_by_word_and_by_symbol() {
        assert_eq!(code_of("KEY_1"), Some(2));
        assert_eq!(code_of("1"), Some(2));
        assert_eq!(code_of("a"), Some(30));
        assert_eq!(code_of("Enter"), Some(28));
        assert_eq!(code_of("-"), Some(12));
        assert_eq!(code_of("f12"), Some(88));
        assert_eq!(code_of("kp0"), Some(82));
        assert_eq!(code_of("up"), Some(103));
        assert_eq!(code_of("BTN_1"), Some(0x101));
        assert_eq!(code_of("trigger_happy3"), Some(0x2c2));
    }

    #[test]
    fn an_unknown_word_is_no_key_and_names_the_nearest() {
        assert_eq!(code_of("entre"), None);
        assert_eq!(code_of(""), None);
        assert_eq!(nearest_to("entre"), Some("ENTER"));
        assert_eq!(nearest_to("KEY_SPCE"), Some("KEY_SPACE"));
    }

    #[test]
    fn every_name_is_said_once() {
        let mut all: Vec<_> = names().map(|(name, _)| name).collect();
        let said = all.len();

        all.sort_unstable();
        all.dedup();

        assert_eq!(all.len(), said);
    }
}
