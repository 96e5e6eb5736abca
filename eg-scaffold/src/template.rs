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

const GAME: [(&str, &str); 4] = [
    file!("game", "README.md"),
    file!("game", "src/lib.rs"),
    file!("game", "tests/conformance.rs"),
    file!("game", "tests/rules.rs"),
];

/// Name of a driver's package.
const DRIVER_PACKAGE: &str = "{{name}}";

// Not called Cargo.toml, so that nobody takes the folders for crates.
const GAME_MANIFEST: &str = include_str!("../templates/game/manifest.toml");
const OUTSIDE_MANIFEST: &str = include_str!("../templates/outside/manifest.toml");

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
        let (what, plain) = match self {
            Self::Driver => ("A driver for EG", ", default-features = false"),
            Self::Game => ("A game for EG", ""),
        };
        render(OUTSIDE_MANIFEST, name)
            .replace("{{what}}", what)
            .replace("{{sdk}}", self.sdk())
            .replace("{{source}}", &format!("{sdk}{plain}"))
    }

    /// Every other file.
    pub fn files(self, name: &Name) -> impl Iterator<Item = (&'static str, String)> {
        let files: Vec<_> = match self {
            Self::Driver => DriverLike::default().files(name).collect(),
            Self::Game => GAME.iter().map(|(path, text)| (*path, render(text, name))).collect(),
        };
        files.into_iter()
    }
}

fn render(text: &str, name: &Name) -> String {
    name.fill(text)
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use crate::Sdk;

    #[test]
    fn nothing_is_left_to_fill_in() {
        let name = "rotary-knob".parse().unwrap();
        for kind in [Kind::Driver, Kind::Game] {
            let manifests = [
                kind.manifest(&name),
                kind.outside_manifest(&name, &Sdk::Git("x".to_owned(), None)),
            ];

            for text in kind.files(&name).map(|(_, text)| text).chain(manifests) {
                assert!(!text.contains("{{"), "{text}");
            }
        }
    }
}
