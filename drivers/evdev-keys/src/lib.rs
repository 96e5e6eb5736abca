//! Keyboards, buzzers, arcade encoders, and scanners that type: whatever Linux shows as keys.

mod key;
mod layout;
mod model;
mod symbol;
mod typist;

pub use layout::Layout;

use eg_hal::prelude::*;
use eg_hal::scan::{Gives, Scan, Settings};
use key::Key;
use model::Fingers;
use std::time::Duration;
use typist::Typist;

/// `config:` of an `evdev-keys`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The keyboard: its path (`/dev/input/by-id/…`, `/dev/input/event3`), or the name it gives itself.
    keyboard: PortName,
    /// The keys that are watched: input channel n is the n-th. Down is high.
    #[serde(default)]
    keys: Vec<Key>,
    /// `true` if nobody else on the machine shall see the keyboard's keys.
    #[serde(default)]
    grab: bool,
    /// Codes that are typed as a whole, by a scanner or on a number pad: the input channel after those of `keys`.
    code: Option<Settings>,
    /// The layout that the keyboard was made for, or that the scanner was set to.
    #[serde(default)]
    layout: Layout,
}

/// An opened keyboard.
pub struct EvdevKeys {
    keyboard: KeyReader,
    codes: Vec<u16>,
    typist: Option<Typist>,
    started: bool,
}

impl Config {
    fn codes(&self) -> Vec<u16> {
        self.keys.iter().map(|key| key.0).collect()
    }
}

impl Driver for EvdevKeys {
    const KIND: &'static str = "evdev-keys";
    const ATTACHMENTS: &'static [Attachment] = &[
        Attachment::keyboard("buttons on a keyboard encoder").with("keys: [a, b]"),
        Attachment::keyboard("a scanner that types").with("code: {}"),
    ];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let codes = config.codes();
        let Config { keyboard, grab, code, layout, .. } = config;
        let mut wrong = SettingProblems::default();
        if codes.is_empty() && code.is_none() {
            wrong.push("keys", "name at least one key, or say code: {}");
        }
        for twice in (1..codes.len()).filter(|n| codes[..*n].contains(&codes[*n])) {
            wrong.push(KeyPath::from("keys").index(twice), "this key is named before");
        }
        board.refuse(wrong)?;
        let channel = Channels::of(codes.len(), 0).inputs;
        let scan = code.map(Scan::new).transpose()?;
        let typist = scan.map(|scan| Typist::new(scan, layout, channel));
        Ok(Self { keyboard: board.keys(&keyboard, grab)?, codes, typist, started: false })
    }

    /// A keyboard's controller has debounced its keys, and a scanner types a digit twice within some milliseconds.
    fn input(config: &Config, channel: Channel) -> InputTraits {
        match &config.code {
            Some(code) if code.gives == Gives::Tag && usize::from(channel) == config.keys.len() => {
                InputTraits::scanner(Duration::ZERO)
            }
            Some(_) | None => InputTraits::CLEAN,
        }
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let keyboard = bench.keyboard(&config.keyboard);
        let scanner = config.code.clone().map(|code| (code, config.layout));
        Box::new(Fingers::new(bench, keyboard, config.codes(), scanner))
    }
}

impl Device for EvdevKeys {
    fn wake(&self) -> Wake {
        let patience = self.typist.as_ref().and_then(Typist::patience);
        patience.map_or(Wake::OnEdge, Wake::EdgeOrEvery)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        while let Some(edge) = self.keyboard.next_key()? {
            if let Some(channel) = (0..).zip(&self.codes).find(|(_, code)| **code == edge.code) {
                readings.key(channel.0, edge);
            }
            if let Some(typist) = &mut self.typist {
                typist.take(edge, readings);
            }
        }
        let lost = self.keyboard.take_lost();
        if let Some(typist) = &mut self.typist {
            if lost > 0 {
                typist.lose(readings);
            }
            typist.rest(readings);
        }
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
        Channels::of(self.codes.len() + usize::from(self.typist.is_some()), 0)
    }
}

eg_hal::register!(EvdevKeys);
