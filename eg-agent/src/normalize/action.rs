//! Something that happened at an input.

use eg_hal::Moment;
use eg_proto::{EventKind, InputName, Source};

/// Event at an input, ready to be numbered.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Name of the input. What concerns the whole device, such as a snapshot, names its first input that has a state.
    pub input: InputName,
    /// Kind of event.
    pub kind: EventKind,
    /// Time at which it happened, on the slot's clock. Actions come in the order in which they became certain, so a
    /// release may carry an earlier time than the action before it.
    pub at: Moment,
    /// The true moment lies within ± this many microseconds.
    pub unc_us: u64,
    /// Source of the stamp.
    pub src: Source,
}
