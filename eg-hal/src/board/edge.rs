//! Changes of lines and keys, each with its stamp.

use crate::{Moment, Source};

/// One change of an input line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The level after it; `true` is high.
    pub high: bool,
    /// Time of the edge, by the kernel's stamp.
    pub at: Moment,
    /// Source of the stamp: `Kernel`, or `Synthetic` on the simulator.
    pub src: Source,
    /// Number of the edge on this line, from 1; a gap means that the kernel's queue overflowed.
    pub seq: u32,
}

/// One change of a key. Auto-repeat never shows here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyEdge {
    /// The key's code of the Linux uAPI (`input-event-codes.h`), e.g. 2 for `KEY_1`.
    pub code: u16,
    /// `true` if the key is down now.
    pub down: bool,
    /// Time of the change, by the kernel's stamp.
    pub at: Moment,
    /// Source of the stamp: `Kernel`, `Poll` for a state read back after a resync, `Synthetic` on the simulator.
    pub src: Source,
}
