//! Every promise of the documentation names tests that exist.

use crate::tree;

#[test]
fn every_test_that_a_promise_names_exists() {
    let page = tree::read("docs/promises.md");
    let code = tree::rust_files();

    let named: Vec<&str> = page.split('`').skip(1).step_by(2).collect();
    let exists = |name: &str| code.iter().any(|(_, text)| text.contains(&format!("fn {name}(")));
    let missing: Vec<_> = named.iter().filter(|name| !exists(name)).collect();

    assert!(named.len() > 12, "does this test still read the page?");
    assert!(missing.is_empty(), "docs/promises.md names tests that do not exist: {missing:#?}");
}
