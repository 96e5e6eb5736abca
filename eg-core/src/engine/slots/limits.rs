//! Limits of what the core keeps of one slot, whatever that reports of itself.

use eg_proto::{DeviceHello, Hello};
use std::borrow::Cow;

/// Largest number of boards of one slot.
pub(super) const BOARDS: usize = 64;
/// Largest number of inputs of one slot, over all boards; also that of outputs.
const CHANNELS: usize = 1_024;
/// Longest text that a slot reports of a board or of itself, in bytes.
const TEXT: usize = 500;

/// Returns a hello within the limits, and `true` if nothing had to be left out.
pub(super) fn bounded(hello: &Hello) -> (Cow<'_, Hello>, bool) {
    let inputs: usize = hello.devices.iter().map(|board| board.inputs.len()).sum();
    let outputs: usize = hello.devices.iter().map(|board| board.outputs.len()).sum();
    let long = |board: &DeviceHello| {
        board.driver.len().max(board.version.as_deref().map_or(0, str::len)) > TEXT
    };
    let is_whole = hello.devices.len() <= BOARDS && inputs.max(outputs) <= CHANNELS;
    if is_whole && hello.version.len() <= TEXT && !hello.devices.iter().any(long) {
        return (Cow::Borrowed(hello), true);
    }
    let (mut inputs, mut outputs) = (CHANNELS, CHANNELS);
    let mut hello = hello.clone();
    hello.version = clipped(&hello.version);
    hello.devices.truncate(BOARDS);
    for board in &mut hello.devices {
        board.driver = clipped(&board.driver);
        board.version = board.version.as_deref().map(clipped);
        board.inputs.truncate(inputs);
        board.outputs.truncate(outputs);
        inputs -= board.inputs.len();
        outputs -= board.outputs.len();
        if let Some(kinds) = &mut board.kinds {
            kinds.retain(|input, _| board.inputs.contains(input));
        }
    }
    (Cow::Owned(hello), is_whole)
}

/// Returns a text within the limit; a longer one ends with an ellipsis.
pub(super) fn clipped(text: &str) -> String {
    if text.len() <= TEXT {
        return text.to_owned();
    }
    let end = (0..=TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(number: usize, inputs: usize) -> DeviceHello {
        DeviceHello {
            name: format!("board-{number}").parse().unwrap(),
            driver: "button-row".to_owned(),
            inputs: (0..inputs).map(|input| format!("in-{input}").parse().unwrap()).collect(),
            outputs: Vec::new(),
            kinds: None,
            version: None,
        }
    }

    fn hello(devices: Vec<DeviceHello>) -> Hello {
        let (kind, version) = ("slot".to_owned(), "0.1.0".to_owned());
        Hello { kind, version, ts: None, boot: None, devices, agent: None }
    }

    #[test]
    fn a_slot_of_any_usual_size_is_kept_whole() {
        let usual = hello((0..BOARDS).map(|number| board(number, 16)).collect());

        let (kept, is_whole) = bounded(&usual);

        assert!(is_whole);
        assert_eq!(*kept, usual);
    }

    #[test]
    fn of_a_slot_with_too_many_boards_or_inputs_the_first_are_kept() {
        let (boards, is_whole) = {
            let many = hello((0..80_000).map(|number| board(number, 0)).collect());
            let (kept, is_whole) = bounded(&many);
            (kept.devices.len(), is_whole)
        };
        assert_eq!((boards, is_whole), (BOARDS, false));

        let wide = hello(vec![board(1, 1_000), board(2, 1_000)]);
        let (kept, is_whole) = bounded(&wide);
        assert!(!is_whole);
        assert_eq!(kept.devices.iter().map(|board| board.inputs.len()).sum::<usize>(), CHANNELS);
    }

    #[test]
    fn a_long_text_ends_between_two_characters() {
        let text = clipped(&"é".repeat(1_000));

        assert_eq!(text.chars().count(), 251);
        assert!(text.ends_with('…'));
    }
}
