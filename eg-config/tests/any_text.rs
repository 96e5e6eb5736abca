//! Whatever a file holds: no panic, and every position is inside it.

use std::collections::BTreeMap;
use std::path::Path;

use eg_config::{Anything, KeyPath, Located, Problems, Source, Span, read, read_at, read_lenient};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for its mistakes")]
struct Config {
    a: Located<u8>,
    b: Vec<Located<String>>,
    c: BTreeMap<Located<String>, Span>,
    d: Option<Box<Config>>,
    e: Kind,
    f: (bool, f64),
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "read for its mistakes")]
enum Kind {
    Plain,
    Wrapped(u16),
    Named { x: char, y: std::num::NonZeroU8 },
}

#[derive(Debug, Deserialize)]
#[serde(tag = "a", rename_all = "lowercase")]
#[expect(dead_code, reason = "read for its mistakes")]
enum Tagged {
    X { b: u8 },
    Y(BTreeMap<String, i64>),
}

fn check_positions(text: &str, problems: &Problems) -> Result<(), TestCaseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for problem in problems {
        let (Some(line), Some(column)) = (problem.line, problem.column) else {
            return Err(TestCaseError::fail("a problem without a position"));
        };
        let mut lines =
            text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
        let found = lines.nth(line - 1);
        prop_assert!(found.is_some());
        prop_assert_eq!(found, problem.snippet.as_deref());
        prop_assert!((1..=found.unwrap_or_default().chars().count() + 1).contains(&column));
        prop_assert!(problem.width >= 1);
    }
    Ok(())
}

fn check(text: String) -> Result<(), TestCaseError> {
    let source = Source::text("any.yaml", text);
    let results = [
        read::<Config>(&source).map(drop),
        read::<Tagged>(&source).map(drop),
        read::<Vec<Config>>(&source).map(drop),
        read::<Anything>(&source).map(drop),
        read_at::<Config>(&source, &KeyPath::from(["d", "d"])).map(drop),
    ];
    for problems in results.into_iter().filter_map(Result::err) {
        prop_assert!(!problems.is_empty());
        let printed = format!("{problems}{problems:#}");
        prop_assert!(printed.starts_with("any.yaml:"));
        check_positions(source.as_str(), &problems)?;
    }
    let (value, problems) = read_lenient::<Config>(&source);
    prop_assert!(value.is_some() || !problems.is_empty());
    check_positions(source.as_str(), &problems)
}

/// Reads a text as a file that another one includes, with variables.
fn check_included(text: &str) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir()?;
    let (file, included) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
    let whole = "<<: !include b.yaml\n";
    std::fs::write(&file, whole)?;
    std::fs::write(&included, text)?;
    let variables = [("a", "1"), ("b", ""), ("c", "é")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));

    let source = Source::read_with(&file, variables)
        .map_err(|problems| TestCaseError::fail(problems.to_string()))?;
    let (_, problems) = read_lenient::<Config>(&source);

    for problem in &problems {
        let text = if Path::new(&problem.file) == file { whole } else { text };
        check_positions(text, &problem.clone().into())?;
    }
    Ok(())
}

/// Texts that are nearly YAML.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "c", "d", "e", "f", "x", "Plain", "Wrapped", "Named", ": ", ":", "- ", "\n",
        "\n  ", "\n    ", "\r\n", "\r", "\t", "[", "]", "{", "}", ", ", "1", "-7", "300", "1.5",
        "1e400", ".nan", "0x1f", "true", "~", "20ms", "'", "\"", "\\", "&q ", "*q", "<<: ", "!t ",
        "!!str ", "# n", "|\n", ">\n", "---\n", "...\n", "é", "🦀", "\u{2028}", "\u{85}",
        "\u{feff}", "\u{0}", "%", "? ", "${", "}", "$", ":-",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// YAML of the right shape with anything in it.
fn shapes() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "1", "300", "x", "'y'", "~", "20ms", "true", "Plain", "0.5", ".inf", "",
    ]);
    let leaf = scalar.prop_map(str::to_owned);
    let value = leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop::sample::select(vec![
            "a", "b", "c", "d", "e", "f", "g", "bb", "Wrapped", "Named", "x", "y", "q.r",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec((key, inner), 0..7).prop_map(|entries| {
                let entries: Vec<_> =
                    entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{ {} }}", entries.join(", "))
            }),
        ]
    });
    let key = prop::sample::select(vec!["a", "b", "c", "d", "e", "f", "g", "aa"]);
    prop::collection::vec((key, value), 0..8).prop_map(|entries| {
        entries.into_iter().map(|(key, value)| format!("{key}: {value}\n")).collect()
    })
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_inside_the_file(text in any::<String>()) {
        check(text)?;
    }

    #[test]
    fn any_near_yaml_is_read_or_refused_inside_the_file(text in pieces()) {
        check(text)?;
    }

    #[test]
    fn any_shape_is_read_or_refused_inside_the_file(text in shapes()) {
        check(text)?;
    }

    #[test]
    fn any_included_text_is_read_or_refused_inside_its_file(text in pieces()) {
        check_included(&text)?;
    }

    #[test]
    fn every_value_knows_its_line_and_column(
        words in prop::collection::vec("[a-zé🦀]{1,8}", 1..8),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let text: String = words.iter().enumerate().map(|(n, word)| format!("k{n}: {word}{end}")).collect();

        let read: BTreeMap<String, Located<String>> = read(&Source::text("any.yaml", text)).unwrap();

        for (n, word) in words.iter().enumerate() {
            let value = &read[&format!("k{n}")];
            prop_assert_eq!(&**value, word);
            prop_assert_eq!((value.at().line, value.at().column), (n + 1, 5));
            prop_assert_eq!(value.at().width, word.chars().count());
            prop_assert_eq!(&value.at().path, &format!("k{n}"));
        }
    }
}
