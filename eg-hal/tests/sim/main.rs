//! Promises of the simulator beyond a plain bench: wiring, faults, bus switches, scenarios.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod faults;
mod live;
mod registers;
mod scenario;
mod switch;
mod time;
mod wiring;

use eg_hal::sim::Bench;
use eg_hal::{Board, Claims, I2cBus, InputLine, Pull, SafeLevels, Waits};

/// A line with a pull-up, opened as a driver does.
fn input(bench: &Bench, line: &str) -> (InputLine, Waits) {
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut board = Board::new("slot-01/test", bench, &claims, &safe);
    let line = board.input(&line.into(), Pull::Up).unwrap();
    (line, board.into_waits())
}

/// An address on a bus, opened as a driver does.
fn i2c(bench: &Bench, claims: &Claims, bus: &str, address: u8) -> I2cBus {
    let safe = SafeLevels::new();
    let mut board = Board::new(format!("slot-01/{bus}"), bench, claims, &safe);
    board.i2c(&bus.into(), address).unwrap()
}

/// The levels that a line's edges went to.
fn edges(line: &mut InputLine) -> Vec<bool> {
    std::iter::from_fn(|| line.next_edge().unwrap()).map(|edge| edge.high).collect()
}
