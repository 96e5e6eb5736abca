//! Codes typed on a keyboard, by a scanner or by hand.

use crate::layout::{ALT_GR, Held, LEFT_SHIFT, Layout, RIGHT_SHIFT, is_silent};
use eg_hal::prelude::*;
use eg_hal::scan::{Scan, Unusable};
use eg_hal::{KeyEdge, Source};
use std::time::Duration;

/// Makes codes of keys.
pub(crate) struct Typist {
    scan: Scan,
    layout: Layout,
    /// The input that its codes are told on.
    channel: Channel,
    /// Left Shift, right Shift and AltGr: whether each is down.
    held: [bool; 3],
}

impl Typist {
    pub(crate) fn new(scan: Scan, layout: Layout, channel: Channel) -> Self {
        Self { scan, layout, channel, held: [false; 3] }
    }

    /// Gives the time after the last key at which a code may be complete.
    pub(crate) fn patience(&self) -> Option<Duration> {
        self.scan.patience()
    }

    /// Takes a key that moved.
    pub(crate) fn take(&mut self, edge: KeyEdge, readings: &mut Readings) {
        let holds = [LEFT_SHIFT, RIGHT_SHIFT, ALT_GR].iter().position(|code| *code == edge.code);
        if let Some(holds) = holds {
            self.held[holds] = edge.down;
        }
        // What was read back after keys were lost is how they stand, and no typing.
        if !edge.down || edge.src == Source::Poll || is_silent(edge.code) {
            return;
        }
        let [left, right, alt_gr] = self.held;
        let held = Held { shift: left || right, alt_gr };
        let Some(symbol) = self.layout.types(edge.code, held) else {
            return readings
                .noise("a key that types nothing, by its code", &edge.code.to_be_bytes());
        };
        let mut bytes = [0; 4];
        for byte in symbol.encode_utf8(&mut bytes).bytes() {
            for found in self.scan.push(byte, edge.at) {
                match found {
                    Ok(reading) => readings.typed(self.channel, reading, edge),
                    Err(unusable) => drop_it(unusable, readings),
                }
            }
        }
    }

    /// Nothing was typed until now.
    pub(crate) fn rest(&mut self, readings: &mut Readings) {
        match self.scan.rest(readings.now()) {
            Some(Ok(reading)) => readings.push(self.channel, reading),
            Some(Err(unusable)) => drop_it(unusable, readings),
            None => {}
        }
    }

    /// Keys were lost: what is under way is no code, and nobody knows which of them are held.
    pub(crate) fn lose(&mut self, readings: &mut Readings) {
        if let Some(Err(unusable)) = self.scan.spoil() {
            drop_it(unusable, readings);
        }
    }
}

fn drop_it(Unusable { why, bytes }: Unusable, readings: &mut Readings) {
    readings.noise(&why, &bytes);
}
