//! State of one device, its inputs and outputs.

use crate::config::DeviceConfig;
use crate::normalize::Action;
use eg_hal::Moment;
use eg_proto::{DeviceName, DeviceState, EventKind, InputName, Noise, OutputName, Set, State};

/// Error text of a device before the first try to open it.
pub(crate) const NOT_OPENED: &str = "not opened yet";

/// One device.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceView {
    /// Name in the slot's file.
    pub name: DeviceName,
    /// Kind of the driver.
    pub driver: &'static str,
    /// `true` for a tag reader, see [`Driver::READS_TAGS`](eg_hal::Driver::READS_TAGS).
    pub reads_tags: bool,
    /// State of the device.
    pub state: DeviceState,
    /// Moment since when, in the slot's clock.
    pub since: Moment,
    /// Error in one line; `None` while the device is well.
    pub error: Option<String>,
    /// Bytes and codes that the device heard and could not use, since the agent opened it first.
    pub noise: Option<Noise>,
    /// Named inputs, in the order of the file.
    pub inputs: Vec<InputView>,
    /// Named outputs, in the order of the file.
    pub outputs: Vec<OutputView>,
    pub(super) generation: Generation,
}

/// One named input.
#[derive(Clone, Debug, PartialEq)]
pub struct InputView {
    /// Role of the input.
    pub name: InputName,
    /// Level of its line, before the normalizer: `true` for high; `None` before the first.
    pub line: Option<bool>,
    /// `true` while the input is pressed, or on.
    pub pressed: bool,
    /// The last tag, key or line it reported.
    pub last: Option<String>,
}

/// One named output.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputView {
    /// Role of the output.
    pub name: OutputName,
    /// State of the output.
    pub set: Set,
}

impl DeviceView {
    pub(super) fn new(device: &DeviceConfig, generation: Generation, now: Moment) -> Self {
        let input = |name: &InputName| InputView {
            name: name.clone(),
            line: None,
            pressed: false,
            last: None,
        };
        let outputs = device.outputs.iter();
        Self {
            name: device.name.clone(),
            driver: device.entry.kind,
            reads_tags: device.entry.reads_tags,
            state: DeviceState::Lost,
            since: now,
            error: Some(NOT_OPENED.to_owned()),
            noise: None,
            inputs: device.inputs.iter().map(|known| input(&known.name)).collect(),
            outputs: outputs
                .map(|output| OutputView { name: output.name.clone(), set: output.safe.clone() })
                .collect(),
            generation,
        }
    }

    /// Tells whether somebody has tried to open the device.
    pub(crate) fn was_tried(&self) -> bool {
        self.error.as_deref() != Some(NOT_OPENED)
    }

    /// Takes a standing over. `true`: it is the one it had.
    pub(super) fn stand(&mut self, Standing { state, since, error, noise }: &Standing) -> bool {
        let same =
            (self.state, self.since, &self.error, &self.noise) == (*state, *since, error, noise);
        (self.state, self.since) = (*state, *since);
        (self.error, self.noise) = (error.clone(), noise.clone());
        same
    }

    pub(super) fn note(&mut self, action: &Action, device: &DeviceConfig) {
        if let EventKind::Snapshot { states, .. } = &action.kind {
            for (view, config) in self.inputs.iter_mut().zip(&device.inputs) {
                match states.get(&view.name) {
                    Some(State::On(on)) => view.pressed = *on,
                    // One that cannot tell when a tag leaves goes on showing what it read last.
                    Some(State::Tags(tags)) if config.repeats.is_none() => {
                        view.last = tags.last().cloned();
                    }
                    Some(State::Tags(_) | State::Value(_)) | None => {}
                }
            }
            return;
        }
        let Some(view) = self.inputs.iter_mut().find(|view| view.name == action.input) else {
            return;
        };
        match &action.kind {
            EventKind::Press => view.pressed = true,
            EventKind::Release => view.pressed = false,
            EventKind::Switch { on } => view.pressed = *on,
            EventKind::Tag { uid } => {
                (view.pressed, view.last) = (false, Some(uid.clone()));
            }
            EventKind::Key { symbol: text } | EventKind::Line { text } => {
                view.last = Some(text.clone());
            }
            EventKind::Value { v, unit, .. } => view.last = Some(format!("{v} {unit}")),
            EventKind::TagRemoved { .. } => view.last = None,
            EventKind::Turn { .. }
            | EventKind::Snapshot { .. }
            | EventKind::Fault { .. }
            | EventKind::Recovered
            | EventKind::Click { .. }
            | EventKind::Hold { .. }
            | EventKind::HoldEnd { .. }
            | EventKind::Chord { .. }
            | _ => {}
        }
    }
}

/// Number of the thread that speaks for a device: one that is on its way out must not speak for the one that took its
/// place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Generation(u64);

impl Generation {
    /// The generation after this one.
    pub(crate) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// State of a device, since when, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) state: DeviceState,
    pub(crate) since: Moment,
    pub(crate) error: Option<String>,
    pub(crate) noise: Option<Noise>,
}
