//! A slot's YAML file, checked: what the agent is to open, and what each channel means.
//!
//! [`read_slot`] reads one file and [`read_slots`] several, with every mistake of the run in one [`Problems`]. A file
//! that is accepted was opened once on a simulated bench, so its lines exist and nothing holds one twice.

mod checks;
mod device;
mod dry_run;
mod file;
mod overrides;
mod place;
mod plugins;
mod read;
mod roles;
mod schema;
mod slot;
#[cfg(test)]
mod tests;

pub use device::{Active, DeviceConfig, Gestures, InputConfig, InputKind, OutputConfig};
pub use eg_config::{Problem, Problems, Source};
pub use overrides::Overrides;
pub use read::{core_of, identity_of, read_slot, read_slots};
pub use schema::schema;
pub use slot::{CoreAddress, Hal, MQTT_PORT, PAGE_PORT, SlotConfig};

#[cfg(not(feature = "rppal"))]
pub(crate) use slot::NO_RPPAL;
