//! One target under libFuzzer: `EG_FUZZ_TARGET` names it. One program has them all, so that they are built once.
#![no_main]

use std::sync::OnceLock;

use eg_fuzz_targets::{TARGETS, Target, target};
use libfuzzer_sys::fuzz_target;

/// Returns the target that this process runs.
fn chosen() -> &'static Target {
    static CHOSEN: OnceLock<Target> = OnceLock::new();
    CHOSEN.get_or_init(|| {
        let name = std::env::var("EG_FUZZ_TARGET").unwrap_or_default();
        let names = TARGETS.map(|target| target.name).join(", ");
        target(&name).unwrap_or_else(|| panic!("EG_FUZZ_TARGET is {name:?}; there are {names}"))
    })
}

fuzz_target!(|input: &[u8]| (chosen().run)(input));
