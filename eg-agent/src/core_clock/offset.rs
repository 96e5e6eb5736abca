//! The difference between two clocks.

/// Offset between the core's clock and the slot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// Core minus slot, µs.
    pub micros: i64,
    /// The true offset lies within ± this many microseconds.
    pub bound_us: u64,
}
