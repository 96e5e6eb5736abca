//! Fingerprint: all that an agent and a library must have in common before one trusts the other's types.

use super::text::{Text, until_zero};
use crate::sim::{Bench, Model};
use crate::{
    Board, BoardError, Channels, Claims, Device, DeviceError, DriverEntry, EntryError, OpenError,
    Output, Reading, Readings, Sample, Set, SettingProblems, Tried, Waits, Wake,
};
use eg_config::{KeyPath, Problem, Problems, Source};
use embedded_hal::{i2c, spi};

/// Longest fingerprint, in bytes.
pub(super) const LONGEST: usize = 1024;

/// Adds the size and the alignment of each type.
macro_rules! layouts {
    ($text:expr; $($name:literal $type:ty,)+) => {
        $text$(
            .text(concat!(" ", $name, ":"))
            .number(size_of::<$type>())
            .text("/")
            .number(align_of::<$type>())
        )+
    };
}

/// One line for each part, its name first, and zeros behind them: the compiler, the target, what a panic does, the SDK's
/// crates with a digest of their source, embedded-hal, and the size and alignment in bytes of what the two hand each other.
pub const FINGERPRINT: [u8; LONGEST] = {
    let text = Text::new()
        .text("rustc ")
        .text(env!("EG_RUSTC"))
        .text("\ntarget ")
        .text(env!("EG_TARGET"))
        .text("\npanic ")
        .text(env!("EG_PANIC"))
        .text("\neg-hal ")
        .text(env!("CARGO_PKG_VERSION"))
        .text(" ")
        .text(env!("EG_SOURCE"))
        .text("\neg-config ")
        .text(eg_config::SOURCE)
        .text("\neg-proto ")
        .text(eg_proto::SOURCE)
        .text("\nembedded-hal ")
        .text(env!("EG_EMBEDDED_HAL"))
        .text("\nlayout");
    layouts![text;
        "DriverEntry" DriverEntry,
        "Device" Box<dyn Device>,
        "Model" Box<dyn Model>,
        "Board" Board<'static>,
        "Bench" Bench,
        "Claims" Claims,
        "Waits" Waits,
        "Readings" Readings,
        "Sample" Sample,
        "Reading" Reading,
        "Output" Output,
        "Set" Set,
        "Wake" Wake,
        "Channels" Channels,
        "EntryError" EntryError,
        "OpenError" OpenError,
        "Settings" SettingProblems,
        "Tried" Tried,
        "BoardError" BoardError,
        "DeviceError" DeviceError,
        "Source" Source,
        "KeyPath" KeyPath,
        "Problem" Problem,
        "Problems" Problems,
        "i2c" i2c::Operation<'static>,
        "spi" spi::Operation<'static, u8>,
    ]
    .into_bytes()
};

/// The fingerprint of this build, as text.
pub fn fingerprint() -> String {
    until_zero(&FINGERPRINT)
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn every_part_is_named_and_said() {
        let text = fingerprint();

        let parts: Vec<_> = text.lines().map(|line| line.split_once(' ').unwrap()).collect();
        let names: Vec<_> = parts.iter().map(|part| part.0).collect();
        let crates = ["eg-hal", "eg-config", "eg-proto", "embedded-hal"];
        assert_eq!(names, [&["rustc", "target", "panic"], &crates[..], &["layout"]].concat());
        assert!(parts.iter().all(|part| !part.1.trim().is_empty()), "{text}");
    }
}
