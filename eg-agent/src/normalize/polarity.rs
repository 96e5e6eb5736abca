//! The one place that turns levels into meaning and back.

use crate::config::{Active, OutputConfig};
use eg_proto::Set;

impl Active {
    /// Tells whether a line at this level is active; `high` is the physical level.
    pub fn is_active(self, high: bool) -> bool {
        match self {
            Self::High => high,
            Self::Low => !high,
        }
    }

    /// The physical level that makes a line active or not; `true` is high. Whoever plays the world outside, such as a
    /// simulated hand, asks this too.
    pub fn level(self, active: bool) -> bool {
        self.is_active(active)
    }
}

impl OutputConfig {
    /// Returns what the device is told so that the output does `set`: on becomes off, and a level its complement, where
    /// the output is active low. Colours, texts and pulses have no polarity; the host makes a pulse out of on and off.
    pub fn electrical(&self, set: Set) -> Set {
        match (self.active, set) {
            (Active::High, set) => set,
            (Active::Low, Set::On) => Set::Off,
            (Active::Low, Set::Off) => Set::On,
            (Active::Low, Set::Level(level)) => Set::Level(1.0 - level),
            (Active::Low, set @ (Set::Rgb(_) | Set::Text(_) | Set::Pulse(_) | _)) => set,
        }
    }

    /// The physical level of the safe state; `true` is high. A safe state that is neither on nor off counts as off.
    pub fn safe_level(&self) -> bool {
        self.active.level(self.safe == Set::On)
    }
}
