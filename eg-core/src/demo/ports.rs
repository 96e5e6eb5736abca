//! TCP ports of the demo.

use crate::config::Ports;
use std::str::FromStr;

/// Port of the first slot's page; the others follow one after the other.
const SLOT_PAGES: u16 = 5173;

/// Choice of ports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layout {
    /// Default ports: 1883, 9001, 8000, 3000, and 5173 onwards for the slots.
    #[default]
    Usual,
    /// Four ports in a row from this one for the core, and the slots' from ten after it.
    From(u16),
    /// Any ports that are free.
    Free,
}

/// Error for an unknown value of `--ports`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("usual or auto is wanted")]
pub(super) struct NoLayout;

impl FromStr for Layout {
    type Err = NoLayout;

    fn from_str(word: &str) -> Result<Self, NoLayout> {
        match word {
            "usual" => Ok(Self::Usual),
            "auto" => Ok(Self::Free),
            _ => Err(NoLayout),
        }
    }
}

impl Layout {
    /// Returns the core's ports; 0 is any that is free.
    pub(super) fn core(self) -> Ports {
        match self {
            Self::Usual => Ports::default(),
            Self::From(base) => {
                Ports { mqtt: base, websocket: base + 1, api: base + 2, page: base + 3 }
            }
            Self::Free => Ports { mqtt: 0, websocket: 0, api: 0, page: 0 },
        }
    }

    /// Returns the port of the page of the slot at this place (from 0); 0 is any that is free.
    pub(super) fn slot(self, place: u16) -> u16 {
        match self {
            Self::Usual => SLOT_PAGES + place,
            Self::From(base) => base + 10 + place,
            Self::Free => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ports_of_a_base_do_not_meet() {
        let layout = Layout::From(20_000);
        let core = layout.core();

        let mut all = vec![core.mqtt, core.websocket, core.api, core.page];
        all.extend((0..99).map(|place| layout.slot(place)));
        let count = all.len();
        all.sort_unstable();
        all.dedup();

        assert_eq!(all.len(), count);
    }
}
