//! Lab in which a driver is examined: a fresh bench for each look, and the driver opened on it as its host would.

use super::notes::{Failure, Notes};
use super::spy::Spy;
use crate::sim::{Bench, Model, Poke, Wire};
use crate::{
    Board, Channel, Claims, DeviceError, Driver, EntryError, Moment, Output, Reading, Readings,
    SafeLevels, Sample, Set, Source, Waits, Wake,
};
use eg_config::{KeyPath, Source as File, read_at};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The channels that are looked at when a driver does not say how many it has.
const UNCOUNTED: Channel = 32;
/// The most channels of one device that are each looked at.
const EACH: usize = 16;

/// Settings of an author for the driver under test.
pub(super) struct Lab<D> {
    pub(super) config: String,
    pub(super) passes: usize,
    pub(super) queue: Option<usize>,
    pub(super) prepare: Box<dyn Fn(&Bench)>,
    pub(super) driver: PhantomData<fn() -> D>,
}

/// A bench with what is claimed on it; devices on it come and go, and their model stays.
pub(super) struct Place {
    pub(super) bench: Bench,
    pub(super) claims: Claims,
    pub(super) notes: Notes,
    model: OnceCell<SharedModel>,
}

/// A device opened on a bench, with its model.
pub(super) struct Subject<D> {
    device: D,
    pub(super) model: SharedModel,
    pub(super) bench: Bench,
    pub(super) notes: Notes,
    waits: Waits,
    readings: Readings,
    passes: usize,
}

/// The levels of inputs that nobody touches.
pub(super) type Idle = BTreeMap<Channel, bool>;

/// A model that a watcher may look at while the driver works.
pub(super) type SharedModel = Arc<Mutex<Box<dyn Model>>>;

impl<D: Driver> Lab<D> {
    fn file(&self) -> File {
        File::text(format!("{}.yaml", D::KIND), self.config.as_str())
    }

    pub(super) fn place(&self) -> Place {
        let bench = Bench::virtual_time();
        (self.prepare)(&bench);
        let model = OnceCell::new();
        Place { bench, claims: Claims::default(), notes: Notes::new(), model }
    }

    /// The model that is there, put there the first time.
    pub(super) fn model(&self, place: &Place) -> Result<SharedModel, EntryError> {
        if let Some(model) = place.model.get() {
            return Ok(Arc::clone(model));
        }
        let config = read_at(&self.file(), &KeyPath::root())?;
        let model = || Arc::new(Mutex::new(D::model(&config, &place.bench)));
        Ok(Arc::clone(place.model.get_or_init(model)))
    }

    /// Opens the driver where its model is.
    pub(super) fn open_at(
        &self,
        place: &Place,
        model: SharedModel,
        safe: &SafeLevels,
    ) -> Result<Subject<D>, EntryError> {
        let spy = Spy { bench: place.bench.clone(), notes: place.notes.clone() };
        let config = read_at(&self.file(), &KeyPath::root())?;
        let mut board = Board::new("conformance", &spy, &place.claims, safe);
        place.notes.begin_call();
        let device = D::open(config, &mut board)?;
        let waits = board.into_waits();
        let readings = Readings::new(place.bench.now(), Source::Synthetic, 0);
        let (bench, notes) = (place.bench.clone(), place.notes.clone());
        Ok(Subject { device, model, bench, notes, waits, readings, passes: self.passes })
    }

    /// Model and driver on a place that may have seen others.
    pub(super) fn open_on(&self, place: &Place) -> Result<Subject<D>, EntryError> {
        self.open_at(place, self.model(place)?, &SafeLevels::new())
    }

    /// Model and driver on a fresh bench, with its first levels read.
    pub(super) fn started(&self) -> Result<Subject<D>, String> {
        let mut subject = self.open_on(&self.place()).map_err(said("open"))?;
        subject.settle()?;
        Ok(subject)
    }

    /// The level of each two-state input that nobody touches.
    pub(super) fn idle(&self) -> Result<Idle, String> {
        let mut subject = self.open_on(&self.place()).map_err(said("open"))?;
        let levels = subject.passes()?.into_iter().filter_map(|sample| match sample.reading {
            Reading::Level(high) => Some((sample.channel, high)),
            Reading::Turn(_)
            | Reading::Value { .. }
            | Reading::Tag(_)
            | Reading::TagRemoved(_)
            | Reading::Key(_)
            | Reading::Line(_)
            | Reading::NoTag
            | Reading::Ghost(_)
            | Reading::Lost(_) => None,
        });
        Ok(levels.collect())
    }

    /// The input channels whose model takes such a poke, at most 16 of them.
    pub(super) fn inputs(&self, poke: &Poke) -> Result<Vec<Channel>, String> {
        let subject = self.open_on(&self.place()).map_err(said("open"))?;
        let all = 0..subject.counted_inputs();
        Ok(all.filter(|channel| subject.takes(*channel, poke)).take(EACH).collect())
    }

    /// The output channels, at most 16 of them.
    pub(super) fn outputs(&self) -> Result<Vec<Channel>, String> {
        let subject = self.open_on(&self.place()).map_err(said("open"))?;
        let outputs = subject.channels().outputs;
        let counted = if outputs == Channel::MAX { 0 } else { outputs };
        Ok((0..counted).take(EACH).collect())
    }
}

impl Place {
    /// Ends every fault.
    pub(super) fn repair(&self) {
        let mut log = self.notes.log();
        for pipe in &log.pipes {
            self.bench.pipe(pipe).plug();
        }
        for keyboard in &log.keyboards {
            self.bench.keyboard(keyboard).plug();
        }
        log.fault = Failure::None;
    }
}

impl<D: Driver> Subject<D> {
    pub(super) fn channels(&self) -> crate::Channels {
        self.device.channels()
    }

    pub(super) fn counted_inputs(&self) -> Channel {
        match self.channels().inputs {
            Channel::MAX => UNCOUNTED,
            counted => counted,
        }
    }

    pub(super) fn wake(&self) -> Wake {
        self.device.wake()
    }

    pub(super) fn woken(&self) -> bool {
        self.waits.ready()
    }

    pub(super) fn now(&self) -> Moment {
        self.bench.now()
    }

    /// Pokes the model; false when it does not take it.
    pub(super) fn takes(&self, channel: Channel, poke: &Poke) -> bool {
        let mut model = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        model.poke(channel, poke).is_ok()
    }

    pub(super) fn shown(&self, channel: Channel) -> Option<Set> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner).shown(channel)
    }

    /// Lets the time pass that the host would wait, and reads once.
    pub(super) fn pass(&mut self) -> Result<Vec<Sample>, DeviceError> {
        self.wait();
        self.read()
    }

    /// Lets the time pass that the host would wait.
    pub(super) fn wait(&self) {
        match self.wake() {
            Wake::OnEdge => {}
            Wake::EdgeOrEvery(_) if self.woken() => {}
            // As long as the poll takes, but never a standstill.
            Wake::Every(period) | Wake::EdgeOrEvery(period) => {
                self.bench.advance(period.max(Duration::from_micros(1)));
            }
        }
    }

    /// Reads once.
    pub(super) fn read(&mut self) -> Result<Vec<Sample>, DeviceError> {
        self.notes.begin_call();
        self.readings.begin(self.bench.now(), Source::Synthetic, 0);
        self.device.read(&mut self.readings)?;
        Ok(self.readings.drain().collect())
    }

    /// As many passes as a change may take.
    pub(super) fn passes(&mut self) -> Result<Vec<Sample>, String> {
        let mut samples = Vec::new();
        for _ in 0..self.passes {
            samples.extend(self.pass().map_err(said("read"))?);
        }
        Ok(samples)
    }

    /// Reads until nothing is left of the start and of earlier pokes.
    pub(super) fn settle(&mut self) -> Result<Vec<Sample>, String> {
        let mut samples = self.passes()?;
        samples.extend(self.passes()?);
        Ok(samples)
    }

    /// Pokes and reads: what the device says on that channel afterwards.
    pub(super) fn after(&mut self, channel: Channel, poke: &Poke) -> Result<Vec<Reading>, String> {
        self.takes(channel, poke);
        let samples = self.passes()?.into_iter();
        Ok(samples.filter(|s| s.channel == channel).map(|s| s.reading).collect())
    }

    /// Takes every hand off: contacts are as they are idle, no tag lies there.
    pub(super) fn let_go(&self, idle: &Idle) {
        for channel in 0..self.counted_inputs() {
            self.takes(channel, &Poke::TagAway);
            if let Some(level) = idle.get(&channel) {
                self.takes(channel, &Poke::Level(*level));
            }
        }
    }

    /// `true` if the driver reports anything at all on a channel that is poked again and again, with no hand on
    /// another. Other checks look at what it reports.
    pub(super) fn answers(
        &mut self,
        channel: Channel,
        poke: &Poke,
        idle: &Idle,
    ) -> Result<bool, String> {
        let mut answered = false;
        for poke in [&other(poke), poke, &other(poke), poke] {
            let mut heard = self.after(channel, poke)?;
            heard.extend(
                self.settle()?.into_iter().filter(|s| s.channel == channel).map(|s| s.reading),
            );
            if !heard.is_empty() {
                answered = true;
                break;
            }
        }
        self.let_go(idle);
        self.settle()?;
        Ok(answered)
    }

    pub(super) fn write(&mut self, channel: Channel, set: Set) -> Result<(), DeviceError> {
        self.notes.begin_call();
        self.device.write(Output { channel, set })
    }

    /// The wires of the lines it opened to drive.
    pub(super) fn output_wires(&self) -> Vec<Wire> {
        self.notes.log().outputs.iter().map(|line| self.bench.wire(line)).collect()
    }
}

/// A poke of the same kind after which this one is a change.
pub(super) fn other(poke: &Poke) -> Poke {
    match poke {
        Poke::Level(high) => Poke::Level(!high),
        Poke::Value(part) => Poke::Value(1.0 - 0.8 * part),
        Poke::Tag(_) => Poke::Tag("04A37C92".to_owned()),
        Poke::Turn(_) | Poke::TagAway | Poke::Line(_) => poke.clone(),
    }
}

/// Words for a call that failed where it should not.
pub(super) fn said<E: std::fmt::Display>(call: &'static str) -> impl Fn(E) -> String {
    move |error| format!("{call} failed: {error}")
}

/// The levels among readings, without repetitions.
pub(super) fn levels(readings: &[Reading]) -> Vec<bool> {
    let mut levels: Vec<bool> = readings
        .iter()
        .filter_map(|reading| match reading {
            Reading::Level(high) => Some(*high),
            Reading::Turn(_)
            | Reading::Value { .. }
            | Reading::Tag(_)
            | Reading::TagRemoved(_)
            | Reading::Key(_)
            | Reading::Line(_)
            | Reading::NoTag
            | Reading::Ghost(_)
            | Reading::Lost(_) => None,
        })
        .collect();
    levels.dedup();
    levels
}
