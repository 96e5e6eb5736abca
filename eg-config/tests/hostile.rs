//! Files that are not YAML, or that mean harm.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use eg_config::{Anything, Source, read};

fn said(text: impl Into<String>) -> String {
    let source = Source::text("f.yaml", text);
    read::<Anything>(&source)
        .err()
        .map_or("nothing wrong".to_owned(), |problems| problems.to_string())
}

#[test]
fn says_where_a_text_stops_being_yaml() {
    let texts = [
        "a: 1\n\tb: 2\n",
        "a:\n\t- 1\n",
        "a: [1, 2\nb: 3\n",
        "a: {b: 1\n",
        "a: \"open\nb: 1\n",
        "a: 'open\n",
        "a: 1\n  b: 2\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: b: c\n",
        "- 1\na: 2\n",
        "a 1\nb: 2\n",
        "a: 1\n---\nb: 2\n",
        "a: !include other.yaml\n",
        "a: !wat {b: 1}\n",
        "a: *nobody\n",
        "a: &me [*me]\n",
        "a: @home\n",
        "a: `x`\n",
        "a: %x\n",
        "a: \"\\q\"\n",
        "a: 1\nb: \u{7}\n",
        "a: ]\n",
        "<<: 5\n",
        "? [a, b]\n: 1\n",
    ];

    let mut all = String::new();
    for text in texts {
        writeln!(all, "{}\n", said(text)).unwrap();
    }

    insta::assert_snapshot!(all);
}

#[test]
fn refuses_what_would_grow_without_end() {
    let mut laughs = "a0: &a0 [lol, lol, lol]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}", level - 1);
        writeln!(laughs, "a{level}: &a{level} [{below}, {below}, {below}, {below}]").unwrap();
    }
    let deep = format!("a: {}{}\n", "[".repeat(500), "]".repeat(500));
    let deep_block: String = (0..300).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let many = "- 1\n".repeat(60_000);
    let large = "a".repeat((1 << 20) + 1);

    let mut all = String::new();
    for text in [laughs, deep, deep_block, many, large] {
        writeln!(all, "{}\n", said(text)).unwrap();
    }

    insta::assert_snapshot!(all);
}

#[test]
fn says_which_byte_is_not_utf8() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("latin.yaml");
    fs::write(&file, b"\xef\xbb\xbfslot: slot-01\nname: caf\xe9\n").unwrap();

    let problems = Source::read(&file).unwrap_err();

    let said = problems.to_string().replace(&folder.path().display().to_string(), "");
    insta::assert_snapshot!(said, @r#"
    /latin.yaml:2:10: byte 0xe9 is not UTF-8; save the file as UTF-8
      2 | name: caf�
        |          ^
    "#);
}

#[test]
fn says_that_a_file_is_missing() {
    let problems = Source::read("no/such/file.yaml").unwrap_err();

    insta::assert_snapshot!(problems, @r#"
    no/such/file.yaml: cannot read this file: No such file or directory (os error 2)
    "#);
}

#[test]
fn says_what_an_empty_file_lacks() {
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "read for its mistakes")]
    struct Config {
        slot: String,
        host: String,
    }

    let problems = read::<Config>(&Source::text("f.yaml", "# nothing yet\n")).unwrap_err();

    insta::assert_snapshot!(problems, @r#"
    f.yaml:1:1: missing key "slot"
      1 | # nothing yet
        | ^

    f.yaml:1:1: missing key "host"
      1 | # nothing yet
        | ^
    "#);
}

#[test]
fn names_every_repeated_key_and_goes_on() {
    let text = "a: 1\nb: 2\na: 3\n'b': 4\nc: x\nd: {e: 1, e: 2}\n";

    let problems = read::<BTreeMap<String, u8>>(&Source::text("f.yaml", text)).unwrap_err();

    insta::assert_snapshot!(problems, @r#"
    f.yaml:3:1: key "a" appears twice; the first one is on line 1
      3 | a: 3
        | ^

    f.yaml:4:1: key "b" appears twice; the first one is on line 2
      4 | 'b': 4
        | ^^^

    f.yaml:5:4: c: wanted a whole number from 0 to 255, found text "x"
      5 | c: x
        |    ^

    f.yaml:6:4: d: wanted a whole number from 0 to 255, found a mapping
      6 | d: {e: 1, e: 2}
        |    ^

    f.yaml:6:11: d: key "e" appears twice; the first one is on line 6
      6 | d: {e: 1, e: 2}
        |           ^
    "#);
}

#[test]
fn stops_telling_after_a_hundred_mistakes() {
    let text: String = (0..9_000).map(|n| format!("- {{ a: x{n}, b: 1 }}\n")).collect();

    let problems = read::<Vec<BTreeMap<String, u8>>>(&Source::text("f.yaml", text)).unwrap_err();

    assert_eq!(problems.len(), 100);
}
