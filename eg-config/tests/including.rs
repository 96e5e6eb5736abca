//! Files that include others and use variables.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use eg_config::{KeyPath, Located, Source, read, read_lenient, texts_at};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    slot: Located<String>,
    #[serde(default)]
    port: Option<Located<u16>>,
    #[serde(default)]
    pins: Vec<Located<String>>,
    #[serde(default)]
    board: Option<Board>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Board {
    bus: Located<u8>,
    #[serde(default)]
    code: Option<String>,
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn source(path: &Path, variables: &[(&str, &str)]) -> Source {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Source::read_with(path, variables).unwrap()
}

fn slot(folder: &TempDir, variables: &[(&str, &str)]) -> Result<Slot, String> {
    let source = source(&folder.path().join("slot.yaml"), variables);
    let place = folder.path().canonicalize().unwrap();
    read(&source).map_err(|problems| {
        let said = problems.to_string().replace(&*place.to_string_lossy(), "DIR");
        said.replace(&*folder.path().to_string_lossy(), "DIR")
    })
}

#[test]
fn one_file_serves_nine_slots() {
    let text = "slot: ${SLOT_ID}\nport: ${PORT:-1883}\npins: !include boards/pins.yaml\n";
    let folder = folder(&[("slot.yaml", text), ("boards/pins.yaml", "- P${PIN:-0}\n- P1\n")]);

    for number in 1..=9 {
        let name = format!("slot-0{number}");
        let slot = slot(&folder, &[("SLOT_ID", &name), ("PIN", "7")]).unwrap();

        assert_eq!(*slot.slot, name);
        assert_eq!(slot.port.map(Located::into_inner), Some(1883));
        assert_eq!(slot.pins, ["P7", "P1"].map(|pin| Located::new(pin.to_owned())));
    }
}

#[test]
fn a_variable_is_what_it_would_be_written_out() {
    let text = "number: ${N}\ntext: ${Z}\nword: ${T}\nnothing: ${E:-}\nquoted: '${N}'\ntwice: ${N}${N}\ncost: $${N}\n";
    let folder = folder(&[("a.yaml", text)]);
    let source =
        source(&folder.path().join("a.yaml"), &[("N", "42"), ("Z", "0123"), ("T", "true")]);

    #[derive(Debug, Deserialize)]
    struct Written {
        number: u16,
        text: String,
        word: bool,
        nothing: Option<u8>,
    }
    let written: Written = read(&source).unwrap();

    assert_eq!((written.number, written.text.as_str()), (42, "0123"));
    assert!(written.word && written.nothing.is_none());
    assert_eq!(
        texts_at(&source, &KeyPath::root()).unwrap(),
        json!({
            "number": "42", "text": "0123", "word": "true", "nothing": null,
            "quoted": "${N}", "twice": "4242", "cost": "${N}",
        })
    );
}

#[test]
fn a_file_without_variables_keeps_its_dollars() {
    let folder = folder(&[("slot.yaml", "slot: pa$$word$1\n")]);

    assert_eq!(*slot(&folder, &[]).unwrap().slot, "pa$$word$1");
}

#[test]
fn what_did_not_come_from_a_file_includes_nothing_and_knows_no_variable() {
    let text = Source::text("slot.yaml", "slot: ${PATH}\n");
    let include = Source::text("slot.yaml", "slot: !include /etc/hostname\n");

    assert_eq!(*read::<Slot>(&text).unwrap().slot, "${PATH}");
    let said = read::<Slot>(&include).unwrap_err().to_string();
    assert!(said.contains("tags such as \"!include\" are not read"), "{said}");
}

#[test]
fn a_mistake_is_told_in_the_file_that_it_stands_in() {
    let board = "# The panel\nbus: one\nbaud: 9600\n";
    let folder = folder(&[
        ("slot.yaml", "slot: a\nboard: !include b/panel.yaml\n"),
        ("b/panel.yaml", board),
    ]);

    insta::assert_snapshot!(slot(&folder, &[]).unwrap_err());
}

#[test]
fn what_a_check_finds_is_told_in_the_file_that_it_stands_in() {
    let folder = folder(&[
        ("slot.yaml", "slot: a\nboard:\n  <<: !include panel.yaml\n  code: ${CODE}\n"),
        ("panel.yaml", "# é, which takes two bytes\n\nbus: 7 # the last one\n"),
    ]);
    let source = source(&folder.path().join("slot.yaml"), &[("CODE", "0042")]);

    let (slot, problems) = read_lenient::<Slot>(&source);
    let board = slot.unwrap().board.unwrap();
    let by_value = source.problem_at(&board.bus, "no such bus");
    let by_path = source.problem_at(&KeyPath::from(["board", "bus"]), "no such bus");

    assert!(problems.is_empty(), "{problems}");
    assert_eq!(board.code.as_deref(), Some("0042"));
    assert_eq!(by_value, by_path);
    assert!(by_value.file.ends_with("panel.yaml"), "{by_value}");
    assert_eq!((by_value.line, by_value.column, by_value.width), (Some(3), Some(6), 1));
    assert_eq!(by_value.snippet.as_deref(), Some("bus: 7 # the last one"));
}

#[test]
fn a_missing_key_is_told_in_the_included_file() {
    let folder =
        folder(&[("slot.yaml", "slot: a\nboard: !include b.yaml\n"), ("b.yaml", "code: 1\n")]);

    let said = slot(&folder, &[]).unwrap_err();

    assert!(said.starts_with("DIR/b.yaml:1:1: board: missing key \"bus\""), "{said}");
}

#[test]
fn a_marked_part_of_a_file_can_be_included() {
    let boards = "left: &left\n  bus: 1\nright: &right\n  bus: two\n";
    let wanted = |anchor| format!("slot: a\nboard: !include boards.yaml#{anchor}\n");
    let left = folder(&[("slot.yaml", &wanted("left")), ("boards.yaml", boards)]);
    let right = folder(&[("slot.yaml", &wanted("right")), ("boards.yaml", boards)]);

    assert_eq!(*slot(&left, &[]).unwrap().board.unwrap().bus, 1);
    insta::assert_snapshot!(slot(&right, &[]).unwrap_err());
}

#[test]
fn says_what_is_wrong_with_a_variable_and_where() {
    let mut all = String::new();
    for text in [
        "slot: a\nport: ${NONE}\n",
        "slot: a-${SLOT}-${NONE}\n",
        "slot: ${NONE:?write it into agent.env}\n",
        "slot: ${EMPTY:?}\n",
        "slot: ${SLOT:=b}\n",
        "slot: ${SLOT}\nport: ${SLOT}\n",
    ] {
        let folder = folder(&[("slot.yaml", text)]);
        all.push_str(&slot(&folder, &[("SLOT", "b"), ("EMPTY", "")]).unwrap_err());
        all.push_str("\n\n");
    }

    insta::assert_snapshot!(all);
}

#[test]
fn says_why_a_file_is_not_included() {
    let mut all = String::new();
    for name in [
        "none.yaml",
        "../secret.yaml",
        "link.yaml",
        "folder.yaml",
        ".hidden.yaml",
        "notes.txt",
        "slot.yaml",
        "round.yaml",
        "broken.yaml",
        "latin.yaml",
        "two.yaml",
        "deep1.yaml",
        "missing.yaml",
        "boards.yaml#nobody",
        "boards.yaml#",
        "''",
        "[a]",
        "/etc/eg/core.yaml",
    ] {
        let text = format!("slot: a\nboard: !include {name}\n");
        let folder = folder(&[
            ("in/slot.yaml", &text),
            ("secret.yaml", "bus: 1\n"),
            ("in/folder.yaml/a.yaml", ""),
            ("in/.hidden.yaml", "bus: 1\n"),
            ("in/notes.txt", "bus: 1\n"),
            ("in/round.yaml", "bus: !include again.yaml\n"),
            ("in/again.yaml", "bus: !include round.yaml\n"),
            ("in/broken.yaml", "bus: 1\n\tcode: 2\n"),
            ("in/two.yaml", "bus: 1\n---\nbus: 2\n"),
            ("in/missing.yaml", "# here\nbus: ${NONE}\n"),
            ("in/boards.yaml", "left: &left\n  bus: 1\n"),
        ]);
        let inside = folder.path().join("in");
        for level in 1..20 {
            let text = format!("bus: !include deep{}.yaml\n", level + 1);
            fs::write(inside.join(format!("deep{level}.yaml")), text).unwrap();
        }
        fs::write(inside.join("latin.yaml"), b"bus: 1\ncode: caf\xe9\n").unwrap();
        std::os::unix::fs::symlink("../secret.yaml", inside.join("link.yaml")).unwrap();

        let said = read::<Slot>(&source(&inside.join("slot.yaml"), &[])).unwrap_err().to_string();
        let real = folder.path().canonicalize().unwrap();
        all.push_str(&said.replace(&*real.to_string_lossy(), "DIR"));
        all.push_str("\n\n");
    }

    insta::assert_snapshot!(all);
}

#[test]
fn a_variable_names_another_folder_to_include_from() {
    let folder = folder(&[
        ("slots/slot.yaml", "slot: a\nboard: !include ../boards/panel.yaml\n"),
        ("boards/panel.yaml", "bus: ${BUS}\n"),
    ]);
    let file = folder.path().join("slots/slot.yaml");
    let root = folder.path().display().to_string();

    let inside = source(&file, &[("EG_INCLUDE", &root), ("BUS", "3")]);
    let refused = read::<Slot>(&source(&file, &[("BUS", "3")])).unwrap_err().to_string();

    assert_eq!(*read::<Slot>(&inside).unwrap().board.unwrap().bus, 3);
    assert!(refused.contains("set EG_INCLUDE to the folder"), "{refused}");
}

#[test]
fn files_that_include_many_others_end() {
    let many: String = (0..300).map(|_| "- !include one.yaml\n").collect();
    let large = format!("# {}\n- P1\n", "x".repeat(600_000));
    let twice = "- !include large.yaml\n- !include large.yaml\n";
    let mut all = String::new();
    for pins in [many.as_str(), twice] {
        let folder = folder(&[
            ("slot.yaml", "slot: a\npins: !include pins.yaml\n"),
            ("pins.yaml", pins),
            ("one.yaml", "P1\n"),
            ("large.yaml", &large),
        ]);
        all.push_str(&slot(&folder, &[]).unwrap_err());
        all.push_str("\n\n");
    }

    insta::assert_snapshot!(all);
}

#[test]
fn a_file_read_again_reads_again_what_it_includes() {
    let folder =
        folder(&[("slot.yaml", "slot: a\nboard: !include b.yaml\n"), ("b.yaml", "bus: 1\n")]);
    let file = folder.path().join("slot.yaml");
    let bus = KeyPath::from(["board", "bus"]);

    let before = source(&file, &[]);
    assert_eq!(*read::<Slot>(&before).unwrap().board.unwrap().bus, 1);
    fs::write(folder.path().join("b.yaml"), "bus: 2\n").unwrap();
    let after = source(&file, &[]);

    assert_eq!(*read::<Slot>(&after).unwrap().board.unwrap().bus, 2);
    assert!(!before.says_the_same(&after, &bus));
}

#[test]
fn values_of_variables_do_not_show_in_a_programs_log() {
    let folder = folder(&[("slot.yaml", "slot: ${NAME}\n")]);

    let source = source(&folder.path().join("slot.yaml"), &[("NAME", "a"), ("TOKEN", "hunter2")]);

    assert!(!format!("{source:?}").contains("hunter2"));
}

#[test]
fn a_variable_within_brackets_is_refused_with_what_works() {
    let mut all = String::new();
    for text in [
        "slot: a\nboard: { bus: ${BUS} }\n",
        "slot: a\npins: [P1, ${PIN}]\n",
        "slot: a\npins: [x${PIN:-3}]\n",
    ] {
        let folder = folder(&[("slot.yaml", text)]);
        all.push_str(&slot(&folder, &[("BUS", "1")]).unwrap_err());
        all.push_str("\n\n");
    }

    insta::assert_snapshot!(all);
}
