//! Buses behind I2C switches (TCA9548A, PCA9548A and their smaller kin), on any backend.
//!
//! A switch connects some of its up to eight channels to the bus that it sits on, by one byte written to its own address:
//! bit n is channel n. A transfer to a chip behind it is two transactions that nobody may come between, so all devices
//! behind the switches of one bus share one lock. The channel is selected anew each time: a switch that lost its power
//! meanwhile leads nowhere, and one transfer of two bytes is cheaper than a device that stays dead. Channels that do not
//! lead to the wanted chip are closed first, so that the same address may stand behind each of them.

use super::I2cPort;
use crate::board::{BusError, BusName, Hop};
use embedded_hal::i2c::Operation;
use std::sync::{Arc, Mutex, PoisonError};

/// The switches of one bus that have a channel open, the one nearest to the board first: address and channel. Whoever
/// selects a channel and transfers holds this lock.
pub(crate) type Way = Arc<Mutex<Vec<(u8, u8)>>>;

/// A port to a bus behind switches.
pub(crate) struct Switched {
    /// The bus of the board.
    port: Box<dyn I2cPort>,
    name: BusName,
    hops: Vec<Hop>,
    way: Way,
}

impl Switched {
    /// The bus `name`, which `hops` lead to from the bus that `port` opens.
    pub(crate) fn new(port: Box<dyn I2cPort>, name: BusName, hops: Vec<Hop>, way: Way) -> Self {
        Self { port, name, hops, way }
    }

    fn select(
        port: &mut dyn I2cPort,
        hops: &[Hop],
        open: &mut Vec<(u8, u8)>,
    ) -> Result<(), BusError> {
        let wanted: Vec<_> = hops.iter().map(|hop| (hop.address, hop.channel)).collect();
        let shared = open.iter().zip(&wanted).take_while(|(one, other)| one == other).count();
        while open.len() > shared {
            let Some((address, _)) = open.pop() else { break };
            let selected_next = open.len() == shared
                && wanted.get(shared).is_some_and(|(next, _)| *next == address);
            if !selected_next {
                // A switch that is gone has nothing open; one that comes back has everything closed.
                let _ = port.transaction(address, &mut [Operation::Write(&[0])]);
            }
        }
        open.truncate(shared);
        for (level, hop) in hops.iter().enumerate() {
            let selected =
                port.transaction(hop.address, &mut [Operation::Write(&[1 << hop.channel])]);
            selected.map_err(|error| {
                open.truncate(level);
                BusError { bus: hop.bus.to_string(), ..error }
            })?;
            open.truncate(level);
            open.push((hop.address, hop.channel));
        }
        Ok(())
    }
}

impl I2cPort for Switched {
    fn transaction(&mut self, address: u8, ops: &mut [Operation<'_>]) -> Result<(), BusError> {
        let mut open = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        Self::select(&mut *self.port, &self.hops, &mut open)?;
        let done = self.port.transaction(address, ops);
        done.map_err(|error| BusError { bus: self.name.to_string(), ..error })
    }
}
