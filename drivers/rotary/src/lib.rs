//! Rotary encoders: a dial with detents, and a contact that is closed by pushing it.

mod model;
mod quadrature;

use eg_hal::prelude::*;
use model::Knob;
use quadrature::{Contact, Quadrature};

/// The channel of the dial.
const DIAL: Channel = 0;
/// The channel of the push contact.
const PUSH: Channel = 1;

/// `config:` of a `rotary`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The line of contact A, often called CLK. When the dial turns the wrong way, exchange it with `b`.
    a: LineName,
    /// The line of contact B, often called DT.
    b: LineName,
    /// The line of the contact that is closed by pushing, often called SW.
    push: Option<LineName>,
    /// Edges of A and B from one detent to the next: 4 where the data sheet has as many pulses as detents, 2 where it has
    /// half as many, 1 where it has a quarter.
    #[serde(default = "usual_edges")]
    edges: u8,
    /// The resistor that holds every line while its contact is open.
    #[serde(default = "usual_pull")]
    pull: Pull,
}

fn usual_edges() -> u8 {
    4
}

fn usual_pull() -> Pull {
    Pull::Up
}

/// An opened encoder.
pub struct Rotary {
    a: InputLine,
    b: InputLine,
    push: Option<InputLine>,
    edges: u8,
    /// None before the first read.
    dial: Option<Quadrature>,
}

impl Driver for Rotary {
    const KIND: &'static str = "rotary";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { a, b, push, edges, pull } = config;
        if ![1, 2, 4].contains(&edges) {
            board.refuse(SettingProblems::of("edges", format!("1, 2 or 4, not {edges}")))?;
        }
        let (a, b) = (board.input(&a, pull)?, board.input(&b, pull)?);
        let push = push.map(|line| board.input(&line, pull)).transpose()?;
        Ok(Self { a, b, push, edges, dial: None })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { a, b, push, edges, .. } = config;
        let push = push.as_ref().map(|line| bench.wire(line));
        Box::new(Knob::new(bench, [a, b].map(|line| bench.wire(line)), push, *edges))
    }
}

impl Rotary {
    /// The edges of both contacts in the order of time. One line is emptied after the other, so this goes on until
    /// neither has any more: an edge that is here has every earlier one beside it.
    fn edges(&mut self) -> Result<Vec<(Contact, Edge)>, LineError> {
        let mut edges = Vec::new();
        loop {
            let before = edges.len();
            for (contact, line) in [(Contact::A, &mut self.a), (Contact::B, &mut self.b)] {
                while let Some(edge) = line.next_edge()? {
                    edges.push((contact, edge));
                }
            }
            if edges.len() == before {
                edges.sort_by_key(|(_, edge)| edge.at);
                return Ok(edges);
            }
        }
    }
}

impl Device for Rotary {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let edges = self.edges()?;
        let lost = self.a.take_lost() + self.b.take_lost();
        if lost > 0 {
            readings.push(DIAL, Reading::Lost(lost));
        }
        match &mut self.dial {
            Some(dial) if lost == 0 => {
                for (contact, edge) in edges {
                    let detents = dial.turn(contact, edge.high);
                    if detents != 0 {
                        readings.turn(DIAL, detents, edge);
                    }
                }
            }
            // With edges missing, the others tell no direction: better a detent too few than one that nobody turned.
            Some(_) | None => {
                let (a, b) = (self.a.is_high()?, self.b.is_high()?);
                self.dial = Some(Quadrature::at(a, b, self.edges));
            }
        }
        if let Some(push) = &mut self.push {
            readings.line(PUSH, push)?;
        }
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(1 + usize::from(self.push.is_some()), 0)
    }
}

eg_hal::register!(Rotary);
