//! axe-core, which looks for barriers on a page: WCAG 2.2 A and AA, and best practice.

use crate::browser::Browser;
use flate2::read::GzDecoder;
use serde_json::json;
use std::io::Read;
use std::sync::LazyLock;

/// The program as its authors publish it, packed.
const PACKED: &[u8] = include_bytes!("vendor/axe-core-4.14.1.min.js.gz");

static AXE: LazyLock<String> = LazyLock::new(|| {
    let mut script = String::new();
    GzDecoder::new(PACKED).read_to_string(&mut script).unwrap();
    script
});

/// Script that hands over what axe finds: the rule, what it wants, and the elements.
const RUN: &str = r#"
    const done = arguments[arguments.length - 1];
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }).then(
      ({ violations }) => done(violations.map(({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 200)).slice(0, 4).join(" | ")}`)),
      (error) => done([String(error)]),
    );
"#;

/// Checks that axe finds nothing on the page as it stands.
pub(crate) async fn clean(browser: &Browser, what: &str) {
    browser.ask(&format!("if (!window.axe) {{ {} }}", AXE.as_str())).await;
    let found = browser.ask_later(RUN).await;
    assert_eq!(found, json!([]), "{what}");
}
