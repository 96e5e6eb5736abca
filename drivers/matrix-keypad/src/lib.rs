//! Keypads of rows and columns, wired to GPIO lines.

mod matrix;
mod model;

use eg_hal::prelude::*;
use matrix::Matrix;
use model::Keypad;
use std::time::Duration;

/// Time between two scans while a key is down: the lines cannot tell when another one joins it.
const POLL: Duration = Duration::from_millis(5);
/// More columns than any keypad has, fewer than bits in a row.
const MOST_COLUMNS: usize = 16;

/// `config:` of a `matrix-keypad`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The lines of the rows, from the top. They are driven, each through a diode.
    rows: Vec<LineName>,
    /// The lines of the columns, from the left. They are pulled up and read.
    columns: Vec<LineName>,
    /// `true` if every key has a diode of its own, so that none is a ghost of others that are down.
    #[serde(default)]
    diodes: bool,
}

/// An opened keypad.
pub struct MatrixKeypad {
    matrix: Matrix,
    diodes: bool,
    /// The keys that are surely down, and those that may be ghosts.
    state: MatrixState,
    levels: LevelTracker,
    /// `true` while a key is down, so that time has to wake the host.
    busy: bool,
}

impl Driver for MatrixKeypad {
    const KIND: &'static str = "matrix-keypad";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { rows, columns, diodes } = config;
        let mut wrong = SettingProblems::default();
        for (field, lines) in [("rows", &rows), ("columns", &columns)] {
            if lines.is_empty() || lines.len() > MOST_COLUMNS {
                let problem = format!("name 1 to {MOST_COLUMNS} lines, not {}", lines.len());
                wrong.push(field, problem);
            }
        }
        board.refuse(wrong)?;
        let matrix = Matrix::claim(&rows, &columns, board)?;
        let state = MatrixState::with_diodes(&vec![0; rows.len()]);
        Ok(Self { matrix, diodes, state, levels: LevelTracker::default(), busy: true })
    }

    /// A scan finds a key that is let go within its bounce, so the release rests for longer than a scan.
    fn input(_: &Config, _: Channel) -> InputTraits {
        InputTraits::debounced(Duration::from_millis(10), Duration::from_millis(20))
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let wires = |lines: &[LineName]| lines.iter().map(|line| bench.wire(line)).collect();
        Box::new(Keypad::new(wires(&config.rows), wires(&config.columns), config.diodes))
    }
}

impl Device for MatrixKeypad {
    fn wake(&self) -> Wake {
        if self.busy { Wake::EdgeOrEvery(POLL) } else { Wake::OnEdge }
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let scan = self.matrix.scan()?;
        // Only the first key of several has a falling edge of its own.
        let alone = self.state.down.iter().all(|keys| *keys == 0);
        let state = match self.diodes {
            true => MatrixState::with_diodes(&scan.down),
            false => MatrixState::resolve(&scan.down, &self.state.down),
        };
        let columns = Channels::of(scan.fell.len(), 0).inputs;
        state.report_ghosts(&self.state.ghosts, columns, readings);
        for (channel, high) in self.levels.changes(state.levels(columns.into())) {
            let fell = scan.fell[usize::from(channel % columns)].filter(|_| high && alone);
            readings.level_by(channel, high, fell.map_or(Trigger::Poll, Trigger::Edge));
        }
        self.busy = scan.resting_low || state.down.iter().any(|keys| *keys != 0);
        self.state = state;
        Ok(())
    }

    fn channels(&self) -> Channels {
        let (rows, columns) = self.matrix.size();
        Channels::of(rows * columns, 0)
    }
}

eg_hal::register!(MatrixKeypad);
