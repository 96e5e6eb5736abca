//! Slots: what they say of themselves, how far away they are, and who speaks as each of them.

pub(in crate::engine) mod controls;
pub(in crate::engine) mod registry;
pub(in crate::engine) mod timing;
pub(in crate::engine) mod twins;
