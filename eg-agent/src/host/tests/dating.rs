//! Times of what has no stamp of its own.

use super::*;
use eg_hal::Source as Stamped;
use eg_hal::sim::{Model, Poke};

const CHAIN: &str = "
driver: hc165
config: { select: spi0.0 }
inputs:
  a: { channel: 0, active: low, lockout: 1ms, release: 1ms }
";

/// The chain's buttons.
fn buttons(bench: &Bench) -> Box<dyn Model> {
    let slot = config(CHAIN);
    let device = &slot.devices[0];
    (device.entry.model)(&slot.source, &device.config_path, bench).unwrap()
}

impl Rig {
    /// Waits as [`wait`](Rig::wait) does, and gives everything that is told of each action.
    fn watch(&mut self, micros: u64) -> Vec<Action> {
        let end = self.bench.now() + Duration::from_micros(micros);
        let mut all = Vec::new();
        while let Some(due) = self.host.deadline().filter(|due| *due <= end) {
            self.bench.advance(due.since(self.bench.now()));
            self.host.step(self.bench.now(), Woken::default(), Mail::default(), &mut all);
        }
        self.bench.advance(end.since(self.bench.now()));
        all
    }
}

#[test]
fn a_polled_press_happened_within_what_it_says_however_it_falls_between_two_looks() {
    let bench = Bench::virtual_time();
    let mut buttons = buttons(&bench);
    let mut rig = Rig::on(bench, CHAIN);
    rig.watch(100_000);

    for phase in (0..5_000).step_by(613) {
        rig.watch(phase);
        let pressed = rig.bench.now();
        buttons.poke(0, &Poke::Level(false)).unwrap();
        let press = rig.watch(20_000).into_iter().find(|told| told.kind == EventKind::Press);
        buttons.poke(0, &Poke::Level(true)).unwrap();
        rig.watch(50_000);

        let Action { at, unc_us, src, .. } = press.unwrap();
        assert!(at.0.abs_diff(pressed.0) <= unc_us, "{pressed:?} told as {at:?} ± {unc_us} µs");
        assert_eq!(
            (src, unc_us),
            (Stamped::Synthetic, 2_504),
            "half of 5 ms and of a byte at 1 MHz"
        );
    }
}

#[test]
fn a_look_that_came_late_says_so() {
    let bench = Bench::virtual_time();
    let mut buttons = buttons(&bench);
    let mut rig = Rig::on(bench, CHAIN);
    rig.watch(100_000);
    buttons.poke(0, &Poke::Level(false)).unwrap();
    let pressed = rig.bench.now();

    rig.bench.advance(Duration::from_millis(80));
    let press = rig.watch(1).into_iter().find(|told| told.kind == EventKind::Press).unwrap();

    assert!(press.at.0.abs_diff(pressed.0) <= press.unc_us, "{press:?} of {pressed:?}");
    assert!(press.unc_us >= 40_000, "nobody looked for 80 ms: {press:?}");
}
