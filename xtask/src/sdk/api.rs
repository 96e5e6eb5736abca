//! The public API of a crate, as rustdoc's pages tell it: every item with its declaration, its methods and the traits that
//! it implements. The compiler has no stable listing of it, and its pages are one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::page::{between, section, text};
use crate::step;

/// Version of rustdoc whose pages are recorded: another one may word them in another way.
pub(super) const RUSTDOC: &str = "rustdoc 1.95";

/// Has cargo write the pages and lists each crate's API; `None` with another rustdoc than the recorded one.
///
/// # Errors
/// When the pages cannot be written, or are not as they are known here.
pub(super) fn read(crates: &[&str]) -> anyhow::Result<Option<Vec<(String, String)>>> {
    let rustdoc = std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    let said = std::process::Command::new(rustdoc).arg("--version").output();
    let said = said.context("rustdoc does not start")?.stdout;
    if !String::from_utf8_lossy(&said).starts_with(RUSTDOC) {
        return Ok(None);
    }
    let mut cargo = step::cargo();
    // In a folder of their own: pages of other features are not these, and cargo would take the one for the other.
    cargo.args(["doc", "--quiet", "--no-deps", "--locked", "--target-dir"]).arg(folder());
    for krate in crates {
        cargo.args(["--package", krate]);
    }
    ensure!(cargo.status()?.success(), "the documentation does not build");
    let list = |krate: &&str| Ok(((*krate).to_owned(), listed(krate)?));
    crates.iter().map(list).collect::<anyhow::Result<_>>().map(Some)
}

fn folder() -> PathBuf {
    crate::target().join("api")
}

/// One line for each item, and one under it for each method and each trait.
fn listed(krate: &str) -> anyhow::Result<String> {
    let folder = folder().join("doc").join(krate.replace('-', "_"));
    let all = page(&folder, "all.html")?;
    let (_, all) = all.split_once("List of all items").context("all.html lists nothing")?;
    let links = between(all, "<a href=\"", "\"").into_iter();
    let pages: BTreeSet<&str> = links.filter(|link| is_item(link)).collect();
    let mut lines = vec![format!("{krate}, by {RUSTDOC}")];
    let mut modules = BTreeSet::from([String::new()]);
    for file in &pages {
        let parts: Vec<&str> = file.split('/').collect();
        modules.extend((1..parts.len()).map(|end| parts[..end].join("/") + "/"));
        lines.push(String::new());
        lines.extend(item(file, &page(&folder, file)?)?);
    }
    lines.push(String::new());
    for module in modules {
        let html = page(&folder, &format!("{module}index.html"))?;
        let given = section(&html, "reexports").unwrap_or_default();
        let path = module.replace('/', "::");
        lines.extend(
            between(given, "<code>", "</code>")
                .into_iter()
                .map(|code| format!("{path}{}", text(code))),
        );
    }
    ensure!(pages.len() > 1, "{krate} has no items");
    Ok(lines.join("\n") + "\n")
}

/// `true` for a page of an item: `struct.Bench.html`, `macro.register.html`.
fn is_item(link: &str) -> bool {
    let file = link.rsplit('/').next().unwrap_or(link);
    file.ends_with(".html") && file.matches('.').count() == 2 && !link.contains("..")
}

fn page(folder: &Path, file: &str) -> anyhow::Result<String> {
    let path = folder.join(file);
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// An item: `backend/sim/struct.Bench.html` is `backend::sim::Bench`.
fn item(file: &str, html: &str) -> anyhow::Result<Vec<String>> {
    let (module, name) = file.rsplit_once('/').unwrap_or(("", file));
    let name = name.trim_end_matches(".html").split_once('.').context("a page without a kind")?.1;
    let path = if module.is_empty() { String::new() } else { module.replace('/', "::") + "::" };
    let code = between(html, "<pre class=\"rust item-decl\"><code>", "</code></pre>");
    let code = code.first().with_context(|| format!("{file} declares nothing"))?;
    let mut lines = vec![format!("{path}{name}: {}", text(code))];
    let own = section(html, "implementations").unwrap_or_default();
    lines.extend(between(own, "<h4 class=\"code-header\">", "</h4>").into_iter().map(text));
    let traits = section(html, "trait-implementations").unwrap_or_default();
    lines.extend(between(traits, "<h3 class=\"code-header\">", "</h3>").into_iter().map(text));
    let head = lines.remove(0);
    lines.sort();
    Ok(std::iter::once(head).chain(lines.into_iter().map(|line| format!("    {line}"))).collect())
}

/// Lines that one of them alone has, with `-` for the recorded and `+` for the new; each below its item.
pub(super) fn differences(recorded: &str, now: &str) -> Vec<String> {
    let items = |text: &str| -> BTreeSet<(String, String)> {
        let mut head = String::new();
        let lines = text.lines().filter(|line| !line.is_empty()).map(|line| {
            if !line.starts_with(' ') {
                head = line.split(": ").next().unwrap_or_default().to_owned();
            }
            (head.clone(), line.trim().to_owned())
        });
        lines.collect()
    };
    let (recorded, now) = (items(recorded), items(now));
    let gone = recorded.difference(&now).map(|(head, line)| (head, '-', line));
    let new = now.difference(&recorded).map(|(head, line)| (head, '+', line));
    let mut differs: Vec<_> = gone.chain(new).collect();
    differs.sort_by_key(|(head, sign, line)| (*head, *sign == '+', *line));
    differs.into_iter().map(|(head, sign, line)| format!("{sign} {head}: {line}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{differences, item};

    #[test]
    fn an_item_is_listed_with_its_methods_and_traits() {
        let html = "<pre class=\"rust item-decl\"><code>pub struct Edge {\n    pub high: <a>bool</a>,\n}</code></pre>\
            <h2 id=\"implementations\">I</h2><h3 class=\"code-header\">impl Edge</h3>\
            <h4 class=\"code-header\">pub fn is_rising(&amp;self) -&gt; bool</h4>\
            <h2 id=\"trait-implementations\">T</h2><h3 class=\"code-header\">impl <a>Clone</a> for Edge</h3>\
            <h4 class=\"code-header\">fn clone(&amp;self) -&gt; Edge</h4>\
            <h2 id=\"synthetic-implementations\">A</h2><h3 class=\"code-header\">impl Send for Edge</h3>";

        assert_eq!(
            item("board/struct.Edge.html", html).unwrap(),
            [
                "board::Edge: pub struct Edge { pub high: bool, }",
                "    impl Clone for Edge",
                "    pub fn is_rising(&self) -> bool"
            ]
        );
    }

    #[test]
    fn a_method_that_is_gone_and_one_that_is_new_are_told() {
        let recorded = "eg-a, by x\n\nEdge: struct Edge;\n    fn old()\n    fn kept()\n";
        let now = "eg-a, by x\n\nEdge: struct Edge;\n    fn kept()\n    fn new()\n";

        assert_eq!(
            differences(recorded, now),
            ["- Edge: fn old()", "+ Edge: fn new()"].map(str::to_owned)
        );
        assert!(differences(now, now).is_empty());
    }
}
