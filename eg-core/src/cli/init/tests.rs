//! Files of `init`, by flags and by default.

use super::*;
use eg_page::Lang;
use std::fs;

fn args(folder: &Path, slots: Option<u8>, game: Option<&str>) -> Args {
    let (room, game) = (None, game.map(str::to_owned));
    Args { file: folder.join("core.yaml"), room, slots, game, yes: true }
}

#[test]
fn writes_a_file_that_is_well_formed_with_its_schema_beside_it() {
    let folder = tempfile::tempdir().unwrap();

    let done = init(&args(folder.path(), Some(3), Some("buzzer")));

    assert_eq!(done, ExitCode::SUCCESS);
    let source = Source::read(folder.path().join("core.yaml")).unwrap();
    let config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
    let room = &config.rooms["main"];
    assert_eq!((room.game.as_str(), room.slots.as_ref().map(Vec::len)), ("buzzer", Some(3)));
    assert!(source.as_str().starts_with("# yaml-language-server: $schema=core.schema.json\n"));
    assert!(folder.path().join("core.schema.json").exists());
}

#[test]
fn overwrites_nothing_and_refuses_a_game_that_there_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let refused = init(&args(folder.path(), None, Some("chess")));
    fs::write(folder.path().join("core.yaml"), "mine").unwrap();
    let kept = init(&args(folder.path(), None, None));

    assert_eq!((refused, kept), (ExitCode::from(MISTAKE), ExitCode::from(FAILED)));
    assert_eq!(fs::read_to_string(folder.path().join("core.yaml")).unwrap(), "mine");
}

#[test]
fn the_questions_are_there_in_both_languages() {
    let words = Words::new(include_str!("fr.ftl"), include_str!("en.ftl")).unwrap();
    let interview = Interview::new(words, Lang::Fr, true);

    assert!(interview.tell("room", "default", "main").contains("[main]"));
}
