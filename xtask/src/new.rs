//! `cargo eg new`: a driver or a game that builds and keeps its promises before its author has typed anything.

mod chip;
mod edit;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use chip::Chip;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use eg_scaffold::{DriverLike, GameLike, Kind, Name, Plan, Sdk};

/// Arguments of `cargo eg new`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// A crate for a board: driver, chip model, conformance test, README, example YAML
    Driver(WantedDriver),
    /// A crate for a game: module, tests at a table, README
    Game(WantedGame),
}

#[derive(clap::Args)]
struct WantedGame {
    #[command(flatten)]
    wanted: Wanted,
    /// The game that it is like
    #[arg(long, value_name = "GAME", default_value = "vote", value_parser = like())]
    like: GameLike,
}

/// Reads the name of a game that a new one may be like.
fn like() -> impl TypedValueParser<Value = GameLike> {
    PossibleValuesParser::new(GameLike::ALL.map(GameLike::as_str)).map(|name| {
        let named = |like: &GameLike| like.as_str() == name;
        GameLike::ALL.into_iter().find(named).unwrap_or_default()
    })
}

#[derive(clap::Args)]
struct WantedDriver {
    #[command(flatten)]
    wanted: Wanted,
    /// Kind of board that it begins as: registers, lines, keys-irq, sensor, display, spi or serial
    #[arg(long, value_name = "KIND", default_value_t)]
    like: DriverLike,
    /// Crate of the registry that knows the chip, to be added as CRATE-chip; its name may be that of the driver
    #[arg(long, value_name = "CRATE")]
    chip: Option<String>,
}

#[derive(clap::Args)]
struct Wanted {
    /// Name of the crate: lower-case letters, digits and hyphens, e.g. mpr121 or quiz-round
    name: Name,
    /// Make it in a folder of its own in DIR, outside this workspace
    #[arg(long, value_name = "DIR")]
    outside: Option<PathBuf>,
    /// Where a crate outside finds EG, instead of in this checkout
    #[arg(long, value_name = "URL", requires = "outside")]
    git: Option<String>,
    /// The workspace, when it is not this one
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

/// Makes the crate. Everything is checked before the first file is written.
///
/// # Errors
/// When the name is taken, or a file to be changed is not as expected.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (kind, wanted) = match &args.what {
        What::Driver(driver) => (Kind::Driver, &driver.wanted),
        What::Game(game) => (Kind::Game, &game.wanted),
    };
    let root = match &wanted.root {
        Some(root) => root.canonicalize().with_context(|| root.display().to_string())?,
        None => crate::root(),
    };
    let name = &wanted.name;
    let git = wanted.git.as_deref();
    let plan = match (&args.what, &wanted.outside) {
        (What::Driver(driver), Some(dir)) => {
            let chip = chip::find(driver.chip.as_deref())?;
            let sdk = sdk(root.join(kind.sdk()), &root, dir, git)?;
            let mut plan = eg_scaffold::outside_driver(driver.like, name, &sdk, dir)?;
            chip.iter().for_each(|chip| chip.add_outside(&mut plan));
            plan
        }
        (What::Driver(driver), None) => {
            let chip = chip::find(driver.chip.as_deref())?;
            let (manifest, files) = (driver.like.manifest(name), driver.like.files(name));
            inside(kind, name, &root, manifest, files, chip.as_ref())?
        }
        (What::Game(game), Some(dir)) => {
            let eg = sdk(root.clone(), &root, dir, git)?;
            eg_scaffold::outside_game(game.like, name, &eg, dir)?
        }
        (What::Game(game), None) => {
            inside(kind, name, &root, kind.manifest(name), game.like.files(name), None)?
        }
    };
    plan.write()?;
    let manifest = plan.folder().join("Cargo.toml");
    eg_scaffold::settle(&manifest)?;
    println!("made {}:", plan.folder().display());
    plan.files().for_each(|file| println!("  {}", file.display()));
    println!("\nnext:");
    match &wanted.outside {
        Some(_) => {
            let manifest = manifest.display();
            println!("  cargo test --manifest-path {manifest}");
            if kind == Kind::Game {
                println!("  cargo run --manifest-path {manifest} -p {name}-core -- games");
            }
        }
        None => println!("  cargo test -p {}", kind.package(name)),
    }
    if let (Kind::Driver, None) = (kind, &wanted.outside) {
        println!("  cargo run -p eg-agent -- schema > configs/slot.schema.json");
    }
    Ok(ExitCode::SUCCESS)
}

fn inside(
    kind: Kind,
    name: &Name,
    root: &Path,
    manifest: String,
    files: impl Iterator<Item = (&'static str, String)>,
    chip: Option<&Chip>,
) -> anyhow::Result<Plan> {
    let folder = root.join(kind.folder()).join(name.as_str());
    ensure!(!folder.exists(), "{} is there already; choose another name", folder.display());
    let mut plan = Plan::new(folder);
    plan.add("Cargo.toml", manifest);
    for (path, text) in files {
        plan.add(path, text);
    }
    chip.iter().for_each(|chip| chip.add_inside(&mut plan));
    let mut change = |path: &str, edit: &dyn Fn(&str) -> anyhow::Result<String>| {
        let path = root.join(path);
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let text = edit(&text).with_context(|| path.display().to_string())?;
        plan.change(path, text);
        anyhow::Ok(())
    };
    change("Cargo.toml", &|text| {
        let text = edit::workspace(text, kind, name)?;
        chip.map_or(Ok(text.clone()), |chip| edit::version(&text, &chip.line()))
    })?;
    let host = kind.host();
    change(&format!("{host}/Cargo.toml"), &|text| edit::host(text, kind, name, root))?;
    change(&format!("{host}/src/{}", kind.list()), &|text| edit::list(text, name))?;
    Ok(plan)
}

/// Source of EG for a crate in `dir`, outside the workspace: a folder of this checkout, or a repository.
fn sdk(folder: PathBuf, root: &Path, dir: &Path, git: Option<&str>) -> anyhow::Result<Sdk> {
    let inside = dir.canonicalize().is_ok_and(|dir| dir.starts_with(root));
    ensure!(
        !inside,
        "{} is inside the workspace; leave --outside away to make it there",
        dir.display()
    );
    Ok(match git {
        Some(url) => Sdk::Git(url.to_owned(), commit(root)),
        None => Sdk::Folder(folder),
    })
}

/// Commit of a checkout: what is made outside is for an agent of this state. `None` where git cannot tell.
pub(crate) fn commit(root: &Path) -> Option<String> {
    let mut git = std::process::Command::new("git");
    let said = git.args(["rev-parse", "HEAD"]).current_dir(root).output().ok()?;
    let commit = String::from_utf8(said.stdout).ok()?.trim().to_owned();
    (said.status.success() && !commit.is_empty()).then_some(commit)
}
