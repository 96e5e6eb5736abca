//! The steps of `cargo eg test`, in the order in which they run: what fails fast comes first, what takes long last.

use crate::count::Count;
use crate::step::Step;
use crate::tools::{
    self, CHROMEDRIVER, CHROMIUM, DENY, MOSQUITTO, MOSQUITTO_PUB, MOSQUITTO_SUB, SQLITE,
};

/// Amount that is run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tier {
    /// Minutes, while one works: unit and property tests, no browser, no process, no build of another profile.
    Quick,
    /// Everything that a change has to pass.
    Usual,
    /// The same, and what searches for hours.
    Long,
}

/// Which tiers run a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum In {
    /// All.
    Every,
    /// The quick one, which runs a part of what the others run whole.
    Quick,
    /// The usual and the long one.
    Whole,
    /// The long one.
    Long,
}

impl Tier {
    /// Returns `true` if it runs this step.
    pub(super) fn runs(self, step: &Step) -> bool {
        match step.tier {
            In::Every => true,
            In::Quick => self == Self::Quick,
            In::Whole => self != Self::Quick,
            In::Long => self == Self::Long,
        }
    }
}

/// Unit tests, and the test programs of all crates that hold property tests.
const UNIT: [&str; 33] = [
    "nextest",
    "run",
    "--workspace",
    "--locked",
    "--lib",
    "--bins",
    "--test",
    "any_text",
    "--test",
    "decoding",
    "--test",
    "engine",
    "--test",
    "ballot",
    "--test",
    "buzzer",
    "--test",
    "casino",
    "--test",
    "carried",
    "--test",
    "code_lock",
    "--test",
    "combination",
    "--test",
    "majority",
    "--test",
    "night",
    "--test",
    "promises",
    "--test",
    "together",
    "--no-tests=fail",
];

/// Every step, in the order in which they run.
pub(super) const STEPS: [Step; 19] = [
    Step {
        name: "format",
        tier: In::Every,
        cargo: &["fmt", "--all", "--check"],
        env: &[],
        needs: &[],
        count: None,
    },
    Step {
        name: "unit",
        tier: In::Quick,
        cargo: &UNIT,
        env: &[],
        needs: &[&tools::NEXTEST],
        count: Some(Count::from_nextest),
    },
    Step {
        name: "licences",
        tier: In::Whole,
        cargo: &["deny", "--locked", "--all-features", "check", "licenses", "bans", "sources"],
        env: &[],
        needs: &[&DENY],
        count: None,
    },
    Step {
        name: "workflows",
        tier: In::Whole,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "workflows"],
        env: &[],
        needs: &[],
        count: Some(Count::from_checks),
    },
    Step {
        name: "clippy",
        tier: In::Whole,
        cargo: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
        env: &[],
        needs: &[],
        count: None,
    },
    Step {
        name: "docs",
        tier: In::Whole,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "docs"],
        env: &[],
        needs: &[],
        count: None,
    },
    Step {
        name: "doctests",
        tier: In::Whole,
        cargo: &["test", "--doc", "--workspace", "--locked", "--no-fail-fast"],
        env: &[],
        needs: &[],
        count: Some(Count::from_cargo_test),
    },
    Step {
        name: "tests",
        tier: In::Whole,
        cargo: &["nextest", "run", "--workspace", "--locked"],
        env: &[],
        needs: &[
            &tools::NEXTEST,
            &MOSQUITTO,
            &MOSQUITTO_PUB,
            &MOSQUITTO_SUB,
            &CHROMIUM,
            &CHROMEDRIVER,
        ],
        count: Some(Count::from_nextest),
    },
    Step {
        name: "sdk",
        tier: In::Whole,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "sdk"],
        env: &[],
        needs: &[],
        count: Some(Count::from_checks),
    },
    Step {
        name: "network",
        tier: In::Whole,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "net"],
        env: &[],
        needs: &[],
        count: Some(Count::from_checks),
    },
    Step {
        name: "torture",
        tier: In::Whole,
        cargo: &[
            "run",
            "--quiet",
            "--locked",
            "--package",
            "xtask",
            "--",
            "torture",
            "--seed",
            "21",
        ],
        env: &[],
        needs: &[&MOSQUITTO, &SQLITE],
        count: Some(Count::from_checks),
    },
    Step {
        name: "kernel",
        tier: In::Whole,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "vm"],
        env: &[],
        needs: &[],
        count: Some(Count::from_checks),
    },
    Step {
        name: "arm",
        tier: In::Whole,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "arm"],
        env: &[],
        needs: &[&MOSQUITTO_SUB],
        count: Some(Count::from_checks),
    },
    Step {
        name: "repository",
        tier: In::Whole,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "repository"],
        env: &[],
        needs: &[],
        count: Some(Count::from_checks),
    },
    Step {
        name: "containers",
        tier: In::Long,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "containers"],
        env: &[],
        needs: &[],
        count: Some(Count::from_checks),
    },
    Step {
        name: "systemd",
        tier: In::Long,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "systemd"],
        env: &[],
        needs: &[],
        count: Some(Count::from_checks),
    },
    Step {
        name: "interleavings",
        tier: In::Long,
        cargo: &["run", "--quiet", "--locked", "--package", "xtask", "--", "interleavings"],
        env: &[],
        needs: &[],
        count: Some(Count::from_cargo_test),
    },
    Step {
        name: "fuzz",
        tier: In::Long,
        cargo: &[
            "run",
            "--quiet",
            "--locked",
            "--package",
            "xtask",
            "--",
            "fuzz",
            "--seconds",
            "600",
        ],
        env: &[],
        needs: &[],
        count: None,
    },
    Step {
        name: "soak",
        tier: In::Long,
        cargo: &[
            "run",
            "--quiet",
            "--locked",
            "--package",
            "xtask",
            "--",
            "torture",
            "--minutes",
            "120",
        ],
        env: &[],
        needs: &[&MOSQUITTO, &SQLITE],
        count: Some(Count::from_checks),
    },
];
