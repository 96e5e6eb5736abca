//! Files that every page loads, held in the binary.

/// One file, ready to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Media type with character set, such as `text/css; charset=utf-8`.
    pub media_type: &'static str,
    /// The whole file.
    pub text: &'static str,
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Every file, by its name under `/assets/`. `eg.js` is what a page loads; it imports the other scripts.
const ASSETS: &[(&str, Asset)] = &[
    file("eg.css", "text/css; charset=utf-8", include_str!("../assets/eg.css")),
    file("eg.svg", "image/svg+xml; charset=utf-8", include_str!("../assets/eg.svg")),
    file("eg.js", JAVASCRIPT, include_str!("../assets/eg.js")),
    file("fields.js", JAVASCRIPT, include_str!("../assets/fields.js")),
    file("forms.js", JAVASCRIPT, include_str!("../assets/forms.js")),
    file("fragments.js", JAVASCRIPT, include_str!("../assets/fragments.js")),
    file("morph.js", JAVASCRIPT, include_str!("../assets/morph.js")),
    file("presses.js", JAVASCRIPT, include_str!("../assets/presses.js")),
    file("refusals.js", JAVASCRIPT, include_str!("../assets/refusals.js")),
    file("send.js", JAVASCRIPT, include_str!("../assets/send.js")),
    file("stream.js", JAVASCRIPT, include_str!("../assets/stream.js")),
    file("times.js", JAVASCRIPT, include_str!("../assets/times.js")),
];

const fn file(
    name: &'static str,
    media_type: &'static str,
    text: &'static str,
) -> (&'static str, Asset) {
    (name, Asset { media_type, text })
}

/// Returns the file of this name under `/assets/`, such as `eg.css` or `eg.js`; `None` for any other name.
pub fn asset(name: &str) -> Option<Asset> {
    ASSETS.iter().find(|(known, _)| *known == name).map(|(_, asset)| *asset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Names of the scripts that a script imports.
    fn imports(script: &str) -> impl Iterator<Item = &str> {
        let lines = script.lines().filter(|line| line.starts_with("import "));
        lines.filter_map(|line| line.split('"').nth(1)?.strip_prefix("./"))
    }

    #[test]
    fn every_script_is_imported_by_what_a_page_loads_and_is_served() {
        let (mut loaded, mut next) = (BTreeSet::new(), vec!["eg.js"]);
        while let Some(name) = next.pop() {
            if loaded.insert(name) {
                next.extend(imports(asset(name).unwrap().text));
            }
        }

        let scripts = ASSETS.iter().map(|(name, _)| *name).filter(|name| name.ends_with(".js"));
        assert_eq!(loaded, scripts.collect());
        assert_eq!(asset("layout.js"), None);
    }
}
