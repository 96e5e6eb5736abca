//! Tells this crate what a driver library and its agent must have in common, as far as the compiler's own variables do
//! not say it.

#[path = "build/source.rs"]
mod source;

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rustc-env=EG_RUSTC={}", compiler()?);
    println!("cargo:rustc-env=EG_TARGET={}", env::var("TARGET")?);
    println!("cargo:rustc-env=EG_PANIC={}", env::var("CARGO_CFG_PANIC")?);
    println!("cargo:rustc-env=EG_EMBEDDED_HAL={}", embedded_hal()?);
    Ok(source::tell()?)
}

/// `1.95.0 59807616e1fa`: types are laid out alike by one build of one compiler alone.
fn compiler() -> Result<String, Box<dyn Error>> {
    let said = Command::new(env::var("RUSTC")?).arg("-vV").output()?;
    let said = String::from_utf8(said.stdout)?;
    let field = |key| said.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
    let release = field("release:").ok_or("rustc -vV names no release")?;
    let commit = field("commit-hash:").ok_or("rustc -vV names no commit")?;
    Ok(format!("{release} {}", commit.get(..12).unwrap_or(commit)))
}

/// The one version of embedded-hal that is allowed: its operations and error kinds cross too. A package says it in its
/// own manifest, a checkout in that of the workspace.
fn embedded_hal() -> Result<String, Box<dyn Error>> {
    for manifest in ["Cargo.toml", "../Cargo.toml"].map(Path::new) {
        let Ok(text) = fs::read_to_string(manifest) else { continue };
        println!("cargo:rerun-if-changed={}", manifest.display());
        let from = text.lines().skip_while(|line| {
            !line.starts_with("embedded-hal = \"=") && *line != "[dependencies.embedded-hal]"
        });
        let pinned = from.take(2).find_map(|line| line.split_once("\"="));
        if let Some((_, version)) = pinned {
            return Ok(version.trim_end_matches('"').to_owned());
        }
    }
    Err("no manifest pins embedded-hal".into())
}
