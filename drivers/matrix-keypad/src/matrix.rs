//! The lines of a keypad, and how they are scanned.
//!
//! At rest every row is low: whichever key goes down pulls its column low, and that edge wakes the host. To tell which
//! key it was, one row after the other is low alone.

use eg_hal::prelude::*;

/// Time that a column takes to follow its row: some 10 µs for 50 kΩ and 200 pF of cable, with a margin.
const SETTLE_US: u32 = 50;

/// The lines, claimed.
pub(crate) struct Matrix {
    rows: Vec<OutputLine>,
    columns: Vec<InputLine>,
    delay: Delay,
}

/// Result of one scan.
pub(crate) struct Scan {
    /// The keys that look down, ghosts among them: bit n of a row is column n.
    pub(crate) down: Vec<u16>,
    /// First falling edge of each column since the scan before.
    pub(crate) fell: Vec<Option<Edge>>,
    /// `true` if a column was low after the scan.
    pub(crate) resting_low: bool,
}

impl Matrix {
    pub(crate) fn claim(
        rows: &[LineName],
        columns: &[LineName],
        board: &mut Board<'_>,
    ) -> Result<Self, OpenError> {
        let rows =
            rows.iter().map(|line| board.output_at(line, false)).collect::<Result<_, _>>()?;
        let columns = columns.iter().map(|line| board.input(line, Pull::Up));
        let columns = columns.collect::<Result<_, _>>()?;
        Ok(Self { rows, columns, delay: board.delay() })
    }

    pub(crate) fn size(&self) -> (usize, usize) {
        (self.rows.len(), self.columns.len())
    }

    /// Scans, and leaves every row low. The edges that this makes are taken out of the lines' queues.
    pub(crate) fn scan(&mut self) -> Result<Scan, DeviceError> {
        let fell = self.drain()?;
        let mut down = vec![0; self.rows.len()];
        if self.low_columns()? != 0 {
            down = self.scan_rows()?;
            self.drain()?;
        }
        // Whoever moves from here on has an edge in the queue.
        Ok(Scan { down, fell, resting_low: self.low_columns()? != 0 })
    }

    fn scan_rows(&mut self) -> Result<Vec<u16>, DeviceError> {
        for row in &mut self.rows {
            row.set_high()?;
        }
        let mut down = Vec::with_capacity(self.rows.len());
        for row in 0..self.rows.len() {
            self.rows[row].set_low()?;
            self.delay.delay_us(SETTLE_US);
            down.push(self.low_columns()?);
            self.rows[row].set_high()?;
        }
        for row in &mut self.rows {
            row.set_low()?;
        }
        self.delay.delay_us(SETTLE_US);
        Ok(down)
    }

    fn low_columns(&mut self) -> Result<u16, DeviceError> {
        self.columns
            .iter_mut()
            .enumerate()
            .try_fold(0, |low, (column, line)| Ok(low | u16::from(line.is_low()?) << column))
    }

    fn drain(&mut self) -> Result<Vec<Option<Edge>>, DeviceError> {
        Ok(self
            .columns
            .iter_mut()
            .map(|line| line.first_edge_to(false))
            .collect::<Result<_, _>>()?)
    }
}
