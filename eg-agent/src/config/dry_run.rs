//! Opens every device of a slot once on a simulated bench, before any hardware is touched: names that the board does
//! not have, lines that two devices want, and channels that a device does not have come to light.
//!
//! What only the real device can answer, such as a chip that does not acknowledge, is no mistake of the file.

use super::check::{Checks, Named};
use super::{DeviceConfig, Hal, InputConfig, place};
use eg_config::{KeyPath, Located, Source};
use eg_hal::sim::{Bench, Model};
use eg_hal::{
    Board, BoardError, Channel, Channels, Claims, Device, DeviceError, DriverEntry, EntryError,
    OpenError, Waits,
};
use eg_proto::InputName;

/// A device that stays open while the others of the slot are tried.
struct Opened {
    device: Box<dyn Device>,
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
        let tried = named
            .readable
            .then(|| try_open(checks.source, &named.device, &holder, &bench, &claims));
        match tried {
            None => {}
            Some(Ok(opened)) => {
                let channels = opened.device.channels();
                check_channels(checks, &named, channels);
                name_the_only_input(checks.source, &mut named, channels);
                let held = claims.held().into_iter().filter(|(_, by)| *by == holder);
                named.device.faults =
                    held.flat_map(|(what, _)| bench.possible_faults(&what)).collect();
                open.push(opened);
            }
            Some(Err(EntryError::Config(problems))) => checks.problems.extend(problems),
            Some(Err(EntryError::Open(OpenError::Device(DeviceError::Panicked(said))))) => {
                let DriverEntry { kind, krate, .. } = named.device.entry;
                let message =
                    format!("driver {kind} of crate {krate} panicked with this config: {said}");
                checks.problems.push(at_config(checks.source, &named, message));
            }
            Some(Err(EntryError::Open(refusal))) => {
                refused(checks, &named, &holder, hal, refusal);
            }
        }
        checked.push(named.device);
    }
    checked
}

fn try_open(
    source: &Source,
    device: &DeviceConfig,
    holder: &str,
    bench: &Bench,
    claims: &Claims,
) -> Result<Opened, EntryError> {
    let model = (device.entry.model)(source, &device.config_path, bench)?;
    let safe = device.safe_levels();
    let mut board = Board::new(holder, bench, claims, &safe);
    let opened = (device.entry.open)(source, &device.config_path, &mut board)?;
    Ok(Opened { device: opened, _waits: board.into_waits(), _model: model })
}

fn refused(checks: &mut Checks<'_>, named: &Named, holder: &str, hal: Hal, refusal: OpenError) {
    let source = checks.source;
    let path = &named.device.config_path;
    let message = refusal.to_string();
    let mut meant = None;
    let (spot, message) = match refusal {
        OpenError::Setting { field, problem } => match place::of_field(source, path, field) {
            Some(spot) => (Some(spot), problem),
            None => (None, message),
        },
        // The header's lines are known; what other chips a machine has, only its kernel knows.
        OpenError::Board(BoardError::Unknown { name, .. })
            if hal != Hal::Sim && name.contains(':') =>
        {
            return;
        }
        OpenError::Board(BoardError::Unknown { kind, name, known }) => {
            let message = format!("no {kind} called {name:?}; this board has {known}");
            meant = nearest_line(&name).filter(|_| kind == "line");
            let spots = match kind {
                "line" => place::of_line(source, path, &name.as_str().into()),
                _ => place::of_text(source, path, &name),
            };
            (spots.into_iter().next(), message)
        }
        OpenError::Board(BoardError::Taken { what, holder: other }) => {
            let own = other == holder;
            let places = place::of_resource(source, path, &what);
            let whose = if own { "this device".to_owned() } else { other };
            let spot = if own { places.into_iter().last() } else { places.into_iter().next() };
            (spot, format!("{what} is already held by {whose}"))
        }
        OpenError::Board(BoardError::Refused { .. } | BoardError::Unsupported { .. }) => {
            (None, message)
        }
        OpenError::Board(_) => (None, message),
        // A model that is missing or does not answer.
        OpenError::Device(_) | _ => return,
    };
    let mut problem = match spot {
        Some(spot) => source.problem_at(&spot, message),
        None => at_config(source, named, message),
    };
    problem.nearest = meant;
    checks.problems.push(problem);
}

/// The line of a Pi's header, as the bench has them, that was most likely meant.
fn nearest_line(name: &str) -> Option<String> {
    let header: Vec<String> = (0..28).map(|offset| format!("GPIO{offset}")).collect();
    eg_config::nearest(name, &header).map(str::to_owned)
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

fn check_channels(checks: &mut Checks<'_>, named: &Named, channels: Channels) {
    beyond(checks, "input", &named.input_channels, channels.inputs);
    beyond(checks, "output", &named.output_channels, channels.outputs);
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
