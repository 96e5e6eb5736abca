//! Lights in groups: what the room calls a lamp is some of them.

use crate::bits::Order;
use eg_hal::{Channel, KeyPath, SettingProblems};

/// The most lights: all go out in one transfer, and the kernel's buffer for it holds 4096 bytes.
const MOST: u32 = 320;
const MOST_WITH_WHITE: u32 = 240;

pub(crate) struct Groups(Vec<(u16, [u8; 3])>);

impl Groups {
    /// Dark groups of so many lights.
    pub(crate) fn new(sizes: Vec<u16>) -> Self {
        Self(sizes.into_iter().map(|size| (size, [0; 3])).collect())
    }

    /// Checks that there are groups, with lights in each, and no more than the bus takes.
    pub(crate) fn check(sizes: &[u16], order: Order) -> Result<(), SettingProblems> {
        let mut wrong = SettingProblems::default();
        let most = if order == Order::Grbw { MOST_WITH_WHITE } else { MOST };
        let lights: u32 = sizes.iter().map(|size| u32::from(*size)).sum();
        if sizes.is_empty() {
            wrong.push("groups", "name at least one group, each of at least one light");
        }
        for (place, _) in sizes.iter().enumerate().filter(|(_, size)| **size == 0) {
            wrong.push(KeyPath::from("groups").index(place), "a group has at least one light");
        }
        if lights > most {
            wrong.push("groups", format!("at most {most} lights on one bus, not {lights}"));
        }
        wrong.or(())
    }

    pub(crate) fn count(&self) -> Channel {
        Channel::try_from(self.0.len()).unwrap_or(Channel::MAX)
    }

    /// Gives a group a colour, red first, and tells the one before.
    pub(crate) fn set(&mut self, group: Channel, colour: [u8; 3]) -> [u8; 3] {
        match self.0.get_mut(usize::from(group)) {
            Some((_, held)) => std::mem::replace(held, colour),
            None => colour,
        }
    }

    /// The colour of each light, from the wire's end on.
    pub(crate) fn lights(&self) -> impl Iterator<Item = [u8; 3]> + '_ {
        self.0.iter().flat_map(|(size, colour)| std::iter::repeat_n(*colour, usize::from(*size)))
    }
}
