//! Models: the boards at the other end of the wires.

use super::Wire;
use crate::{Channel, Set};

/// A simulated board, written from its datasheet and sharing no code with its driver.
pub trait Model: Send {
    /// Does to the board what a hand or a tag would do. Never asks the driver.
    ///
    /// # Errors
    /// [`PokeError`] when the board has no such channel, or nothing there that can be poked like this.
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError>;

    /// Gives the state of an output as somebody in the room sees it; [`Set::On`] is high. `None` while nothing drives it,
    /// and for outputs that the model does not follow, such as those wired straight to lines: their wires tell.
    fn shown(&self, channel: Channel) -> Option<Set> {
        let _ = channel;
        None
    }

    /// Gives the kind of control that a page offers for a channel: most boards have contacts.
    fn touch(&self, channel: Channel) -> Touch {
        let _ = channel;
        Touch::Contact
    }
}

/// Kind of control at a channel of a simulated board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Press and let go: [`Poke::Level`].
    Contact,
    /// Hold a tag to it: [`Poke::Tag`], [`Poke::TagAway`].
    Tag,
    /// Turn it: [`Poke::Turn`].
    Dial,
    /// Set it somewhere in its range: [`Poke::Value`].
    Range,
    /// Type into it: [`Poke::Line`].
    Text,
    /// Nothing.
    Nothing,
}

/// One thing done to a simulated board.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Poke {
    /// Drives a two-state channel; `true` is high, and a key is down.
    Level(bool),
    /// Turns a dial by so many detents; clockwise is positive.
    Turn(i32),
    /// Sets an analogue value, as a fraction of its range: 0.0 to 1.0.
    Value(f64),
    /// Presents a tag: hexadecimal. Several that lie on each other are joined by `+`, see [`Poke::uids`].
    Tag(String),
    /// Takes the tag away.
    TagAway,
    /// Types a line of text, its end included by the model.
    Line(String),
}

impl Poke {
    /// The numbers of the tags that lie on a reader after this; `None` when it is about no tags, or not hexadecimal.
    pub fn uids(&self) -> Option<Vec<Vec<u8>>> {
        let uid = |digits: &str| -> Option<Vec<u8>> {
            let digits: Vec<u32> =
                digits.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
            let byte = |pair: &[u32]| match pair {
                [high, low] => u8::try_from(high << 4 | low).ok(),
                _ => None,
            };
            digits.chunks(2).map(byte).collect()
        };
        match self {
            Self::Tag(text) => text.split('+').map(uid).collect(),
            Self::TagAway => Some(Vec::new()),
            Self::Level(_) | Self::Turn(_) | Self::Value(_) | Self::Line(_) => None,
        }
    }
}

/// A poke that the board does not know.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("channel {channel} of the simulated board does not take {poke:?}: {takes}")]
pub struct PokeError {
    /// Channel that was poked.
    pub channel: Channel,
    /// Poke that was refused.
    pub poke: Poke,
    /// Pokes that would have worked.
    pub takes: String,
}

impl PokeError {
    /// For a board that has no inputs: it is told, not poked.
    pub fn no_inputs(channel: Channel, poke: &Poke) -> Self {
        Self { channel, poke: poke.clone(), takes: "it has no inputs".to_owned() }
    }
}

/// The model of a driver that has none.
#[derive(Clone, Copy, Debug)]
pub struct Unmodelled;

impl Model for Unmodelled {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let takes = "this driver has no model to poke".to_owned();
        Err(PokeError { channel, poke: poke.clone(), takes })
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}

/// The model of contacts wired straight to lines: channel n is the n-th wire.
#[derive(Clone, Debug)]
pub struct Switches(Vec<Wire>);

impl Switches {
    /// Contacts on these wires, in channel order.
    pub fn new(wires: impl IntoIterator<Item = Wire>) -> Self {
        Self(wires.into_iter().collect())
    }
}

impl Model for Switches {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        match (self.0.get(usize::from(channel)), poke) {
            (Some(wire), Poke::Level(high)) => {
                wire.drive(*high);
                Ok(())
            }
            _ => {
                let takes = format!("it has {} two-state channels", self.0.len());
                Err(PokeError { channel, poke: poke.clone(), takes })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Poke;

    #[test]
    fn tags_are_read_from_their_digits() {
        let uids = |text: &str| Poke::Tag(text.to_owned()).uids();

        assert_eq!(uids("04a37C91"), Some(vec![vec![0x04, 0xa3, 0x7c, 0x91]]));
        assert_eq!(uids("04A3+91"), Some(vec![vec![0x04, 0xa3], vec![0x91]]));
        assert_eq!(Poke::TagAway.uids(), Some(vec![]));
        for wrong in ["04A", "+4", "grün", "04 A3"] {
            assert_eq!(uids(wrong), None, "{wrong}");
        }
        assert_eq!(Poke::Level(true).uids(), None);
    }
}
