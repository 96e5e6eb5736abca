//! Opens every device of a slot once on a simulated bench, before any hardware is touched: names that the board does
//! not have, lines that two devices want, and channels that a device does not have come to light.
//!
//! What only the real device can answer, such as a chip that does not acknowledge, is no mistake of the file.

use super::checks::{Checks, Named};
use super::device::{DeviceConfig, InputConfig};
use super::place;
use super::slot::Hal;
use eg_config::{KeyPath, Located, Source};
use eg_hal::sim::{Bench, Model};
use eg_hal::{
    Board, BoardError, Channel, Channels, Claims, Device, DeviceError, DriverEntry, OpenError,
    Resource, Tried, Waits,
};
use eg_proto::InputName;

/// A device that stays open while the others of the slot are tried.
struct Opened {
    _device: Box<dyn Device>,
    _waits: Waits,
    _model: Box<dyn Model>,
}

/// Opens the devices, notes what the bench refuses, and gives the devices with what opening told of them.
pub(super) fn open_all(
    checks: &mut Checks<'_>,
    slot: &str,
    hal: Hal,
    devices: Vec<Named>,
) -> Vec<DeviceConfig> {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    let mut open = Vec::new();
    let mut checked = Vec::new();
    for mut named in devices {
        let holder = format!("{slot}/{}", named.device.name);
        let DeviceConfig { entry, config_path, .. } = &named.device;
        let safe = named.device.safe_levels();
        let mut board = Board::trial(&holder, &bench, &claims, &safe);
        let tried = (entry.trial)(checks.source, config_path, &bench, &mut board);
        let noted = board.take_refused();
        let Tried { device, model, problems, stand_ins, failed } = tried;
        let sound = problems.is_empty();
        let told = Told { stand_ins, sound, clean: sound && noted.is_empty() };
        checks.problems.extend(problems);
        for refusal in noted.into_iter().chain(failed) {
            refused(checks, &named, &holder, hal, refusal, &told);
        }
        if let Some((device, model)) = device.zip(model) {
            let channels = device.channels();
            if told.counts(config_path) {
                check_channels(checks, &named, channels, &told);
            }
            name_the_only_input(checks.source, &mut named, channels);
            let inputs = named.device.inputs.iter().map(|input| input.channel);
            named.device.touches = inputs.map(|it| (it, model.touch(it))).collect();
            let held = claims.held().into_iter().filter(|(_, by)| *by == holder);
            named.device.faults = held.flat_map(|(what, _)| bench.possible_faults(&what)).collect();
            open.push(Opened { _device: device, _waits: board.into_waits(), _model: model });
        }
        checked.push(named.device);
    }
    checked
}

/// Knowledge of what is wrong with a device's `config:`.
struct Told {
    /// Paths at which the device was tried with something else than what is written.
    stand_ins: Vec<KeyPath>,
    /// `true` if the device was tried as it is written.
    sound: bool,
    /// `true` if nothing is wrong.
    clean: bool,
}

impl Told {
    /// Tells whether the device has as many channels as it would have without the mistakes: an item of a list that is
    /// wrong is an item all the same, and any other wrong value may be the number of channels.
    fn counts(&self, config: &KeyPath) -> bool {
        self.stand_ins.iter().all(|path| path.is_in_list(config))
    }

    /// Tells whether the value at this path was not tried as it is written.
    fn stands_in(&self, path: &KeyPath) -> bool {
        self.stand_ins.iter().any(|stand_in| stand_in.touches(path))
    }
}

fn refused(
    checks: &mut Checks<'_>,
    named: &Named,
    holder: &str,
    hal: Hal,
    refusal: OpenError,
    told: &Told,
) {
    let source = checks.source;
    let path = &named.device.config_path;
    let message = refusal.to_string();
    let mut meant = None;
    let (location, message) = match refusal {
        OpenError::Settings(wrong) => {
            for (inner, problem) in
                wrong.iter().filter(|(inner, _)| !told.stands_in(&path.join(inner)))
            {
                checks.problems.push(source.problem_at(&path.join(inner), problem));
            }
            return;
        }
        // The header's lines are known; what other chips a machine has, only its kernel knows.
        OpenError::Board(BoardError::Unknown { name, .. })
            if hal != Hal::Sim && name.contains(':') =>
        {
            return;
        }
        OpenError::Board(BoardError::Unknown { kind, name, known }) => {
            let message = format!("no {kind} called {name:?}; this board has {known}");
            meant = nearest_name(kind, &name);
            let locations = match kind {
                "line" => place::of_line(source, path, &name.as_str().into()),
                _ => place::of_text(source, path, &name),
            };
            (locations.into_iter().next(), message)
        }
        OpenError::Board(BoardError::Taken { what, holder: other }) => {
            if matches!(what, Resource::Address(..)) && !told.stand_ins.is_empty() {
                return;
            }
            let own = other == holder;
            let places = place::of_resource(source, path, &what);
            let whose = if own { "this device".to_owned() } else { other };
            let location = if own { places.into_iter().last() } else { places.into_iter().next() };
            (location, format!("{what} is already held by {whose}"))
        }
        OpenError::Board(BoardError::Refused { .. } | BoardError::Unsupported { .. }) => {
            (None, message)
        }
        OpenError::Board(_) => (None, message),
        OpenError::Device(DeviceError::Panicked(said)) if told.clean => {
            let DriverEntry { kind, krate, .. } = named.device.entry;
            (None, format!("driver {kind} of crate {krate} panicked with this config: {said}"))
        }
        // A model that is missing or does not answer.
        OpenError::Device(_) | _ => return,
    };
    let mut problem = match location {
        Some(location) => source.problem_at(&location, message),
        // It is about what was tried in place of something else.
        None if !told.stand_ins.is_empty() => return,
        None => at_config(source, named, message),
    };
    problem.nearest = meant;
    checks.problems.push(problem);
}

/// Guesses the name that was meant: a line of a Pi's header, as the bench has them, or a usual name.
fn nearest_name(kind: &str, name: &str) -> Option<String> {
    let known: Vec<String> = match kind {
        "line" => (0..28).map(|offset| format!("GPIO{offset}")).collect(),
        // The header's first.
        "I2C bus" => [1, 0].into_iter().chain(2..28).map(|bus| format!("i2c-{bus}")).collect(),
        "chip select" => {
            ["spi0.0", "spi0.1", "spi1.0", "spi1.1", "spi1.2"].map(String::from).into()
        }
        "port" | "keyboard" => {
            let file = name.trim_start_matches("dev/").trim_start_matches("input/");
            let folder = if kind == "port" { "/dev" } else { "/dev/input" };
            return (!file.trim().is_empty()).then(|| format!("{folder}/{file}"));
        }
        _ => Vec::new(),
    };
    eg_config::nearest(name, &known).map(str::to_owned)
}

/// At `config:` where there is one, else at the device's name.
fn at_config(source: &Source, named: &Named, message: String) -> eg_config::Problem {
    let path = &named.device.config_path;
    let device: KeyPath = KeyPath::from(["devices", named.at.as_str()]);
    match place::of_field(source, &device, "config") {
        Some(_) => source.problem_at(path, message),
        None => source.problem_at(&named.at, message),
    }
}

/// A device whose `config:` is wrong may have none at all for that reason alone.
fn check_channels(checks: &mut Checks<'_>, named: &Named, channels: Channels, told: &Told) {
    let Channels { inputs, outputs } = channels;
    let known = told.clean || told.sound && (inputs > 0 || outputs > 0);
    if known || inputs > 0 {
        beyond(checks, "input", &named.input_channels, channels.inputs);
    }
    if known || outputs > 0 {
        beyond(checks, "output", &named.output_channels, channels.outputs);
    }
}

fn beyond(checks: &mut Checks<'_>, what: &str, used: &[Located<Channel>], count: Channel) {
    for channel in used.iter().filter(|channel| ***channel >= count) {
        let has = match count {
            0 => format!("this device has no {what}s"),
            1 => format!("this device has {what} 0 alone"),
            count => format!("this device has {what}s 0 to {}", count - 1),
        };
        checks.push(channel, format!("no {what} channel {}; {has}", **channel));
    }
}

/// A reader has one input, and needs no name for it.
fn name_the_only_input(source: &Source, named: &mut Named, channels: Channels) {
    if named.says_inputs || channels.inputs != 1 {
        return;
    }
    if let Ok(name) = InputName::new(named.device.name.as_str()) {
        let traits = (named.device.entry.input)(source, &named.device.config_path, 0);
        named.device.inputs = vec![InputConfig::new(name, 0, traits)];
    }
}
