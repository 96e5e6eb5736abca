//! The control of the disk: its own fdatasync.

use crate::figure::{Report, Times};
use crate::names::{disk, side};
use anyhow::Result;
use std::io::Write;
use std::time::Instant;

/// Number of writes of a round.
const WRITES: u32 = 200;

/// Measures one write of 4 kB with fdatasync, many times over, where the journals of the benchmark stand.
///
/// # Errors
/// When nothing can be written there.
pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let mut file = tempfile::tempfile()?;
    let mut times = Times::default();
    for _ in 0..WRITES {
        let start = started();
        file.write_all(&[0; 4_096])?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    report.note(disk::NAME, disk::SYNC, side::DISK, times.quantile_us(0.5));
    Ok(())
}

/// Returns the moment a measurement starts.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub(crate) fn started() -> Instant {
    Instant::now()
}
