//! Fingers on a keyboard: channel n is the n-th key that the slot's file names, and the one after them a scanner.

use crate::layout::{ALT_GR, Held, LEFT_SHIFT, Layout};
use eg_hal::prelude::*;
use eg_hal::scan::{Checksum, Gives, Settings, xor};
use eg_hal::sim::{Keyboard, Touch};
use std::time::Duration;

/// Keys that move at once; others wait, for evdev keeps no more than 64 changes.
const AT_ONCE: usize = 32;
/// Before the next of them.
const PAUSE: Duration = Duration::from_millis(4);

pub(crate) struct Fingers {
    bench: Bench,
    keyboard: Keyboard,
    codes: Vec<u16>,
    scanner: Option<(Settings, Layout)>,
}

impl Fingers {
    pub(crate) fn new(
        bench: &Bench,
        keyboard: Keyboard,
        codes: Vec<u16>,
        scanner: Option<(Settings, Layout)>,
    ) -> Self {
        Self { bench: bench.clone(), keyboard, codes, scanner }
    }

    /// Types a code and its end as the layout has it. A character without a key is left out, as scanners do.
    fn scan(&self, text: &str, code: &Settings, layout: Layout) {
        let Settings { prefix, suffix, length, .. } = code;
        let end = match (suffix, length) {
            (Some(suffix), _) => suffix.as_str(),
            (None, Some(_)) => "",
            (None, None) => "\n",
        };
        let whole = format!("{prefix}{text}{end}");
        let keys = whole.chars().filter_map(|symbol| layout.key_for(symbol));
        let moves: Vec<(u16, bool)> = keys.flat_map(|(code, held)| stroke(code, held)).collect();
        let mut pause = Duration::ZERO;
        for part in moves.chunks(AT_ONCE) {
            let (keyboard, part) = (self.keyboard.clone(), part.to_vec());
            let press = move || part.into_iter().for_each(|(code, down)| keyboard.set(code, down));
            if pause.is_zero() {
                press()
            } else {
                self.bench.after(pause, press)
            }
            pause += PAUSE;
        }
    }
}

/// Keys that move for one symbol.
fn stroke(code: u16, Held { shift, alt_gr }: Held) -> Vec<(u16, bool)> {
    let with: Vec<u16> = [(LEFT_SHIFT, shift), (ALT_GR, alt_gr)]
        .into_iter()
        .filter_map(|(key, held)| held.then_some(key))
        .collect();
    let down = with.iter().map(|key| (*key, true));
    let up = with.iter().map(|key| (*key, false));
    down.chain([(code, true), (code, false)]).chain(up).collect()
}

impl Model for Fingers {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let number = usize::from(channel);
        if let (Some(code), Poke::Level(down)) = (self.codes.get(number), poke) {
            self.keyboard.set(*code, *down);
            return Ok(());
        }
        if let (true, Some((code, layout))) = (number == self.codes.len(), &self.scanner) {
            match poke {
                Poke::Tag(digits) if code.checksum == Checksum::Strip => {
                    let sum = xor(digits).unwrap_or(0);
                    self.scan(&format!("{digits}{sum:02X}"), code, *layout);
                    return Ok(());
                }
                Poke::Tag(text) | Poke::Line(text) => {
                    self.scan(text, code, *layout);
                    return Ok(());
                }
                Poke::TagAway => return Ok(()),
                Poke::Level(_) | Poke::Turn(_) | Poke::Value(_) | _ => {}
            }
        }
        let scanner = if self.scanner.is_some() { ", and then a scanner" } else { "" };
        let takes = format!("it has {} keys, up or down{scanner}", self.codes.len());
        Err(PokeError { channel, poke: poke.clone(), takes })
    }

    fn touch(&self, channel: Channel) -> Touch {
        match &self.scanner {
            Some((code, _)) if usize::from(channel) == self.codes.len() => match code.gives {
                Gives::Tag => Touch::Tag,
                Gives::Line | Gives::Key => Touch::Text,
            },
            Some(_) | None => Touch::Contact,
        }
    }
}
