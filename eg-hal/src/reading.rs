//! Raw samples: what a driver reports before anybody gives them a meaning.

use crate::{Channel, Edge, InputLine, KeyEdge, LineError, Moment, Source, Trigger};
use eg_proto::Noise;
use std::time::Duration;

/// From an edge to the kernel's stamp, taken in its interrupt: some microseconds, some tens under load.
const INTERRUPT_US: u64 = 50;
/// From a key to the kernel's stamp: a USB keyboard is asked every 10 ms at most (USB HID 1.11, appendix B; Linux
/// `usbhid.kbpoll`), and the kernel stamps the answer.
const KEYBOARD_US: u64 = 10_000;

/// One raw sample of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Number of the channel.
    pub channel: Channel,
    /// Reading of the channel.
    pub reading: Reading,
    /// Time of the reading, in the slot's clock.
    pub at: Moment,
    /// The true moment lies within ± this many microseconds.
    pub unc_us: u64,
    /// Source of the stamp.
    pub src: Source,
}

/// Reading of one channel.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reading {
    /// Electrical level of a two-state line; `true` is high. A key that is down is high.
    Level(bool),
    /// Detents turned since the last sample; clockwise is positive.
    Turn(i32),
    /// A finite value between `min` and `max`.
    Value {
        /// Value in `unit`.
        v: f64,
        /// Least value that is possible.
        min: f64,
        /// Greatest value that is possible.
        max: f64,
        /// Unit, e.g. `V`; empty for a bare ratio.
        unit: &'static str,
    },
    /// A tag came into the field: upper-case hexadecimal.
    Tag(String),
    /// A tag left the field.
    TagRemoved(String),
    /// No tag lies in the field: reported once by a reader that finds none when it starts, as a line reports its first
    /// level.
    NoTag,
    /// A key of a keypad, by its printed symbol.
    Key(String),
    /// A line of text, without its line end.
    Line(String),
    /// Number of changes of this channel that were lost before they could be read. Never a level in itself.
    Lost(u64),
    /// Nobody can tell whether this key of a matrix is down: current goes round through others. Told when that begins,
    /// and `false` when it is over. Never a level in itself.
    Ghost(bool),
}

/// The most bytes that are shown of what could not be used.
const SHOWN: usize = 24;

/// Collects the samples of one [`Device::read`](crate::Device::read); the host reuses it between passes.
#[derive(Debug)]
pub struct Readings {
    /// Each with whether its time is that of the pass.
    samples: Vec<(Sample, bool)>,
    noise: Option<Noise>,
    now: Moment,
    unc_us: u64,
    src: Source,
}

impl Readings {
    /// Begins a pass that starts `now`. A sample without a stamp of its own happened in the time that ends now and lasts
    /// twice `unc_us`: since the pass before, for a device that is polled; since the edge that woke it, for another. It
    /// is stamped with the middle of that time. `src` is `Poll` or `Driver` then, `Synthetic` on a simulated board.
    pub fn new(now: Moment, src: Source, unc_us: u64) -> Self {
        Self { samples: Vec::new(), noise: None, now, unc_us, src }
    }

    /// Starts another pass. Samples not yet taken stay.
    pub fn begin(&mut self, now: Moment, src: Source, unc_us: u64) {
        (self.now, self.src, self.unc_us) = (now, src, unc_us);
    }

    /// Gives the time at which this pass started, in the slot's clock. A driver has no other clock.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// Records a sample that has no stamp of its own.
    pub fn push(&mut self, channel: Channel, reading: Reading) {
        let Self { now, unc_us, src, .. } = *self;
        let at = now - Duration::from_micros(unc_us);
        self.samples.push((Sample { channel, reading, at, unc_us, src }, true));
    }

    /// Records the level of a two-state line; `true` is high.
    pub fn level(&mut self, channel: Channel, high: bool) {
        self.push(channel, Reading::Level(high));
    }

    /// Records the level of a two-state input that a look found, with the time of the edge that triggered the look.
    pub fn level_by(&mut self, channel: Channel, high: bool, trigger: Trigger) {
        match trigger {
            Trigger::Edge(edge) => self.edge(channel, Edge { high, ..edge }),
            Trigger::Poll => self.level(channel, high),
        }
    }

    /// Records an edge with the time the kernel gave it.
    pub fn edge(&mut self, channel: Channel, edge: Edge) {
        self.stamped(channel, Reading::Level(edge.high), edge);
    }

    /// Records a key's change with the time the kernel gave it; down is high.
    pub fn key(&mut self, channel: Channel, edge: KeyEdge) {
        self.typed(channel, Reading::Level(edge.down), edge);
    }

    /// Records what was typed, such as a code, with the time the kernel gave to the key that ended it.
    pub fn typed(&mut self, channel: Channel, reading: Reading, edge: KeyEdge) {
        let KeyEdge { at, src, .. } = edge;
        let unc_us = match src {
            Source::Kernel => KEYBOARD_US,
            Source::Poll | Source::Driver => self.unc_us,
            Source::Synthetic => 0,
        };
        self.samples.push((Sample { channel, reading, at, unc_us, src }, false));
    }

    /// Records detents of a dial, clockwise positive, with the time the kernel gave to the edge that made them.
    pub fn turn(&mut self, channel: Channel, detents: i32, edge: Edge) {
        self.stamped(channel, Reading::Turn(detents), edge);
    }

    /// A stamp is as good as whoever stamped: the kernel does in its interrupt, a simulated wire at once.
    fn stamped(&mut self, channel: Channel, reading: Reading, Edge { at, src, .. }: Edge) {
        let unc_us = match src {
            Source::Kernel => INTERRUPT_US,
            Source::Poll | Source::Driver => self.unc_us,
            Source::Synthetic => 0,
        };
        self.samples.push((Sample { channel, reading, at, unc_us, src }, false));
    }

    /// Counts something that was heard and cannot be used, such as a frame with a wrong checksum. The operator sees how
    /// many there were, and of the last one `why` and its bytes, the first 24 of them.
    pub fn noise(&mut self, why: &str, bytes: &[u8]) {
        let shown: Vec<String> =
            bytes.iter().take(SHOWN).map(|byte| format!("{byte:02X}")).collect();
        let more = if bytes.len() > SHOWN { " …" } else { "" };
        let noise = self.noise.get_or_insert(Noise { count: 0, last: String::new() });
        noise.count = noise.count.saturating_add(1);
        noise.last = format!("{why}: {}{more}", shown.join(" "));
    }

    /// Takes what was counted as noise since this was last asked.
    pub fn take_noise(&mut self) -> Option<Noise> {
        self.noise.take()
    }

    /// Records all news of a line: the edges since the last pass in their order, and its level when there is
    /// none to start from — on the first pass, and after edges were lost.
    ///
    /// # Errors
    /// Whatever the line reports.
    pub fn line(&mut self, channel: Channel, line: &mut InputLine) -> Result<(), LineError> {
        let mut latest = self.now;
        while let Some(edge) = line.next_edge()? {
            latest = latest.max(edge.at);
            self.edge(channel, edge);
        }
        let lost = line.take_lost();
        if lost > 0 {
            self.push(channel, Reading::Lost(lost));
        }
        if let Some(high) = line.resync()? {
            let Self { unc_us, src, .. } = *self;
            let reading = Reading::Level(high);
            self.samples.push((Sample { channel, reading, at: latest, unc_us, src }, true));
        }
        Ok(())
    }

    /// Ends the pass at `now`. A sample without a stamp of its own was seen at some moment of it: a slow pass makes that
    /// moment less certain, and stamps no worse.
    pub fn end(&mut self, now: Moment) {
        let took = u64::try_from(now.since(self.now).as_micros()).unwrap_or(u64::MAX);
        for (sample, of_the_pass) in &mut self.samples {
            if std::mem::take(of_the_pass) {
                sample.at = sample.at + Duration::from_micros(took / 2);
                sample.unc_us = sample.unc_us.saturating_add(took.div_ceil(2));
            }
        }
    }

    /// Takes the samples in the order of time, those of one moment in the order they were recorded, leaving this empty.
    /// So presses on two lines of one device keep their order although its lines are read one after the other.
    pub fn drain(&mut self) -> impl Iterator<Item = Sample> + '_ {
        self.samples.sort_by_key(|(sample, _)| sample.at);
        self.samples.drain(..).map(|(sample, _)| sample)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGE: Edge = Edge { high: true, at: Moment(900), src: Source::Kernel, seq: 1 };

    fn told(src: Source, record: impl FnOnce(&mut Readings)) -> Sample {
        let mut readings = Readings::new(Moment(10_000), src, 2_000);
        record(&mut readings);
        readings.end(Moment(10_600));
        readings.drain().next().unwrap()
    }

    #[test]
    fn a_turn_and_an_edge_are_as_certain_as_their_stamp() {
        let edge = told(Source::Driver, |readings| readings.edge(0, EDGE));
        let turn = told(Source::Driver, |readings| readings.turn(0, 1, EDGE));

        assert_eq!((edge.at, edge.unc_us), (Moment(900), INTERRUPT_US));
        assert_eq!((turn.at, turn.unc_us), (Moment(900), INTERRUPT_US));
    }

    #[test]
    fn a_slow_pass_makes_only_what_has_no_stamp_less_certain() {
        let wire = Edge { src: Source::Synthetic, ..EDGE };

        let stamped = told(Source::Synthetic, |readings| readings.edge(0, wire));
        let seen = told(Source::Synthetic, |readings| readings.level(0, true));

        assert_eq!((stamped.at, stamped.unc_us), (Moment(900), 0));
        assert_eq!((seen.at, seen.unc_us), (Moment(8_300), 2_300), "6 ms to 10.6 ms");
    }
}
