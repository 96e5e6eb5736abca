//! `cargo eg pictures`: a picture of every page, from a demo core in a real browser.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};

use crate::install;
use crate::step;
use crate::tools;

/// Arguments of `cargo eg pictures`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder for the pictures; target/pictures when none is named
    folder: Option<PathBuf>,
    /// Put the pictures that the documentation shows into docs/pictures as well
    #[arg(long)]
    bless: bool,
}

/// Pictures that the documentation shows: the name of each, and its name in docs/pictures.
const SHOWN: [(&str, &str); 6] = [
    ("operator-1920-dark-en", "operator"),
    ("operator-390-light-fr", "operator-phone"),
    ("settings-wrong-1024-light-en", "settings"),
    ("display-1920-dark-en", "display"),
    ("slot-1024-dark-en", "slot"),
    ("sessions-1024-light-en", "sessions"),
];

/// Takes the pictures: three widths, light and dark, French and English.
///
/// # Errors
/// When the browser is missing, or a page does not come up.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let path = tools::path();
    install::ensure_present(&[&tools::CHROMIUM, &tools::CHROMEDRIVER], &path, true)?;
    let folder = args.folder.clone().unwrap_or_else(|| crate::target().join("pictures"));
    let folder = std::path::absolute(folder)?;
    let mut cargo = step::cargo();
    cargo.args(["test", "--package", "eg-core", "--test", "pictures"]).env("PATH", &path);
    let status = cargo.env("EG_PICTURES", &folder).status().context("cannot start cargo")?;
    ensure!(status.success(), "the pictures were not taken: {status}");
    if args.bless {
        let docs = crate::root().join("docs/pictures");
        std::fs::create_dir_all(&docs)?;
        for (name, shown) in SHOWN {
            let picture = folder.join(format!("{name}.webp"));
            let copied = std::fs::copy(&picture, docs.join(format!("{shown}.webp")));
            copied.with_context(|| picture.display().to_string())?;
        }
    }
    println!("{}", folder.display());
    Ok(ExitCode::SUCCESS)
}
