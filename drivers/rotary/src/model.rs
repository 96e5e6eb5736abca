//! A knob of the EC11 kind (Alps Alpine): two contacts that close against a common ground a quarter of a cycle apart,
//! both open in a detent, and a third that closes while the knob is pushed.

use eg_hal::prelude::*;
use eg_hal::sim::{Touch, Wire};
use std::time::Duration;

/// From one edge to the next: somebody spins it as fast as the sleeves let them.
const QUARTER: Duration = Duration::from_micros(50);
/// The most detents of one movement of a hand.
const MOST: i32 = 100;

pub(crate) struct Knob {
    bench: Bench,
    contacts: [Wire; 2],
    push: Option<Wire>,
    edges: i32,
    /// Edges since it was made, clockwise positive.
    position: i32,
}

impl Knob {
    pub(crate) fn new(bench: &Bench, contacts: [Wire; 2], push: Option<Wire>, edges: u8) -> Self {
        contacts.iter().chain(&push).for_each(|contact| contact.drive(true));
        Self { bench: bench.clone(), contacts, push, edges: edges.into(), position: 0 }
    }

    fn step(&mut self, by: i32) {
        self.bench.pass(QUARTER);
        self.position += by;
        let [a, b] = &self.contacts;
        match self.position.rem_euclid(4) {
            0 => (a.drive(true), b.drive(true)),
            1 => (a.drive(false), b.drive(true)),
            2 => (a.drive(false), b.drive(false)),
            _ => (a.drive(true), b.drive(false)),
        };
    }
}

impl Model for Knob {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        match (channel, poke, &self.push) {
            (0, Poke::Turn(by), _) if (-MOST..=MOST).contains(by) => {
                (0..by.abs() * self.edges).for_each(|_| self.step(by.signum()));
                Ok(())
            }
            (1, Poke::Level(high), Some(push)) => {
                push.drive(*high);
                Ok(())
            }
            _ => {
                let pushed = self.push.as_ref().map_or("", |_| ", and a contact on channel 1");
                let takes = format!("it has a dial on channel 0, {MOST} detents at once{pushed}");
                Err(PokeError { channel, poke: poke.clone(), takes })
            }
        }
    }

    fn touch(&self, channel: Channel) -> Touch {
        if channel == 0 { Touch::Dial } else { Touch::Contact }
    }
}
