//! The packages: made, unpacked, and built from in a folder that knows nothing of this workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use eg_scaffold::{Kind, Name, Sdk};

use super::CRATES;
use crate::step;

/// Files that each package has beside its code.
const WANTED: [&str; 5] =
    ["Cargo.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "src/lib.rs"];

/// Packages the crates, unpacks them, and tests a fresh driver and a fresh game on what came out.
///
/// # Errors
/// A package that cargo refuses, a file that one lacks, or a test that fails.
pub(super) fn check() -> anyhow::Result<()> {
    let folder = crate::target().join("sdk");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    // Below this workspace cargo would take the crates for lost members of it.
    let room = std::env::temp_dir().join(format!("eg-sdk-{}", std::process::id()));
    let result = package(&folder).and_then(|()| build(&folder, &room));
    let _ = fs::remove_dir_all(&room);
    result
}

/// Has cargo make the packages and unpacks each into `folder`, under its name.
fn package(folder: &Path) -> anyhow::Result<()> {
    let mut cargo = step::cargo();
    cargo.args(["package", "--quiet", "--no-verify", "--allow-dirty", "--exclude-lockfile"]);
    for krate in CRATES {
        cargo.args(["--package", krate]);
    }
    ensure!(cargo.status()?.success(), "cargo package fails");
    for krate in CRATES {
        let name = format!("{krate}-{}", env!("CARGO_PKG_VERSION"));
        let file = crate::target().join("package").join(format!("{name}.crate"));
        let tar = Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(folder).status();
        ensure!(tar.context("tar does not start")?.success(), "{} does not unpack", file.display());
        let unpacked = folder.join(krate);
        fs::rename(folder.join(&name), &unpacked)?;
        let lacks = WANTED.iter().find(|file| !unpacked.join(file).is_file());
        ensure!(lacks.is_none(), "the package of {krate} lacks {lacks:?}");
        same_code(&crate::root().join(krate).join("src"), &unpacked.join("src"))?;
        let manifest = fs::read_to_string(unpacked.join("Cargo.toml"))?;
        let outside = ["eg-features", "path = \"..", "workspace = true"];
        let found = outside.iter().find(|word| manifest.contains(*word));
        ensure!(found.is_none(), "the package of {krate} still says {found:?}");
    }
    Ok(())
}

/// Holds each file of a folder against the one that was packaged: by their digest an agent takes a library.
fn same_code(ours: &Path, packaged: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(ours)? {
        let path = entry?.path();
        let other = packaged.join(path.file_name().context("a file without a name")?);
        if path.is_dir() {
            same_code(&path, &other)?;
        } else {
            let same = fs::read(&path)? == fs::read(&other).unwrap_or_default();
            ensure!(same, "{} is another file in the package", path.display());
        }
    }
    Ok(())
}

/// Makes a driver and a game in an empty folder, on the packages alone, and runs their tests.
fn build(packages: &Path, room: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(room)?;
    let (driver, game): (Name, Name) = (name("knob-8")?, name("abacus")?);
    let sdk = Sdk::Registry(env!("CARGO_PKG_VERSION").to_owned());
    for (kind, name) in [(Kind::Driver, &driver), (Kind::Game, &game)] {
        eg_scaffold::outside(kind, name, &sdk, room)?.write()?;
        // One workspace for both, so that one cargo builds them.
        let manifest = room.join(name.as_str()).join("Cargo.toml");
        let text = fs::read_to_string(&manifest)?;
        fs::write(&manifest, text.split("\n# A workspace of its own").next().unwrap_or(&text))?;
    }
    let patches = CRATES.map(|krate| {
        let path = packages.canonicalize().map(|packages| packages.join(krate));
        path.map(|path: PathBuf| format!("{krate} = {{ path = \"{}\" }}\n", path.display()))
    });
    let patches = patches.into_iter().collect::<Result<String, _>>()?;
    let text = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"{driver}\", \"{game}\"]\n\n[patch.crates-io]\n{patches}"
    );
    let manifest = room.join("Cargo.toml");
    fs::write(&manifest, text)?;
    fs::write(room.join("Cargo.lock"), eg_scaffold::LOCK)?;
    eg_scaffold::settle(&manifest)?;
    let mut cargo = eg_scaffold::cargo();
    cargo.args(["test", "--quiet", "--workspace", "--offline", "--manifest-path"]).arg(&manifest);
    cargo.env("CARGO_TARGET_DIR", crate::target()).current_dir(room);
    ensure!(cargo.status()?.success(), "a driver or a game on the packages fails");
    Ok(())
}

fn name(text: &str) -> anyhow::Result<Name> {
    text.parse().map_err(|error| anyhow::anyhow!("{error}"))
}
