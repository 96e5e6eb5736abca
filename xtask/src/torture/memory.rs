//! Memory of processes, as the kernel counts it.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// Time from one sample to the next.
const EVERY: Duration = Duration::from_secs(5);
/// Growth from the second quarter of a soak to the last, in percent, from which memory is not flat. Allocators keep more
/// or less of what they once had.
const FLAT: u64 = 115;

/// Returns the memory that a process has in RAM, in bytes.
pub(super) fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

/// Samples of several programs over one run.
#[derive(Debug, Default)]
pub(super) struct Memory {
    next: Duration,
    of: BTreeMap<String, Vec<u64>>,
}

impl Memory {
    /// Samples these processes, if it is time to.
    pub(super) fn sample<'p>(
        &mut self,
        now: Duration,
        programs: impl Iterator<Item = (&'p str, u32)>,
    ) {
        if now < self.next {
            return;
        }
        self.next = now + EVERY;
        for (name, pid) in programs {
            let Some(bytes) = resident(pid) else { continue };
            self.of.entry(name.to_owned()).or_default().push(bytes);
        }
    }

    /// Returns the curve of each program.
    pub(super) fn curves(&self) -> Vec<Curve> {
        let curve = |(name, samples): (&String, &Vec<u64>)| {
            let quarter = samples.len() / 4;
            if quarter == 0 {
                return None;
            }
            let of = |from: usize, to: usize| median(&samples[from..to]);
            Some(Curve {
                name: name.clone(),
                second: of(quarter, 2 * quarter),
                last: of(samples.len() - quarter, samples.len()),
                peak: samples.iter().copied().max().unwrap_or_default(),
            })
        };
        self.of.iter().filter_map(curve).collect()
    }
}

/// Memory of one program over a run, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Curve {
    pub(super) name: String,
    /// Median of the second quarter: everything is warm.
    pub(super) second: u64,
    /// Median of the last quarter.
    pub(super) last: u64,
    pub(super) peak: u64,
}

impl Curve {
    /// Returns `true` if the last quarter has no more than the second.
    pub(super) fn is_flat(&self) -> bool {
        self.last * 100 <= self.second * FLAT
    }
}

/// Returns the middle of these numbers; 0 of none.
pub(super) fn median(numbers: &[u64]) -> u64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(samples: impl Iterator<Item = u64>) -> Curve {
        let of = BTreeMap::from([("core".to_owned(), samples.collect())]);
        Memory { of, ..Memory::default() }.curves().remove(0)
    }

    #[test]
    fn memory_that_goes_on_growing_is_not_flat_and_a_warm_up_does_not_count() {
        let warm = curve((0..100).map(|at| 100 + at.min(20)));
        let grows = curve((0..100).map(|at| 100 + at));

        assert!(warm.is_flat(), "{warm:?}");
        assert!(!grows.is_flat(), "{grows:?}");
        assert_eq!((grows.second, grows.last, grows.peak), (137, 187, 199));
    }

    #[test]
    fn this_process_has_some_memory() {
        assert!(resident(std::process::id()).is_some_and(|bytes| bytes > 1 << 20));
    }
}
