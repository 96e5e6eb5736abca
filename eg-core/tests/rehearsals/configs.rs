//! Tests that play every file of `configs/`: its rooms, shows and boards, by people who press.

use eg_agent::config::{Hal, Overrides, Source, read_slot};
use eg_agent::virtual_slot::VirtualSlot;
use eg_core::config::{CoreConfig, Environment};
use eg_core::rehearse::{Failure, Report, Script, rehearse};
use eg_proto::{Boot, DeviceHello, Hello, InputKind};
use std::path::{Path, PathBuf};

fn configs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs").canonicalize().unwrap()
}

/// Returns the YAML files of a folder of `configs/`, in alphabetical order.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(configs().join(folder)).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn play(what: &Path, script: &Script) -> Report {
    let report = rehearse(script, None).unwrap();
    let failures: Vec<String> = report.failures.iter().map(Failure::to_string).collect();
    assert!(failures.is_empty(), "{}: {failures:#?}", what.display());
    report
}

/// Plays a rehearsal from a text; files are named from `configs/`.
fn rehearsal(what: &Path, yaml: &str) -> Report {
    let source = eg_config::Source::text("rehearsal.yaml", yaml);
    let script = Script::of(&source, &configs());
    play(what, &script.unwrap_or_else(|problems| panic!("{}: {problems}\n{yaml}", what.display())))
}

#[test]
fn every_rehearsal_that_ships_goes_as_it_says() {
    for file in files("rehearsals") {
        let script = Script::read(&file).unwrap_or_else(|problems| panic!("{problems}"));
        let report = play(&file, &script);
        assert!(report.sessions > 0 && report.events > 0, "{}: {report:?}", file.display());
    }
}

#[test]
fn every_show_that_ships_is_played_by_a_rehearsal() {
    let rehearsals: Vec<String> =
        files("rehearsals").iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();

    for file in files("shows") {
        let name = format!("show: ../shows/{}", file.file_name().unwrap().display());
        assert!(rehearsals.iter().any(|text| text.contains(&name)), "nobody rehearses {name}");
    }
}

/// Returns the inputs of one kind, such as `panel/a`, from a slot's hello.
fn inputs(hello: &Hello, wanted: InputKind) -> Vec<String> {
    let of = |device: &DeviceHello| {
        let kinds = device.kinds.clone().unwrap_or_default();
        let fit = device.inputs.iter().filter(|input| kinds.get(*input) == Some(&wanted));
        fit.map(|input| format!("{}/{input}", device.name)).collect::<Vec<_>>()
    };
    hello.devices.iter().flat_map(of).collect()
}

/// Writes a rehearsal of one player's vote with options that no button is called by: the second button decides it.
fn vote(file: &str, second: &str) -> String {
    format!(
        "rooms: {{ main: {{ slots: [slot-01], game: night-vote, config: {{ steps: [ {{ question: Who?, options: [Anna, Ben] }} ] }} }} }}
slots: [ {{ file: {file} }} ]
steps:
  - {{ at: 1s, operator: start }}
  - {{ at: 2s, operator: next }}
  - {{ at: 3s, slot: slot-01, does: press {second} for 120ms }}
  - {{ at: 8s, expect: {{ phase: closed, sees: 'Ben' , explain: carries with 1 vote of 1 }} }}
"
    )
}

/// Writes a rehearsal in which a tag on a reader solves a puzzle.
fn altar(file: &str, reader: &str) -> String {
    let laid = format!("slot-01/{}", reader.split('/').next_back().unwrap());
    format!(
        "rooms: {{ main: {{ slots: [slot-01], game: combination, config: {{ when: {{ tag: {{ at: {laid}, uid: 04A37C91 }} }} }} }} }}
slots: [ {{ file: {file} }} ]
steps:
  - {{ at: 1s, operator: start }}
  - {{ at: 2s, slot: slot-01, does: tag {reader} 0BADCAFE for 1s }}
  - {{ at: 4s, slot: slot-01, does: tag {reader} 04A37C91 for 3s }}
  - {{ at: 9s, expect: {{ status: done }} }}
"
    )
}

/// Writes a rehearsal in which a single button is pressed, and no other is needed.
fn alone(file: &str, button: &str) -> String {
    format!(
        "rooms: {{ main: {{ slots: [slot-01], game: together, config: {{ needed: 1 }} }} }}
slots: [ {{ file: {file} }} ]
steps:
  - {{ at: 1s, operator: start }}
  - {{ at: 3s, slot: slot-01, does: press {button} for 120ms }}
  - {{ at: 5s, expect: {{ status: done }} }}
"
    )
}

/// Writes a rehearsal for a board without inputs: a code at the voter's board opens its first output.
fn opened(file: &str, output: &str) -> String {
    format!(
        "rooms: {{ main: {{ slots: [slot-01, slot-02], game: code-lock, config: {{ code: a b, opens: {{ slot: slot-02, output: {output} }} }} }} }}
slots: [ {{ file: slots/voter.yaml, as: [slot-01] }}, {{ file: {file}, as: [slot-02] }} ]
steps:
  - {{ at: 1s, operator: start }}
  - {{ at: 2s, slot: slot-01, does: press panel/a for 80ms }}
  - {{ at: 3s, slot: slot-01, does: press panel/b for 80ms }}
  - {{ at: 5s, expect: {{ status: done }} }}
"
    )
}

#[test]
fn every_board_and_slot_that_ships_is_played_to_a_result() {
    for file in files("boards").into_iter().chain(files("slots")) {
        let overrides = Overrides { hal: Some(Hal::Sim), ..Overrides::default() };
        let config = read_slot(Source::read(&file).unwrap(), &overrides).unwrap();
        let hello = VirtualSlot::new(config, Boot(1.into())).unwrap().hello();
        let named = file.strip_prefix(configs()).unwrap().display().to_string();
        let (buttons, tags) = (inputs(&hello, InputKind::Press), inputs(&hello, InputKind::Tag));
        let mut scripts: Vec<String> = tags.iter().map(|reader| altar(&named, reader)).collect();
        match buttons.as_slice() {
            [] if tags.is_empty() => {
                let board = hello.devices.iter().find(|board| !board.outputs.is_empty());
                scripts.push(opened(&named, board.unwrap().outputs[0].as_str()));
            }
            [] => {}
            [only] => scripts.push(alone(&named, only)),
            [_, second, ..] => scripts.push(vote(&named, second)),
        }
        for script in scripts {
            let report = rehearsal(&file, &script);
            assert!(report.events > 0 && report.sessions == 1, "{named}: {report:?}");
        }
    }
}

#[test]
fn every_core_that_ships_is_played_by_people_at_the_voters_board() {
    for name in ["core.yaml", "day-and-night.yaml"] {
        let file = configs().join(name);
        let source = eg_config::Source::read(&file).unwrap();
        let config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
        assert!(config.rooms.contains_key("main"), "{name}");
        let text = source.as_str();
        let rooms = &text[text.find("rooms:").unwrap()..];
        let yaml = format!(
            "{rooms}
slots: [ {{ file: slots/voter.yaml, as: [slot-01, slot-02] }} ]
steps:
  - {{ at: 1s, operator: start, room: main }}
  - {{ at: 2s, operator: open, room: main, args: {{ question: Who?, options: [Anna, Ben] }} }}
  - {{ at: 3s, everybody: {{ press: [panel/b], within: 1s }}, room: main }}
  - {{ at: 9s, expect: {{ phase: closed, explain: carries with 2 votes of 2 }}, room: main }}
"
        );
        rehearsal(&file, &yaml);
    }
}
