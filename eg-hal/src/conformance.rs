//! The conformance kit: one check for each promise of `docs/driver-spec.md`, run on a simulated bench with the driver's
//! own model.
//!
//! A driver's conformance test is three lines:
//!
//! ```
//! # use eg_hal::{prelude::*, sim::Switches};
//! # /// Settings.
//! # #[derive(Deserialize, JsonSchema)]
//! # #[serde(deny_unknown_fields)]
//! # struct Config {
//! #     /// Its line.
//! #     line: LineName,
//! # }
//! # struct Chime(InputLine);
//! # impl Driver for Chime {
//! #     const KIND: &'static str = "chime";
//! #     type Config = Config;
//! #     fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
//! #         Ok(Self(board.input(&config.line, Pull::Up)?))
//! #     }
//! #     fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
//! #         Box::new(Switches::new([bench.wire(&config.line)]))
//! #     }
//! # }
//! # impl Device for Chime {
//! #     fn wake(&self) -> Wake { Wake::OnEdge }
//! #     fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
//! #         Ok(readings.line(0, &mut self.0)?)
//! #     }
//! #     fn channels(&self) -> Channels { Channels::of(1, 0) }
//! # }
//! # eg_hal::register!(Chime);
//! # /*
//! #[test]
//! # */
//! fn conforms() {
//!     eg_hal::conformance::check::<Chime>("line: GPIO5");
//! }
//! # conforms();
//! ```

mod describing;
mod driving;
mod failing;
mod lab;
mod noise;
mod notes;
mod opening;
mod promise;
mod reading;
mod spied;
mod spy;
mod supply;
mod surviving;
mod timing;
mod waking;

pub use promise::Promise;

use crate::Driver;
use crate::panic_guard::catch_whole;
use crate::sim::Bench;
use lab::Lab;
use std::fmt;
use std::marker::PhantomData;

/// Examines a driver with this `config:`, which is to name every kind of input and output that it has.
///
/// # Panics
/// When a promise is broken, with each broken one and what to do about it.
pub fn check<D: Driver>(config: &str) {
    of::<D>(config).check();
}

/// Examines a driver that is different somewhere: say where, then [`check`](Kit::check).
pub fn of<D: Driver>(config: &str) -> Kit<D> {
    let lab = Lab {
        config: config.to_owned(),
        passes: 1,
        queue: None,
        prepare: Box::new(|_| {}),
        driver: PhantomData,
    };
    Kit { lab, exceptions: Vec::new() }
}

/// A driver to be examined, and where it is different.
pub struct Kit<D> {
    lab: Lab<D>,
    exceptions: Vec<(Promise, &'static str)>,
}

/// A promise that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Promise that is broken.
    pub promise: Promise,
    /// Observation that breaks it.
    pub seen: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { promise, seen } = self;
        writeln!(f, "{promise} {}: {seen}", promise.title())?;
        write!(f, "    {}", promise.advice())
    }
}

/// Result of one check: the observation that breaks the promise.
type Verdict = Result<(), String>;
type Check<D> = fn(&Lab<D>) -> Verdict;

impl<D: Driver> Kit<D> {
    /// A change may take so many reads until it is reported; 1 unless said.
    #[must_use]
    pub fn passes(mut self, reads: usize) -> Self {
        self.lab.passes = reads.max(1);
        self
    }

    /// The chip queues so many changes and says when it lost some: D13 is checked on it.
    #[must_use]
    pub fn queue_of(mut self, changes: usize) -> Self {
        self.lab.queue = Some(changes);
        self
    }

    /// Prepares each bench before the driver's model is put on it.
    #[must_use]
    pub fn bench(mut self, prepare: impl Fn(&Bench) + 'static) -> Self {
        self.lab.prepare = Box::new(prepare);
        self
    }

    /// The driver need not keep this promise, and why.
    ///
    /// # Panics
    /// When there is no promise of that number, or no reason.
    #[must_use]
    pub fn except(mut self, number: u8, reason: &'static str) -> Self {
        let promise = Promise::number(number);
        assert!(!reason.trim().is_empty(), "say why {promise} need not be kept");
        self.exceptions.push((promise, reason));
        self
    }

    /// Runs every check.
    ///
    /// # Panics
    /// When a promise is broken that was not excepted, or an excepted one is kept.
    pub fn check(self) {
        let broken = self.broken();
        let mut report = String::new();
        let excepted = |promise| self.exceptions.iter().any(|(known, _)| *known == promise);
        for one in broken.iter().filter(|one| !excepted(one.promise)) {
            report += &format!("\n{one}\n");
        }
        for (promise, reason) in &self.exceptions {
            if !broken.iter().any(|one| one.promise == *promise) {
                report += &format!(
                    "\n{promise} {}: is kept\n    remove the exception ({reason})\n",
                    promise.title()
                );
            }
        }
        assert!(
            report.is_empty(),
            "{} breaks what docs/driver-spec.md promises:\n{report}",
            D::KIND
        );
    }

    /// Runs every check and tells what is broken, by number. A driver that does not open is examined no further than
    /// its description.
    pub fn broken(&self) -> Vec<Broken> {
        let mut broken = Vec::new();
        let mut run = |number, check: Check<D>| {
            let verdict = catch_whole(|| check(&self.lab));
            let seen = match verdict {
                Ok(Ok(())) => return true,
                Ok(Err(seen)) => seen,
                Err(said) => format!("it panicked: {said}"),
            };
            broken.push(Broken { promise: Promise::number(number), seen });
            false
        };
        run(3, describing::unknown_keys);
        run(4, describing::schema);
        run(5, describing::registered);
        run(25, describing::attachments);
        let comes_back = run(1, opening::again);
        if comes_back
            || catch_whole(|| opening::opens(&self.lab)).is_ok_and(|opened| opened.is_ok())
        {
            run(2, opening::half_way);
            run(6, describing::model);
            run(7, describing::channels);
            run(8, reading::invents_nothing);
            run(9, reading::held_at_start);
            run(10, reading::what_is_there);
            run(11, reading::every_change);
            run(12, reading::order_and_time);
            run(13, reading::lost);
            run(14, waking::wakes);
            run(15, waking::rests);
            run(16, failing::silent_chip);
            run(17, failing::gone);
            // A device that cannot even be opened twice in peace cannot come back from an error.
            if comes_back {
                run(18, failing::comes_back);
            }
            run(19, surviving::noise);
            run(20, driving::safe_levels);
            run(21, driving::refuses);
            run(22, driving::does);
            run(23, supply::brown_out);
            run(24, timing::takes_little);
        }
        broken.sort_by_key(|one| one.promise);
        broken
    }
}
