//! Memory of what was told of inputs, for a device that takes the place of another.

use super::field::Field;
use eg_proto::InputName;
use std::collections::BTreeMap;

/// Memory of what was told of a device's inputs, for the device that takes its place: that tells what differs.
pub(crate) type Memory = BTreeMap<InputName, Told>;

/// Memory of what was told of one input.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// `true` if the input is active.
    pub(crate) on: bool,
    pub(super) field: Field,
    pub(super) value: Option<f64>,
}

impl Told {
    /// The tags that lie on a reader.
    pub(crate) fn tags(&self) -> &[String] {
        self.field.tags_told()
    }
}
