//! Places of a backpack's segments in the chip's memory: byte 2n and 2n + 1 are the rows of column n.

use eg_hal::display::{fourteen, row, seven};
use serde::Deserialize;

/// Places on a backpack.
const PLACES: usize = 4;
/// The byte of each place with seven segments; the colon stands between the second and the third.
const SEVEN: [usize; PLACES] = [0, 2, 6, 8];
const COLON: (usize, u8) = (4, 0x02);

/// Kind of segments on a backpack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) enum Face {
    /// Digits and a colon between them.
    #[default]
    Seven,
    /// Letters.
    Fourteen,
}

impl TryFrom<u8> for Face {
    type Error = String;

    fn try_from(segments: u8) -> Result<Self, String> {
        match segments {
            7 => Ok(Self::Seven),
            14 => Ok(Self::Fourteen),
            other => Err(format!("7 or 14 segments, not {other}")),
        }
    }
}

impl Face {
    /// The chip's memory with this text on it.
    pub(crate) fn memory(self, text: &str) -> Result<[u8; 16], &'static str> {
        let mut memory = [0; 16];
        match self {
            Self::Seven => {
                let cells = row(text, PLACES, seven)?;
                for (place, cell) in cells.iter().enumerate() {
                    let colon = cell.colon && place == 1;
                    let point = cell.point || cell.colon && !colon;
                    memory[SEVEN[place]] = cell.segments.to_le_bytes()[0] | u8::from(point) << 7;
                    if colon {
                        memory[COLON.0] = COLON.1;
                    }
                }
            }
            Self::Fourteen => {
                for (place, cell) in row(text, PLACES, fourteen)?.iter().enumerate() {
                    let point = u16::from(cell.point || cell.colon) << 14;
                    let rows = (cell.segments | point).to_le_bytes();
                    memory[2 * place..2 * place + 2].copy_from_slice(&rows);
                }
            }
        }
        Ok(memory)
    }
}
