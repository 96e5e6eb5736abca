//! What is wrong with a slot from the wire up, and what to do about it: findings for `eg-agent doctor` and for the
//! technician's page.

mod holdings;
mod lines;
mod machine;
#[cfg(test)]
mod tests;
mod wires;

pub use holdings::holdings;
pub use machine::{clock, power, storage};
pub use wires::wires;

use eg_page::{Words, WordsError};

/// Words of the doctor.
///
/// # Errors
/// Never, which a test sees to.
pub fn doctor_words() -> Result<Words, WordsError> {
    Words::new(include_str!("doctor/fr.ftl"), include_str!("doctor/en.ftl"))
}
