//! A driver that hangs in `read` while a test keeps its gate shut.

use eg_hal::prelude::*;
use eg_hal::sim::Switches;
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Number of drivers that wait at each gate that is shut.
static SHUT: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
static OPENED: Condvar = Condvar::new();

fn shut() -> MutexGuard<'static, BTreeMap<String, usize>> {
    SHUT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A gate of one test. Dropping it opens it.
pub(super) struct Gate(&'static str);

impl Gate {
    pub(super) fn new(name: &'static str) -> Self {
        Self(name)
    }

    pub(super) fn shut(&self) {
        shut().insert(self.0.to_owned(), 0);
    }

    pub(super) fn open(&self) {
        shut().remove(self.0);
        OPENED.notify_all();
    }

    pub(super) fn is_waited_for(&self) -> bool {
        shut().get(self.0).is_some_and(|waiting| *waiting > 0)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    button: LineName,
    gate: String,
}

struct Gated {
    button: InputLine,
    gate: String,
}

impl Driver for Gated {
    const KIND: &'static str = "test-gate";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        Ok(Self { button: board.input(&config.button, Pull::Up)?, gate: config.gate })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Switches::new([bench.wire(&config.button)]))
    }
}

impl Device for Gated {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut shut = shut();
        if let Some(waiting) = shut.get_mut(&self.gate) {
            *waiting += 1;
        }
        drop(OPENED.wait_while(shut, |shut| shut.contains_key(&self.gate)));
        Ok(readings.line(0, &mut self.button)?)
    }

    fn write(&mut self, _: Output) -> Result<(), DeviceError> {
        Ok(())
    }
}

eg_hal::register!(Gated);
