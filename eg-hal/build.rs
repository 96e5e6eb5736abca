//! Parts of the fingerprint of libraries that the compiler's own variables do not tell.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::error::Error;
use std::fs;
use std::hash::Hasher;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crates whose types an agent and a library hand each other.
const SHARED: [&str; 3] = ["eg-proto", "eg-config", "eg-hal"];

fn main() -> Result<(), Box<dyn Error>> {
    let home = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let workspace = home.parent().ok_or("eg-hal stands in no workspace")?;
    let manifest = workspace.join("Cargo.toml");
    watch(&manifest);
    println!("cargo:rustc-env=EG_RUSTC={}", compiler()?);
    println!("cargo:rustc-env=EG_TARGET={}", env::var("TARGET")?);
    println!("cargo:rustc-env=EG_PANIC={}", env::var("CARGO_CFG_PANIC")?);
    println!("cargo:rustc-env=EG_EMBEDDED_HAL={}", embedded_hal(&fs::read_to_string(manifest)?)?);
    println!("cargo:rustc-env=EG_SOURCE={:016x}", source(workspace)?);
    Ok(())
}

fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
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

/// The one version of embedded-hal that the workspace allows: its operations and error kinds cross too.
fn embedded_hal(manifest: &str) -> Result<&str, Box<dyn Error>> {
    let pinned = |line: &'_ str| Some(line.strip_prefix("embedded-hal = \"=")?.len());
    let line = manifest.lines().find(|line| pinned(line).is_some());
    let version = line.and_then(|line| line.split('"').nth(1)).map(|v| v.trim_start_matches('='));
    Ok(version.ok_or("the workspace pins no embedded-hal")?)
}

/// A digest of the SDK's source: two states of it that carry one version are told apart.
fn source(workspace: &Path) -> io::Result<u64> {
    let mut digest = DefaultHasher::new();
    for shared in SHARED {
        let folder = workspace.join(shared).join("src");
        watch(&folder);
        let mut files = Vec::new();
        gather(&folder, &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(workspace).unwrap_or(&file);
            digest.write(name.as_os_str().as_encoded_bytes());
            digest.write(&fs::read(&file)?);
        }
    }
    Ok(digest.finish())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
