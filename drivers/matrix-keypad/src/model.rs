//! A keypad: a net of rows and columns that its closed keys connect. Each row has a diode towards its line, so a row that
//! is low pulls down everything it is connected to, and one that is high pulls nothing. With a diode at each key a row
//! pulls down the columns of its own keys alone.

use eg_hal::prelude::*;
use eg_hal::sim::Wire;
use std::collections::BTreeSet;

struct Net {
    low_rows: BTreeSet<usize>,
    /// The closed keys: row, column.
    closed: BTreeSet<(usize, usize)>,
    columns: Vec<Wire>,
    diodes: bool,
}

impl Net {
    /// The columns that a low row reaches, on whatever way.
    fn low_columns(&self) -> BTreeSet<usize> {
        let (mut rows, mut columns) = (self.low_rows.clone(), BTreeSet::new());
        if self.diodes {
            let own = self.closed.iter().filter(|(row, _)| rows.contains(row));
            return own.map(|(_, column)| *column).collect();
        }
        loop {
            let known = (rows.len(), columns.len());
            for (row, column) in &self.closed {
                if rows.contains(row) || columns.contains(column) {
                    rows.insert(*row);
                    columns.insert(*column);
                }
            }
            if known == (rows.len(), columns.len()) {
                return columns;
            }
        }
    }

    fn settle(&self) {
        let low = self.low_columns();
        for (column, wire) in self.columns.iter().enumerate() {
            if low.contains(&column) { wire.drive(false) } else { wire.release() }
        }
    }
}

/// Fingers on a keypad: channel n is the n-th key, row by row from the top left.
pub(crate) struct Keypad {
    net: SharedChip<Net>,
    rows: usize,
    columns: usize,
}

impl Keypad {
    pub(crate) fn new(rows: Vec<Wire>, columns: Vec<Wire>, diodes: bool) -> Self {
        let (height, width) = (rows.len(), columns.len());
        let net = Net { low_rows: BTreeSet::new(), closed: BTreeSet::new(), columns, diodes };
        let net = SharedChip::new(net);
        for (row, wire) in rows.into_iter().enumerate() {
            let follow = move |net: &mut Net, high| {
                if high {
                    net.low_rows.remove(&row)
                } else {
                    net.low_rows.insert(row)
                };
                net.settle();
            };
            follow(&mut net.lock(), wire.level());
            net.follow(&wire, follow);
        }
        Self { net, rows: height, columns: width }
    }
}

impl Model for Keypad {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let (row, column) = match usize::from(channel).checked_div(self.columns) {
            Some(row) => (row, usize::from(channel) % self.columns),
            None => (self.rows, 0),
        };
        if let (true, Poke::Level(down)) = (row < self.rows, poke) {
            let mut net = self.net.lock();
            if *down {
                net.closed.insert((row, column))
            } else {
                net.closed.remove(&(row, column))
            };
            net.settle();
            return Ok(());
        }
        let takes = format!("it has {} keys, up or down", self.rows * self.columns);
        Err(PokeError { channel, poke: poke.clone(), takes })
    }
}
