//! What was told of inputs, kept for a device that takes the place of another.

use super::field::Field;
use eg_proto::InputName;
use std::collections::BTreeMap;

/// What was told of a device's inputs, for the device that takes its place: it tells what differs.
pub(crate) type Memory = BTreeMap<InputName, Told>;

/// What was told of one input.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// It is active.
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
