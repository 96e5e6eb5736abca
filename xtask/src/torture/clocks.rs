//! Clocks of core and agents that are set while they run: injected, by courses that the plan writes.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use super::plan::{Act, Chance, Kind, Part};

/// Seconds by which a date is set, one way or the other.
const STEPS: [i64; 4] = [1, 5, 3_600, 86_400];

/// Writes the course of one program: 0 is the core, then the slots. It begins as this machine's clocks.
pub(super) fn write(path: &Path, who: usize, acts: &[Act], start: Duration) -> anyhow::Result<()> {
    let micros = |span: Duration| span.as_micros();
    let mut course = format!("start {} {}\n", micros(start), micros(eg_clock::date()));
    let drift = Chance::new(who as u64).below(100_000);
    writeln!(course, "0 crystal {}", i64::try_from(drift)? - 50_000)?;
    for act in acts.iter().filter(|act| act.kind == Kind::Clock && act.part == Part::Clock(who)) {
        let mut chance = Chance::new(act.chance);
        let step = STEPS[usize::try_from(chance.below(4)).unwrap_or(0)] * 1_000_000;
        let sign = if chance.below(2) == 0 { 1 } else { -1 };
        writeln!(course, "{} date {}", micros(act.at), sign * step)?;
    }
    Ok(std::fs::write(path, course)?)
}
