//! The promises by number, as `docs/driver-spec.md` has them.

use std::fmt;

/// A promise of a driver: `D1` to `D25` of `docs/driver-spec.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Promise(u8);

/// Title and advice, in the order of the numbers.
const TEXTS: [(&str, &str); 25] = [
    (
        "opens, closes and opens again",
        "keep what the board handed out in the device, and let dropping it give everything back",
    ),
    (
        "an open that is refused something fails and gives everything back",
        "pass each error on with `?`, and hold lines and buses in values, not in statics",
    ),
    ("refuses unknown keys", "put #[serde(deny_unknown_fields)] on its config"),
    (
        "its config describes itself",
        "derive JsonSchema for its config, and give each field a doc comment",
    ),
    (
        "is registered once under a proper name",
        "end lib.rs with eg_hal::register!(…); a kind is lower-case letters, digits and hyphens",
    ),
    (
        "has a model whose inputs can be poked",
        "implement Driver::model, and let its poke take every input channel",
    ),
    (
        "channels() tells the truth",
        "count the inputs and outputs that this config has, in the datasheet's order from 0",
    ),
    (
        "invents nothing",
        "report states on the first read, later only what changed, and only on the channel where it did",
    ),
    ("reports what is held at the start", "let the first read report every level there is"),
    (
        "reports what is there",
        "report the electrical level, the value in its range, the turn's direction, the tag's digits in upper case",
    ),
    (
        "passes every change untouched",
        "report each level as it was read; the agent debounces and the agent inverts",
    ),
    (
        "keeps the order and the time of edges",
        "take every queued edge (Readings::line, Readings::key) instead of the level of the moment",
    ),
    (
        "tells what was lost",
        "push Reading::Lost with take_lost() or the chip's overflow flag, then the true level",
    ),
    (
        "every change wakes the host",
        "wait on the line, port or interrupt that changes, and do what releases the interrupt in each read; or poll at least once a second (Wake::Every)",
    ),
    (
        "rests while idle",
        "take everything that is queued on each read, and poll no faster than the device needs",
    ),
    (
        "a chip that does not answer is an error",
        "pass the bus error on with `?`; the host closes the device and tries again later",
    ),
    (
        "a port or line that is gone is an error",
        "pass the error of the port or line on with `?`; the host closes the device and tries again later",
    ),
    (
        "works again after an error",
        "keep nothing beyond the device: the host drops it and opens a new one",
    ),
    (
        "survives any bytes and levels",
        "treat what comes from the wire as a stranger's: get() instead of [], checked arithmetic, loops that end",
    ),
    (
        "outputs have their safe level from the first moment",
        "request lines with Board::output of their channel, write Board::safe_level before a pin drives",
    ),
    (
        "refuses a write it cannot do, and goes on",
        "answer DeviceError::Unsupported before anything is changed",
    ),
    ("does the writes it accepts", "drive the output: On is high, Off is low"),
    (
        "notices a chip that lost its supply",
        "look at a setting that power-on does not have in every read, or now and then, and answer an error; or send all settings again",
    ),
    (
        "takes its time from the board, and little of it",
        "pause with Board::delay for as long as the datasheet says, and wait for what takes longer with a Wake",
    ),
    (
        "is found where it says",
        "list in Driver::ATTACHMENTS every address that its datasheet allows, or leave the list out",
    ),
];

impl Promise {
    /// Number of promises.
    pub(super) const COUNT: u8 = 25;

    /// The promise of this number, from 1.
    ///
    /// # Panics
    /// When there is none.
    pub(super) fn number(number: u8) -> Self {
        assert!((1..=Self::COUNT).contains(&number), "no promise D{number}; there are D1 to D25");
        Self(number)
    }

    /// Gives the promise itself, in one sentence.
    pub fn title(self) -> &'static str {
        TEXTS[usize::from(self.0 - 1)].0
    }

    /// Gives advice to the author of a driver that breaks it.
    pub fn advice(self) -> &'static str {
        TEXTS[usize::from(self.0 - 1)].1
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "D{}", self.0)
    }
}
