//! Data for one rendering of a slot's page.

use crate::engine::read_model::{Panel, Slot};
use crate::http::page::slots::adoption::Adoption;
use crate::http::page::text::Localizer;
use eg_proto::{SlotId, Timestamp};
use std::net::IpAddr;

/// Data for one rendering of a slot's page, for all readers of one role.
pub(super) struct Detail<'a> {
    pub(super) voice: Localizer<'a>,
    pub(super) id: &'a SlotId,
    pub(super) slot: &'a Slot,
    pub(super) panel: &'a Panel,
    pub(super) adoption: &'a Adoption,
    pub(super) address: Option<IpAddr>,
    pub(super) now: Timestamp,
    /// `true` for readers who may set outputs.
    pub(super) acts: bool,
}
