//! Inputs of simulated boards, as a hand touches them: everything that follows a press is as real as on a Pi.

use crate::config::{DeviceConfig, SlotConfig};
use crate::state::SlotStatus;
use eg_config::Problems;
use eg_hal::BoardError;
use eg_hal::sim::scenario::{Act, Stage, StageError};
use eg_hal::sim::{Bench, Fault, Model, Poke, PokeError, Touch};
use eg_proto::{DeviceName, InputName, OutputName, Set};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Inputs of a simulated slot, as a person would touch them. Clones touch the same boards.
#[derive(Clone)]
pub struct SimulatedInputs {
    bench: Bench,
    slot_status: SlotStatus,
    boards: Arc<Mutex<Boards>>,
}

struct Boards {
    config: Arc<SlotConfig>,
    models: BTreeMap<DeviceName, Box<dyn Model>>,
}

/// Reasons why an input cannot be touched.
#[derive(Debug, thiserror::Error)]
pub enum TouchError {
    /// The slot's boards are real: a person has to touch them.
    #[error(
        "the boards of this slot are real, nobody can press them from here; hal: sim would simulate them"
    )]
    Real,
    /// The slot has no such device.
    #[error("no device called \"{wanted}\"; this slot has {known}")]
    NoDevice {
        /// Name that was asked for.
        wanted: DeviceName,
        /// Names that there are, comma-separated.
        known: String,
    },
    /// The device has no such input.
    #[error("{device} has no input called \"{wanted}\"; it has {known}")]
    NoInput {
        /// The device.
        device: DeviceName,
        /// Name that was asked for.
        wanted: InputName,
        /// Names that there are, comma-separated.
        known: String,
    },
    /// The board does not take this.
    #[error(transparent)]
    Board(#[from] PokeError),
    /// The bench has no such line, chip or port.
    #[error(transparent)]
    Bench(#[from] BoardError),
}

impl SimulatedInputs {
    /// Puts every device's model on the bench, with its inputs at rest.
    pub(crate) fn new(
        config: Arc<SlotConfig>,
        bench: Bench,
        slot_status: SlotStatus,
    ) -> Result<Self, Problems> {
        let boards = Boards { config: Arc::clone(&config), models: BTreeMap::new() };
        let inputs = Self { bench, slot_status, boards: Arc::new(Mutex::new(boards)) };
        inputs.rebuild(config, |_| false)?;
        Ok(inputs)
    }

    /// Takes another file's boards: those that `stay` are left as they are, held buttons and all.
    pub(crate) fn rebuild(
        &self,
        config: Arc<SlotConfig>,
        stays: impl Fn(&DeviceName) -> bool,
    ) -> Result<(), Problems> {
        let mut boards = self.boards();
        let mut before = std::mem::take(&mut boards.models);
        let mut problems = Problems::default();
        for device in &config.devices {
            let known = before.remove(&device.name).filter(|_| stays(&device.name));
            let make = || (device.entry.model)(&config.source, &device.config_path, &self.bench);
            if let Some(model) = known.or_else(|| problems.keep(make())) {
                boards.models.insert(device.name.clone(), model);
            }
        }
        boards.config = config;
        problems.or(())
    }

    /// The bench that the boards stand on.
    pub fn bench(&self) -> &Bench {
        &self.bench
    }

    fn boards(&self) -> MutexGuard<'_, Boards> {
        self.boards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to an input. For a two-state one [`Poke::Level`] is electrical; `true` is high.
    ///
    /// # Errors
    /// [`TouchError`] names what there is instead.
    pub fn poke(
        &self,
        device: &DeviceName,
        input: &InputName,
        poke: &Poke,
    ) -> Result<(), TouchError> {
        self.touch(device, input, |_| poke.clone())
    }

    /// Presses an input, or puts it on.
    ///
    /// # Errors
    /// As for [`poke`](Self::poke).
    pub fn press(&self, device: &DeviceName, input: &InputName) -> Result<(), TouchError> {
        self.touch(device, input, |input| Poke::Level(input.active.level(true)))
    }

    /// Lets an input go, or puts it off.
    ///
    /// # Errors
    /// As for [`poke`](Self::poke).
    pub fn release(&self, device: &DeviceName, input: &InputName) -> Result<(), TouchError> {
        self.touch(device, input, |input| Poke::Level(input.active.level(false)))
    }

    /// Tells how a hand can touch an input; [`Touch::Nothing`] where there is none.
    pub fn takes(&self, device: &DeviceName, input: &InputName) -> Touch {
        let boards = self.boards();
        let config = boards.config.devices.iter().find(|known| known.name == *device);
        let channel =
            config.and_then(|config| config.input(input.as_str())).map(|input| input.channel);
        let touch = channel.and_then(|channel| Some(boards.models.get(device)?.touch(channel)));
        touch.unwrap_or(Touch::Nothing)
    }

    /// Returns what a person sees of an output, as far as the board's model follows it.
    pub fn shown(&self, device: &DeviceName, output: &OutputName) -> Option<Set> {
        let boards = self.boards();
        let config = boards.config.devices.iter().find(|known| known.name == *device)?;
        let channel = config.outputs.iter().find(|known| known.name == *output)?.channel;
        boards.models.get(device)?.shown(channel)
    }

    /// Lists the faults that a device can have, each with `true` while it has it. A fault of another degree than usual
    /// is listed with that degree.
    pub fn faults(&self, device: &DeviceName) -> Vec<(Fault, bool)> {
        let now = self.bench.faults();
        let boards = self.boards();
        let config = boards.config.devices.iter().find(|known| known.name == *device);
        let possible = config.map(|config| config.faults.as_slice()).unwrap_or_default();
        let view = |possible: &Fault| {
            let wrong = now.iter().find(|fault| fault.is_like(possible));
            // A line is stuck one way or the other.
            let wrong =
                wrong.filter(|fault| !matches!(possible, Fault::Stuck(..)) || *fault == possible);
            (wrong.unwrap_or(possible).clone(), wrong.is_some())
        };
        possible.iter().map(view).collect()
    }

    /// Lets something go wrong, or ends it.
    ///
    /// # Errors
    /// [`TouchError::Bench`] when there is no such line, chip or port on the bench.
    pub fn fail(&self, fault: &Fault, on: bool) -> Result<(), TouchError> {
        if on {
            self.bench.inflict(fault)?
        } else {
            self.bench.lift(fault)?
        }
        self.slot_status.redraw();
        Ok(())
    }

    /// Presents a tag to the first reader there is. `false`: there is none.
    pub fn present_tag(&self, uid: &str) -> bool {
        let poke = Poke::Tag(uid.to_owned());
        let config = Arc::clone(&self.boards().config);
        let inputs = config
            .devices
            .iter()
            .flat_map(|device| device.inputs.iter().map(move |input| (&device.name, &input.name)));
        inputs.into_iter().any(|(device, input)| self.poke(device, input, &poke).is_ok())
    }

    fn touch(
        &self,
        device: &DeviceName,
        input: &InputName,
        poke: impl FnOnce(&crate::config::InputConfig) -> Poke,
    ) -> Result<(), TouchError> {
        let mut boards = self.boards();
        let Boards { config, models } = &mut *boards;
        let devices = &config.devices;
        let config = devices.iter().find(|known| known.name == *device).ok_or_else(|| {
            let known = names(devices.iter().map(|known| known.name.as_str()));
            TouchError::NoDevice { wanted: device.clone(), known }
        })?;
        let known = config.input(input.as_str()).ok_or_else(|| no_input(config, input))?;
        match models.get_mut(device) {
            Some(model) => Ok(model.poke(known.channel, &poke(known))?),
            None => Err(no_input(config, input)),
        }
    }
}

/// A scenario touches these inputs.
impl Stage for SimulatedInputs {
    fn act(&mut self, device: &str, input: &str, act: &Act) -> Result<(), StageError> {
        let no_name = |error: eg_proto::IdError| StageError::new(error.to_string());
        let (device, input) = (device.parse().map_err(no_name)?, input.parse().map_err(no_name)?);
        let done = match act {
            Act::Press => self.press(&device, &input),
            Act::Release => self.release(&device, &input),
            Act::Turn(_) | Act::Set(_) | Act::Tag(_) | Act::TagAway | Act::Type(_) => {
                self.poke(&device, &input, &act.poke(true))
            }
        };
        done.map_err(|error| StageError::new(error.to_string()))
    }

    fn done(&mut self, _: &Bench) {
        self.slot_status.redraw();
    }
}

impl std::fmt::Debug for SimulatedInputs {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SimulatedInputs")
            .field("slot", &self.boards().config.slot)
            .finish_non_exhaustive()
    }
}

fn no_input(device: &DeviceConfig, wanted: &InputName) -> TouchError {
    TouchError::NoInput {
        device: device.name.clone(),
        wanted: wanted.clone(),
        known: names(device.inputs.iter().map(|known| known.name.as_str())),
    }
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
