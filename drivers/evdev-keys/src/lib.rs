//! Keyboards, buzzers and arcade encoders: whatever Linux shows as keys.

mod key;
mod model;
mod symbol;

use eg_hal::prelude::*;
use key::Key;
use model::Fingers;

/// `config:` of an `evdev-keys`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The keyboard: its path (`/dev/input/by-id/…`, `/dev/input/event3`), or the name it gives itself.
    keyboard: PortName,
    /// The keys that are watched: input channel n is the n-th. Down is high.
    keys: Vec<Key>,
    /// Whether nobody else on the machine shall see the keyboard's keys.
    #[serde(default)]
    grab: bool,
}

/// An opened keyboard.
pub struct EvdevKeys {
    keyboard: KeyReader,
    codes: Vec<u16>,
    started: bool,
}

impl Driver for EvdevKeys {
    const KIND: &'static str = "evdev-keys";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let codes: Vec<u16> = config.keys.iter().map(|key| key.0).collect();
        let mut wrong = SettingProblems::default();
        if codes.is_empty() {
            wrong.push("keys", "name at least one key");
        }
        for twice in (1..codes.len()).filter(|n| codes[..*n].contains(&codes[*n])) {
            wrong.push(KeyPath::from("keys").index(twice), "this key is named before");
        }
        board.refuse(wrong)?;
        let keyboard = board.keys(&config.keyboard, config.grab)?;
        Ok(Self { keyboard, codes, started: false })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let codes = config.keys.iter().map(|key| key.0).collect();
        Box::new(Fingers::new(bench.keyboard(&config.keyboard), codes))
    }
}

impl Device for EvdevKeys {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        while let Some(edge) = self.keyboard.next_key()? {
            if let Some(channel) = (0..).zip(&self.codes).find(|(_, code)| **code == edge.code) {
                readings.key(channel.0, edge);
            }
        }
        let lost = self.keyboard.take_lost();
        for (channel, code) in (0..).zip(&self.codes) {
            if lost > 0 {
                // The kernel does not say whose changes it dropped: any key's may be among them.
                readings.push(channel, Reading::Lost(lost));
            }
            if !self.started {
                readings.level(channel, self.keyboard.is_down(*code)?);
            }
        }
        self.started = true;
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(self.codes.len(), 0)
    }
}

eg_hal::register!(EvdevKeys);
