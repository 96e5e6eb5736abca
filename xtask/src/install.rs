//! Installs the programs that are missing, and says what it installs.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::apt;
use crate::step;
use crate::tools::{self, Source, Tool};

/// Makes sure that every tool is there. What is missing is installed, unless `install` is false.
///
/// # Errors
/// Names every tool that is missing in the end, and why.
pub(crate) fn ensure_present(
    needed: &[&'static Tool],
    path: &OsStr,
    install: bool,
) -> anyhow::Result<()> {
    let missing: Vec<_> = needed.iter().copied().filter(|tool| !tool.is_present(path)).collect();
    if missing.is_empty() {
        println!("everything is there: {}", names(needed));
        return Ok(());
    }
    ensure!(install, "missing: {}; without --no-install they are installed", names(&missing));
    let mut failures = Vec::new();
    let packages = debian_packages(&missing);
    if !packages.is_empty() {
        failures.extend(install_debian(&packages, path).err());
    }
    for tool in &missing {
        if let Source::Crate { name, version, python } = tool.source {
            failures.extend(install_crate(name, version, python, path).err());
        }
    }
    let still: Vec<_> = missing.into_iter().filter(|tool| !tool.is_present(path)).collect();
    if still.is_empty() {
        return Ok(());
    }
    let mut why: Vec<_> = failures.iter().map(|failure| format!("{failure:#}")).collect();
    if why.is_empty() {
        why.push("what was installed is not in PATH".to_owned());
    }
    bail!("still missing: {} ({})", names(&still), why.join("; "))
}

fn names(tools: &[&Tool]) -> String {
    tools.iter().map(|tool| tool.program).collect::<Vec<_>>().join(", ")
}

/// The Debian packages of these tools, each once.
fn debian_packages(tools: &[&Tool]) -> Vec<&'static str> {
    let mut packages: Vec<_> = tools
        .iter()
        .filter_map(|tool| match tool.source {
            Source::Debian(package) => Some(package),
            Source::Crate { .. } => None,
        })
        .collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

fn install_debian(packages: &[&str], path: &OsStr) -> anyhow::Result<()> {
    let list = packages.join(" ");
    ensure!(
        tools::find("apt-get", path).is_some(),
        "there is no apt-get here: install what your system calls {list}"
    );
    println!("installing Debian packages: {list}");
    if let Err(error) = update_debian(path) {
        println!("going on with the package lists that are there: {error:#}");
    }
    let install = ["install", "--quiet=2", "--yes", "--no-install-recommends"];
    apt::get(&[&install[..], packages].concat(), path)?;
    if packages.contains(&"mosquitto") && Path::new("/run/systemd/system").exists() {
        println!("switching off the mosquitto service of the package: the tests start their own");
        run(apt::as_root("systemctl", path)?.args(["disable", "--now", "mosquitto"]))?;
    }
    Ok(())
}

/// Fetches Debian's package lists anew.
///
/// # Errors
/// When that fails, or is not ours to do.
pub(crate) fn update_debian(path: &OsStr) -> anyhow::Result<()> {
    ensure!(tools::find("apt-get", path).is_some(), "there is no apt-get here");
    apt::get(&["update", "--quiet=2"], path)
}

fn install_crate(
    name: &str,
    version: &str,
    python: Option<&str>,
    path: &OsStr,
) -> anyhow::Result<()> {
    if let Some(package) = python {
        println!(
            "installing {name} {version} into target/tools, from the Python package {package}"
        );
        match install_python(package, version, path) {
            Ok(()) => return Ok(()),
            Err(error) => println!("that did not work ({error:#})"),
        }
    }
    println!("building {name} {version} with cargo install; this takes some minutes, once");
    let wanted = format!("{name}@{version}");
    run(step::cargo().args(["install", "--locked", &wanted]).env("PATH", path))
}

/// Unpacks a ready-made program into our own folder: no code of the package runs, nothing of the system's changes.
fn install_python(package: &str, version: &str, path: &OsStr) -> anyhow::Result<()> {
    ensure!(tools::find("python3", path).is_some(), "there is no python3");
    run(Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary=:all:", "--upgrade", "--target"])
        .arg(tools::folder())
        .arg(format!("{package}=={version}"))
        .envs([("PATH", path), ("PIP_ROOT_USER_ACTION", OsStr::new("ignore"))]))
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_fails_when_nothing_may_be_installed() {
        static TOOL: Tool = Tool { program: "no-such-program", source: Source::Debian("nothing") };

        let error = ensure_present(&[&TOOL], &tools::path(), false).unwrap_err();

        assert!(error.to_string().starts_with("missing: no-such-program"), "{error}");
    }

    #[test]
    fn asks_for_a_package_once_when_two_programs_come_from_it() {
        let tools = [&tools::MOSQUITTO, &tools::MOSQUITTO_PUB, &tools::MOSQUITTO_SUB];

        assert_eq!(debian_packages(&tools), ["mosquitto", "mosquitto-clients"]);
    }
}
