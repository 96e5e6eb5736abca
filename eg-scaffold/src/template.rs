//! The texts of a new crate, and where a crate of each kind belongs.

use crate::{DriverLike, Name, Sdk};

/// Kind of crate that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A driver for a board.
    Driver,
    /// A game module.
    Game,
}

/// A file of `templates`, under the path that it gets.
macro_rules! file {
    ($kind:literal, $path:literal) => {
        ($path, include_str!(concat!("../templates/", $kind, "/", $path)))
    };
}

const VOTE: [(&str, &str); 4] = [
    file!("game/vote", "README.md"),
    file!("game/vote", "src/lib.rs"),
    file!("game/vote", "tests/conformance.rs"),
    file!("game/vote", "tests/rules.rs"),
];

const RACE: [(&str, &str); 4] = [
    file!("game/race", "README.md"),
    file!("game/race", "src/lib.rs"),
    file!("game/race", "tests/conformance.rs"),
    file!("game/race", "tests/rules.rs"),
];

const PUZZLE: [(&str, &str); 4] = [
    file!("game/puzzle", "README.md"),
    file!("game/puzzle", "src/lib.rs"),
    file!("game/puzzle", "tests/conformance.rs"),
    file!("game/puzzle", "tests/rules.rs"),
];

/// Name of a driver's package.
const DRIVER_PACKAGE: &str = "eg-driver-{{name}}";

// Not called Cargo.toml, so that nobody takes the folders for crates.
const GAME_MANIFEST: &str = include_str!("../templates/game/manifest.toml");
const OUTSIDE_MANIFEST: &str = include_str!("../templates/outside/manifest.toml");
const CORE_MANIFEST: &str = include_str!("../templates/outside/core/manifest.toml");
const CORE_MAIN: &str = include_str!("../templates/outside/core/src/main.rs");

/// Game that a new one is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GameLike {
    /// Players choose among options, and most votes carry.
    #[default]
    Vote,
    /// Whoever presses first has a point.
    Race,
    /// Things of the room solve it, whoever touches them.
    Puzzle,
}

impl GameLike {
    /// Every one, in the order of the help.
    pub const ALL: [Self; 3] = [Self::Vote, Self::Race, Self::Puzzle];

    /// Name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vote => "vote",
            Self::Race => "race",
            Self::Puzzle => "puzzle",
        }
    }

    /// Every file of the new game but its manifest.
    pub fn files(self, name: &Name) -> impl Iterator<Item = (&'static str, String)> {
        let files: &'static [(&'static str, &'static str)] = match self {
            Self::Vote => &VOTE,
            Self::Race => &RACE,
            Self::Puzzle => &PUZZLE,
        };
        files.iter().map(move |(path, text)| (*path, render(text, name)))
    }
}

/// A core of its own for a game outside: a crate in the folder `core` that links the game and EG's core, found at `core`.
pub(crate) fn core_files(name: &Name, core: &Sdk) -> [(&'static str, String); 2] {
    let manifest = render(CORE_MANIFEST, name).replace("{{source}}", &core.to_string());
    [("core/Cargo.toml", manifest), ("core/src/main.rs", render(CORE_MAIN, name))]
}

impl Kind {
    /// The folder of such crates.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Driver => "drivers",
            Self::Game => "plugins",
        }
    }

    /// The crate whose binary has them in it.
    pub fn host(self) -> &'static str {
        match self {
            Self::Driver => "eg-agent",
            Self::Game => "eg-core",
        }
    }

    /// Returns the name of the package, under which it can stand in a registry.
    pub fn package(self, name: &Name) -> String {
        match self {
            Self::Driver => DRIVER_PACKAGE.replace("{{name}}", name.as_str()),
            Self::Game => name.to_string(),
        }
    }

    /// The file of the host that links them.
    pub fn list(self) -> &'static str {
        match self {
            Self::Driver => "drivers.rs",
            Self::Game => "games.rs",
        }
    }

    /// The crate that they are written against.
    pub fn sdk(self) -> &'static str {
        match self {
            Self::Driver => "eg-hal",
            Self::Game => "eg-game",
        }
    }

    /// The manifest of a crate of the workspace.
    pub fn manifest(self, name: &Name) -> String {
        match self {
            Self::Driver => DriverLike::default().manifest(name),
            Self::Game => render(GAME_MANIFEST, name),
        }
    }

    /// The manifest of a crate outside, which finds the SDK there.
    pub fn outside_manifest(self, name: &Name, sdk: &Sdk) -> String {
        let (what, plain, members) = match self {
            Self::Driver => ("A driver for EG", ", default-features = false", ""),
            Self::Game => ("A game for EG", "", "\nmembers = [\"core\"]"),
        };
        render(OUTSIDE_MANIFEST, name)
            .replace("{{package}}", &self.package(name))
            .replace("{{what}}", what)
            .replace("{{sdk}}", self.sdk())
            .replace("{{source}}", &format!("{sdk}{plain}"))
            .replace("{{members}}", members)
    }

    /// Every other file; of a game those of a vote, see [`GameLike::files`].
    pub fn files(self, name: &Name) -> impl Iterator<Item = (&'static str, String)> {
        let files: Vec<_> = match self {
            Self::Driver => DriverLike::default().files(name).collect(),
            Self::Game => GameLike::default().files(name).collect(),
        };
        files.into_iter()
    }
}

fn render(text: &str, name: &Name) -> String {
    name.fill(text)
}

#[cfg(test)]
mod tests {
    use super::{GameLike, Kind, core_files};
    use crate::Sdk;

    /// `true` unless a word in doubled braces is left, as in `{{name}}`; code may double braces before a space.
    fn is_filled_in(text: &str) -> bool {
        text.split("{{").skip(1).all(|after| !after.starts_with(char::is_alphabetic))
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        let name = "rotary-knob".parse().unwrap();
        for kind in [Kind::Driver, Kind::Game] {
            let manifests = [
                kind.manifest(&name),
                kind.outside_manifest(&name, &Sdk::Git("x".to_owned(), None)),
            ];

            for text in kind.files(&name).map(|(_, text)| text).chain(manifests) {
                assert!(is_filled_in(&text), "{text}");
            }
        }
        let games = GameLike::ALL.into_iter().flat_map(|like| like.files(&name));
        for (path, text) in games.chain(core_files(&name, &Sdk::Git("x".to_owned(), None))) {
            assert!(is_filled_in(&text), "{path}: {text}");
        }
    }
}
