//! Place at which a check opens its device: the linux backend, and a driver by its name as the agent finds it.

use std::fmt::Debug;
use std::io::{PipeReader, PipeWriter};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, anyhow, bail, ensure};
use eg_config::{KeyPath, Source as File};
use eg_hal::backend::Backend;
use eg_hal::backend::linux::Linux;
use eg_hal::{
    Board, BoardError, Claims, Device, DeviceError, Moment, Reading, Readings, SafeLevels, Sample,
    Source, Waits, clock, drivers,
};
use std::os::fd::AsFd;

/// Nothing here takes so long, even emulated.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks at something that nobody tells us of.
const LOOK: Duration = Duration::from_millis(5);

/// Long enough for a change to come through; what has not come by then does not come.
const QUIET: Duration = Duration::from_millis(500);

/// A slot's hardware, and whom its devices are opened for.
pub(crate) struct Place {
    backend: Box<dyn Backend>,
    claims: Claims,
    safe: SafeLevels,
}

impl Default for Place {
    fn default() -> Self {
        Self::on(Linux::new())
    }
}

impl Place {
    /// One on that backend.
    pub(crate) fn on(backend: impl Backend + 'static) -> Self {
        let (claims, safe) = (Claims::default(), SafeLevels::new());
        Self { backend: Box::new(backend), claims, safe }
    }

    /// One where the output channels start at these levels.
    pub(crate) fn with_safe(levels: impl IntoIterator<Item = (u16, bool)>) -> Self {
        Self::default().and_safe(levels)
    }

    /// The same hardware, with output channels that start at these levels.
    pub(crate) fn and_safe(self, levels: impl IntoIterator<Item = (u16, bool)>) -> Self {
        Self { safe: levels.into_iter().collect(), ..self }
    }

    /// The board, for one who does without a driver.
    pub(crate) fn board(&self, holder: &str) -> Board<'_> {
        Board::new(holder, &*self.backend, &self.claims, &self.safe)
    }

    /// Opens a device as the agent does: the driver by its name, `config` as YAML.
    pub(crate) fn open(&self, holder: &str, kind: &str, config: &str) -> anyhow::Result<Opened> {
        let drivers = drivers();
        let entry = drivers.iter().find(|entry| entry.kind == kind);
        let entry = entry.with_context(|| format!("no driver called {kind}"))?;
        let file = File::text("check.yaml", config);
        let mut board = self.board(holder);
        let device = (entry.open)(&file, &KeyPath::root(), &mut board)
            .map_err(|error| anyhow!("{error}"))?;
        let (never, _never) = std::io::pipe()?;
        let readings = Readings::new(clock::now(), Source::Driver, 0);
        Ok(Opened { device, waits: board.into_waits(), readings, never, _never })
    }

    /// The refusal with which opening must end.
    pub(crate) fn refusal(&self, holder: &str, kind: &str, config: &str) -> anyhow::Result<String> {
        match self.open(holder, kind, config) {
            Ok(_) => Err(anyhow!("{holder} was opened; it had to be refused")),
            Err(error) => Ok(error.to_string()),
        }
    }

    /// Number of things that are claimed now.
    pub(crate) fn held(&self) -> usize {
        self.claims.held().len()
    }
}

/// An opened device, and its host's part: waiting and reading.
pub(crate) struct Opened {
    /// The driver's own.
    pub(crate) device: Box<dyn Device>,
    /// Descriptors that the device waits for.
    pub(crate) waits: Waits,
    readings: Readings,
    never: PipeReader,
    _never: PipeWriter,
}

impl Opened {
    /// Reads once, whether or not there is something to read.
    pub(crate) fn read(&mut self) -> Result<Vec<Sample>, DeviceError> {
        self.readings.begin(clock::now(), Source::Driver, 0);
        let read = self.device.read(&mut self.readings);
        let samples = self.readings.drain().collect();
        read.map(|()| samples)
    }

    /// Waits and reads until there are `count` samples; fails when they do not come, and when more come.
    pub(crate) fn samples(&mut self, count: usize) -> anyhow::Result<Vec<Sample>> {
        let mut all = Vec::new();
        let deadline = clock::now() + PATIENCE;
        while all.len() < count {
            let left = deadline.since(clock::now());
            ensure!(!left.is_zero(), "waited for {count} samples, there are {all:?}");
            self.waits.wait(self.never.as_fd(), Some(left))?;
            all.extend(self.read()?);
        }
        ensure!(all.len() == count, "wanted {count} samples, there are {}: {all:?}", all.len());
        Ok(all)
    }

    /// Waits and reads until reading fails, and gives the error.
    pub(crate) fn failure(&mut self) -> anyhow::Result<String> {
        let deadline = clock::now() + PATIENCE;
        loop {
            let left = deadline.since(clock::now());
            ensure!(!left.is_zero(), "waited for reading to fail");
            self.waits.wait(self.never.as_fd(), Some(left))?;
            if let Err(error) = self.read() {
                return Ok(error.to_string());
            }
        }
    }

    /// Fails when something wakes the device although nothing happens.
    pub(crate) fn stays_quiet(&mut self) -> anyhow::Result<()> {
        let woken = self.waits.wait(self.never.as_fd(), Some(QUIET))?;
        ensure!(!woken.device, "woken for nothing: {:?}", self.read());
        Ok(())
    }
}

/// Channel and level of samples that are all levels.
pub(crate) fn levels(samples: &[Sample]) -> anyhow::Result<Vec<(u16, bool)>> {
    let level = |sample: &Sample| {
        let Reading::Level(high) = sample.reading else { bail!("{sample:?} is no level") };
        Ok((sample.channel, high))
    };
    samples.iter().map(level).collect()
}

/// Fails unless the kernel stamped the samples, in order and between these moments.
pub(crate) fn stamped(samples: &[Sample], from: Moment, to: Moment) -> anyhow::Result<()> {
    let mut last = from;
    for sample in samples {
        ensure!(sample.src == Source::Kernel, "{sample:?} is not stamped by the kernel");
        ensure!(sample.at >= last, "{sample:?} came before {last:?}");
        last = sample.at;
    }
    ensure!(last <= to, "{last:?} is after {to:?}");
    Ok(())
}

/// Fails unless both are the same.
pub(crate) fn same<T: PartialEq + Debug>(found: T, wanted: T) -> anyhow::Result<()> {
    ensure!(found == wanted, "wanted {wanted:?}, found {found:?}");
    Ok(())
}

/// Fails unless the text has this part.
pub(crate) fn says(text: &str, part: &str) -> anyhow::Result<()> {
    ensure!(text.contains(part), "wanted {part:?} in {text:?}");
    Ok(())
}

/// The refusal of a board that must refuse.
pub(crate) fn refused<T>(opened: Result<T, BoardError>) -> anyhow::Result<String> {
    match opened {
        Ok(_) => Err(anyhow!("it was opened; it had to be refused")),
        Err(error) => Ok(error.to_string()),
    }
}

/// Waits until something holds that nobody tells us of.
pub(crate) fn until(holds: impl Fn() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    let deadline = clock::now() + PATIENCE;
    while !holds()? {
        ensure!(clock::now() < deadline, "it did not come about within {PATIENCE:?}");
        sleep(LOOK);
    }
    Ok(())
}
