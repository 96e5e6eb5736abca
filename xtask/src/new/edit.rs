//! The lines that bring a crate into the workspace and into the binary that hosts it.

use std::path::Path;

use anyhow::{Context, bail};
use eg_scaffold::{Kind, Name};

/// The root manifest, with the crate among the dependencies of the workspace.
pub(crate) fn workspace(text: &str, kind: Kind, name: &Name) -> anyhow::Result<String> {
    let folder = kind.folder();
    let taken = |line: &str| line.split_once(" =").is_some_and(|(key, _)| key == name.as_str());
    if text.lines().any(taken) {
        bail!("the workspace knows a crate called \"{name}\" already; choose another name");
    }
    let path = format!("path = \"{folder}/{name}\"");
    let package = kind.package(name);
    let line = match package == name.as_str() {
        true => format!("{name} = {{ {path} }}"),
        false => format!("{name} = {{ package = \"{package}\", {path} }}"),
    };
    insert(text, &line, |line| line.contains(&format!("path = \"{folder}/")))
}

/// The root manifest, with a crate of the registry among the dependencies of the workspace.
pub(crate) fn version(text: &str, line: &str) -> anyhow::Result<String> {
    let name = line.split(' ').next().unwrap_or(line);
    if text.lines().any(|other| other.split(' ').next() == Some(name)) {
        return Ok(text.to_owned());
    }
    insert(text, line, |line| line.contains(" = ") && line.contains("-chip = { package = "))
}

/// The manifest of the host, with the crate among its fellows.
pub(crate) fn host(text: &str, kind: Kind, name: &Name, root: &Path) -> anyhow::Result<String> {
    let fellows = root.join(kind.folder());
    let is_fellow = |line: &str| {
        let key = line.strip_suffix(".workspace = true");
        key.is_some_and(|key| fellows.join(key).join("Cargo.toml").exists())
    };
    insert(text, &format!("{name}.workspace = true"), is_fellow)
}

/// The file that links the crates, with this one.
pub(crate) fn list(text: &str, name: &Name) -> anyhow::Result<String> {
    let is_link = |line: &str| line.starts_with("use ") && line.ends_with(" as _;");
    insert(text, &format!("use {} as _;", name.ident()), is_link)
}

/// Puts a line among its fellows, in their order.
fn insert(text: &str, line: &str, is_fellow: impl Fn(&str) -> bool) -> anyhow::Result<String> {
    let mut lines: Vec<_> = text.lines().collect();
    let fellows = || lines.iter().enumerate().filter(|(_, line)| is_fellow(line));
    // As folders sort: a hyphen before a letter, an end before a hyphen.
    let word =
        |line: &str| line.trim_start_matches("use ").split([' ', '.']).next().map(str::to_owned);
    let after = fellows().filter(|(_, fellow)| word(fellow) < word(line)).last();
    let at = match (after, fellows().next()) {
        (Some((last, _)), _) => last + 1,
        (None, Some((first, _))) => first,
        (None, None) => None.context("found no line like the one to add; add it by hand")?,
    };
    lines.insert(at, line);
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::{list, workspace};
    use eg_scaffold::Kind;

    #[test]
    fn a_line_stands_where_its_name_sorts() {
        let text = "//! Links.\n\nuse button_row as _;\nuse relay as _;\n";
        let with = |name: &str| list(text, &name.parse().unwrap()).unwrap();

        assert_eq!(with("abacus").lines().nth(2), Some("use abacus as _;"));
        assert_eq!(with("knob-2").lines().nth(3), Some("use knob_2 as _;"));
        assert_eq!(with("tca8418").lines().last(), Some("use tca8418 as _;"));
    }

    #[test]
    fn a_name_that_the_workspace_knows_is_refused() {
        let text =
            "[workspace.dependencies]\nrelay = { path = \"drivers/relay\" }\nserde = \"1\"\n";

        let refused = workspace(text, Kind::Driver, &"serde".parse().unwrap()).unwrap_err();

        assert!(refused.to_string().contains("choose another name"), "{refused}");
    }
}
