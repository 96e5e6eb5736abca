//! An SSD1306 after its data sheet (Solomon Systech, revision 1.1: sections 8.1.5, 8.7, 9 and 10), the glass on it, and an
//! eye that reads letters from the points. The glass of a module is upright with segment remap (A1h) and the scan from the
//! last COM (C8h); one that hangs upside down is seen from there.

mod display_reader;

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, Touch};

/// Columns and pages of the memory (section 8.7).
const COLUMNS: usize = 128;
const PAGES: usize = 8;

/// The chip.
struct Chip {
    /// By page and segment: which segment a column is, remap decides when it is written (10.1.8).
    memory: [[u8; COLUMNS]; PAGES],
    column: usize,
    page: usize,
    columns: (usize, usize),
    pages: (usize, usize),
    /// Memory addressing mode (10.1.3): 0 is horizontal, and the only one with windows here.
    mode: u8,
    shows: bool,
    pump: bool,
    /// The display shows the other way round: A7h (10.1.10).
    inverse: bool,
    /// Column 127 is segment 0: A1h (10.1.8).
    remapped: bool,
    /// COM is scanned from the last one on: C8h (10.1.13).
    from_last: bool,
    /// Lines that are scanned (10.1.11).
    lines: usize,
    /// COM pins alternate between the sides, as glass with 64 lines is wired (10.1.18).
    alternates: bool,
    /// The line of the memory that comes first (10.1.6).
    start: usize,
}

impl Chip {
    /// After power-on the memory is as it falls.
    fn off() -> Self {
        let mut memory = [[0; COLUMNS]; PAGES];
        for (number, byte) in memory.as_flattened_mut().iter_mut().enumerate() {
            *byte = (number * 37 % 256) as u8;
        }
        let (columns, pages) = ((0, COLUMNS - 1), (0, PAGES - 1));
        Self {
            memory,
            column: 0,
            page: 0,
            columns,
            pages,
            mode: 2,
            shows: false,
            pump: false,
            inverse: false,
            remapped: false,
            from_last: false,
            lines: 64,
            alternates: true,
            start: 0,
        }
    }

    /// `true` if a segment of a COM shines, on glass with so many lines.
    fn lit(&self, segment: usize, com: usize, height: usize) -> bool {
        // Glass whose COM pins are told otherwise shows its lines in two halves, one between the other.
        let com = match self.alternates == (height == 64) {
            true => com,
            false => com / 2 + com % 2 * (height / 2),
        };
        if com >= self.lines {
            return false;
        }
        let row = if self.from_last { self.lines - 1 - com } else { com };
        let line = (row + self.start) % (8 * PAGES);
        (self.memory[line / 8][segment] >> (line % 8) & 1 == 1) != self.inverse
    }

    /// Number of bytes that belong to a command beside itself (table 9-1).
    fn parameters(command: u8) -> usize {
        match command {
            0x20 | 0x81 | 0x8d | 0xa8 | 0xd3 | 0xd5 | 0xd9 | 0xda | 0xdb => 1,
            0x21 | 0x22 | 0xa3 => 2,
            0x29 | 0x2a => 5,
            0x26 | 0x27 => 6,
            _ => 0,
        }
    }

    fn command(&mut self, command: u8, with: &[u8]) {
        let window = |limit: usize| match with {
            [first, last] => (usize::from(*first) % limit, usize::from(*last) % limit),
            _ => (0, limit - 1),
        };
        match command {
            0x20 => self.mode = with.first().copied().unwrap_or(2) & 3,
            0x21 => {
                self.columns = window(COLUMNS);
                self.column = self.columns.0;
            }
            0x22 => {
                self.pages = window(PAGES);
                self.page = self.pages.0;
            }
            0x40..=0x7f => self.start = usize::from(command & 0x3f),
            0xa0 | 0xa1 => self.remapped = command == 0xa1,
            0xa8 => self.lines = with.first().map_or(64, |last| usize::from(last & 0x3f) + 1),
            0xc0..=0xcf => self.from_last = command & 0x08 != 0,
            0xda => self.alternates = with.first().is_some_and(|byte| byte & 0x10 != 0),
            0x8d => self.pump = with.first().is_some_and(|byte| byte & 4 != 0),
            0xa6 | 0xa7 => self.inverse = command == 0xa7,
            0xae | 0xaf => self.shows = command == 0xaf,
            _ => {}
        }
    }

    fn data(&mut self, byte: u8) {
        let segment = if self.remapped { COLUMNS - 1 - self.column } else { self.column };
        self.memory[self.page][segment] = byte;
        if self.column != self.columns.1 {
            self.column = (self.column + 1) % COLUMNS;
            return;
        }
        self.column = self.columns.0;
        if self.mode == 0 {
            self.page =
                if self.page == self.pages.1 { self.pages.0 } else { (self.page + 1) % PAGES };
        }
    }
}

impl I2cChip for Chip {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        // Without Co the rest is of one kind: D/C# says which (8.1.5.2).
        let [control, rest @ ..] = bytes else { return Ok(()) };
        if control & 0x40 != 0 {
            rest.iter().for_each(|byte| self.data(*byte));
            return Ok(());
        }
        let mut rest = rest;
        while let [command, after @ ..] = rest {
            let count = Self::parameters(*command).min(after.len());
            self.command(*command, &after[..count]);
            rest = &after[count..];
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(if self.shows { 0x03 } else { 0x43 });
        Ok(())
    }

    fn power_on(&mut self) {
        *self = Self::off();
    }
}

/// A display that somebody looks at.
pub(crate) struct Glass {
    chip: SharedChip<Chip>,
    height: usize,
    /// `true` if the glass hangs upside down.
    flipped: bool,
}

impl Glass {
    pub(crate) fn on(
        bench: &Bench,
        bus: &BusName,
        address: u8,
        height: usize,
        flipped: bool,
    ) -> Self {
        let chip = SharedChip::new(Chip::off());
        bench.attach_i2c(bus, address, chip.clone());
        // A height that no display has is refused when it opens.
        Self { chip, height: height.clamp(8, 64), flipped }
    }
}

impl Model for Glass {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        Err(PokeError::no_inputs(channel, poke))
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chip = self.chip.lock();
        // Without its charge pump nothing shines.
        if channel != 0 || !chip.shows || !chip.pump {
            return None;
        }
        // The last segment is at the left, and the last COM at the top.
        let lit = |x: usize, y: usize| match self.flipped {
            false => chip.lit(COLUMNS - 1 - x, self.height - 1 - y, self.height),
            true => chip.lit(x, y, self.height),
        };
        let mut points = (0..self.height).flat_map(|y| (0..COLUMNS).map(move |x| lit(x, y)));
        if points.clone().all(|lit| lit) {
            return Some(Set::On);
        }
        Some(if points.any(|lit| lit) {
            Set::Text(display_reader::read(COLUMNS, self.height, lit))
        } else {
            Set::Off
        })
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}
