//! The crate of a chip, beside the driver that is to use it.

use anyhow::{Context, ensure};
use eg_scaffold::Plan;

/// A crate of the registry that knows a chip. The driver calls it CRATE-chip, so that both may have the chip's name.
pub(crate) struct Chip {
    name: String,
    version: String,
}

/// Asks the registry for the newest version of a crate.
///
/// # Errors
/// When there is no such crate, or the registry cannot be reached.
pub(crate) fn find(name: Option<&str>) -> anyhow::Result<Option<Chip>> {
    let Some(name) = name else { return Ok(None) };
    let mut cargo = eg_scaffold::cargo();
    let said = cargo.args(["info", "--quiet", "--color", "never", name]);
    // Elsewhere it would tell of a crate of this workspace that has the chip's name.
    let said =
        said.current_dir(std::env::temp_dir()).output().context("cannot start cargo info")?;
    ensure!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr).trim());
    let text = String::from_utf8_lossy(&said.stdout);
    let version = text.lines().find_map(|line| line.strip_prefix("version: "));
    let version = version.and_then(|line| line.split(' ').next());
    let version = version.with_context(|| format!("cargo info {name} tells no version"))?;
    Ok(Some(Chip { name: name.to_owned(), version: version.to_owned() }))
}

impl Chip {
    /// Line of a manifest with its version.
    pub(crate) fn line(&self) -> String {
        let Self { name, version } = self;
        format!("{name}-chip = {{ package = \"{name}\", version = \"{version}\" }}")
    }

    /// Adds it to a crate outside the workspace.
    pub(crate) fn add_outside(&self, plan: &mut Plan) {
        self.add(plan, &self.line());
    }

    /// Adds it to a crate of the workspace, which states the version.
    pub(crate) fn add_inside(&self, plan: &mut Plan) {
        self.add(plan, &format!("{}-chip.workspace = true", self.name));
    }

    /// Names it in manifest and code; what it is for, the author writes.
    fn add(&self, plan: &mut Plan, line: &str) {
        let section = "[dependencies]\n";
        plan.edit("Cargo.toml", |text| text.replacen(section, &format!("{section}{line}\n"), 1));
        let ident = self.name.replace('-', "_");
        let line = format!("use {ident}_chip as _;\nuse eg_hal::prelude::*;\n");
        plan.edit("src/lib.rs", |text| text.replacen("use eg_hal::prelude::*;\n", &line, 1));
    }
}

#[cfg(test)]
mod tests {
    use super::Chip;
    use eg_scaffold::{DriverLike, Plan};

    #[test]
    fn a_chip_of_the_name_of_its_driver_is_named_in_manifest_and_code() {
        let name = "tcs3472".parse().unwrap();
        let mut plan = Plan::new("/nowhere/tcs3472".into());
        plan.add("Cargo.toml", DriverLike::Sensor.manifest(&name));
        DriverLike::Sensor.files(&name).for_each(|(path, text)| plan.add(path, text));
        let chip = Chip { name: "tcs3472".to_owned(), version: "1.0.0".to_owned() };

        chip.add_inside(&mut plan);

        let mut found = Vec::new();
        for file in ["Cargo.toml", "src/lib.rs"] {
            plan.edit(file, |text| {
                found.extend(text.lines().filter(|line| line.contains("chip")).map(str::to_owned));
                text.to_owned()
            });
        }
        assert!(found.contains(&"tcs3472-chip.workspace = true".to_owned()), "{found:?}");
        assert!(found.contains(&"use tcs3472_chip as _;".to_owned()), "{found:?}");
        assert_eq!(chip.line(), "tcs3472-chip = { package = \"tcs3472\", version = \"1.0.0\" }");
    }
}
