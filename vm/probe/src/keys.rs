//! Keyboards: uinput makes them, evdev shows them.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, ensure};
use eg_hal::{Reading, Sample, Source, clock};
use evdevil::event::{EventType, InputEvent, Key, Syn};
use evdevil::uinput::{Builder, UinputDevice};

use crate::check::checks;
use crate::place::{PATIENCE, Place, levels, same, says, stamped};

checks!("keys", Root:
    a_key_carries_the_kernels_time,
    is_found_by_the_name_it_gives_itself,
    a_key_held_at_the_start_is_told,
    auto_repeat_is_no_press,
    an_overflow_is_told_and_the_states_are_read_back,
    a_grabbed_keyboard_is_ours_alone,
    a_keyboard_that_is_pulled_out_and_returns,
    an_unknown_keyboard_is_answered_with_those_that_exist,
);

const NAME: &str = "eg arcade encoder";
const CONFIG: &str = "{keyboard: eg arcade encoder, keys: [a, b]}";
const A: Key = Key::KEY_A;
const B: Key = Key::KEY_B;

/// A keyboard that is there as long as this is.
pub(crate) struct Keyboard(UinputDevice);

impl Keyboard {
    pub(crate) fn plug_in() -> anyhow::Result<Self> {
        Self::of(UinputDevice::builder().context("is uinput loaded?")?)
    }

    /// One whose held keys the kernel repeats.
    fn with_auto_repeat() -> anyhow::Result<Self> {
        Self::of(UinputDevice::builder().context("is uinput loaded?")?.with_key_repeat()?)
    }

    fn of(builder: Builder) -> anyhow::Result<Self> {
        let keyboard = Self(builder.with_keys([A, B])?.build(NAME)?);
        keyboard.path()?;
        Ok(keyboard)
    }

    /// Returns the device file of the keyboard, once it is there.
    fn path(&self) -> anyhow::Result<PathBuf> {
        let input = PathBuf::from("/sys/devices/virtual/input").join(self.0.sysname()?);
        let deadline = clock::now() + PATIENCE;
        loop {
            for entry in std::fs::read_dir(&input)?.flatten() {
                let name = entry.file_name().into_string().unwrap_or_default();
                let path = PathBuf::from("/dev/input").join(&name);
                if name.starts_with("event") && path.exists() {
                    return Ok(path);
                }
            }
            ensure!(clock::now() < deadline, "{} has no event device", input.display());
            sleep(Duration::from_millis(5));
        }
    }

    /// Sends a key's value: 0 up, 1 down, 2 repeated; a report of its own.
    pub(crate) fn send(&self, key: Key, value: i32) -> anyhow::Result<()> {
        let event = InputEvent::new(EventType::KEY, key.raw(), value);
        Ok(self.0.write_events(&[event, Syn::REPORT.into()])?)
    }
}

fn a_key_carries_the_kernels_time() -> anyhow::Result<()> {
    let keyboard = Keyboard::plug_in()?;
    let config = format!("{{keyboard: {}, keys: [a, b]}}", keyboard.path()?.display());
    let mut keys = Place::default().open("vm/keys", "evdev-keys", &config)?;
    let start = levels(&keys.read()?)?;

    let before = clock::now();
    for (key, value) in [(B, 1), (A, 1), (B, 0), (A, 0)] {
        keyboard.send(key, value)?;
    }
    let after = clock::now();
    // The stamp is the kernel's: reading late changes nothing.
    sleep(Duration::from_millis(200));
    let samples = keys.samples(4)?;

    same(start, vec![(0, false), (1, false)])?;
    same(levels(&samples)?, vec![(1, true), (0, true), (1, false), (0, false)])?;
    stamped(&samples, before, after)
}

fn is_found_by_the_name_it_gives_itself() -> anyhow::Result<()> {
    let keyboard = Keyboard::plug_in()?;
    let mut keys = Place::default().open("vm/keys", "evdev-keys", CONFIG)?;
    keys.read()?;

    keyboard.send(A, 1)?;

    same(levels(&keys.samples(1)?)?, vec![(0, true)])
}

fn a_key_held_at_the_start_is_told() -> anyhow::Result<()> {
    let keyboard = Keyboard::plug_in()?;
    keyboard.send(B, 1)?;

    let mut keys = Place::default().open("vm/keys", "evdev-keys", CONFIG)?;

    same(levels(&keys.read()?)?, vec![(0, false), (1, true)])?;
    keys.stays_quiet()?;
    keyboard.send(B, 0)?;
    same(levels(&keys.samples(1)?)?, vec![(1, false)])
}

fn auto_repeat_is_no_press() -> anyhow::Result<()> {
    let keyboard = Keyboard::with_auto_repeat()?;
    let mut keys = Place::default().open("vm/keys", "evdev-keys", CONFIG)?;
    keys.read()?;

    keyboard.send(A, 1)?;
    (0..20).try_for_each(|_| keyboard.send(A, 2))?;
    keyboard.send(A, 0)?;

    same(levels(&keys.samples(2)?)?, vec![(0, true), (0, false)])
}

fn an_overflow_is_told_and_the_states_are_read_back() -> anyhow::Result<()> {
    let keyboard = Keyboard::plug_in()?;
    let mut keys = Place::default().open("vm/keys", "evdev-keys", CONFIG)?;
    keys.read()?;

    // Far more than evdev keeps; in the end A is up again and B is down.
    for n in 0..400 {
        keyboard.send(A, 1 - n % 2)?;
    }
    keyboard.send(B, 1)?;
    let samples = keys.read()?;
    keyboard.send(B, 0)?;
    let later = keys.samples(1)?;

    let lost = samples.iter().any(|sample| matches!(sample.reading, Reading::Lost(1..)));
    ensure!(lost, "nothing is said of a loss: {samples:?}");
    let end = |channel: u16| {
        let is_level = |sample: &&Sample| matches!(sample.reading, Reading::Level(_));
        samples.iter().filter(|sample| sample.channel == channel).rfind(is_level)
    };
    let level = |channel: u16| end(channel).map(|sample| sample.reading.clone());
    ensure!(level(0).is_none_or(|level| level == Reading::Level(false)), "{samples:?}");
    same(level(1), Some(Reading::Level(true)))?;
    same(levels(&later)?, vec![(1, false)])?;
    ensure!(later[0].src == Source::Kernel, "{later:?}");
    Ok(())
}

fn a_grabbed_keyboard_is_ours_alone() -> anyhow::Result<()> {
    let keyboard = Keyboard::plug_in()?;
    let mut other = Place::default().open("vm/other", "evdev-keys", CONFIG)?;
    other.read()?;
    let config = format!("{}, grab: true}}", CONFIG.trim_end_matches('}'));

    let place = Place::default();
    let mut ours = place.open("vm/ours", "evdev-keys", &config)?;
    ours.read()?;
    let second = Place::default().refusal("vm/second", "evdev-keys", &config)?;
    keyboard.send(A, 1)?;
    let heard = levels(&ours.samples(1)?)?;
    other.stays_quiet()?;
    drop(ours);
    // The other did not see A go down, so its going up is no change; from here on it sees everything.
    keyboard.send(A, 0)?;
    keyboard.send(B, 1)?;
    let after = levels(&other.samples(1)?)?;

    same((heard, after), (vec![(0, true)], vec![(1, true)]))?;
    says(&second, "another program is using it")
}

fn a_keyboard_that_is_pulled_out_and_returns() -> anyhow::Result<()> {
    let keyboard = Keyboard::plug_in()?;
    let place = Place::default();
    let mut keys = place.open("vm/keys", "evdev-keys", CONFIG)?;
    keys.read()?;
    keyboard.send(A, 1)?;
    keys.samples(1)?;

    drop(keyboard);
    // The kernel lifts the keys of a keyboard that goes; that may come first.
    let why = keys.failure()?;
    drop(keys);
    let missing = place.refusal("vm/keys", "evdev-keys", CONFIG)?;
    let keyboard = Keyboard::plug_in()?;
    let mut keys = place.open("vm/keys", "evdev-keys", CONFIG)?;
    let start = levels(&keys.read()?)?;
    keyboard.send(A, 1)?;

    same(why.as_str(), "keyboard eg arcade encoder: hung up")?;
    says(&missing, "no keyboard called \"eg arcade encoder\"")?;
    same(start, vec![(0, false), (1, false)])?;
    same(levels(&keys.samples(1)?)?, vec![(0, true)])
}

fn an_unknown_keyboard_is_answered_with_those_that_exist() -> anyhow::Result<()> {
    let _keyboard = Keyboard::plug_in()?;

    let config = "{keyboard: eg piano, keys: [a]}";
    let why = Place::default().refusal("vm/keys", "evdev-keys", config)?;

    says(&why, "no keyboard called \"eg piano\"; this board has ")?;
    says(&why, NAME)
}
