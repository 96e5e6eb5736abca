//! Messages of earlier and later versions: what is missing has its default, and what is new is understood as far as it
//! can be.

use eg_proto::*;
use serde_json::json;

#[test]
fn answers_and_scenes_of_later_versions_are_understood_as_far_as_they_can_be() {
    let board = r#""device":"panel","input":"b""#;
    let read = |text: String| decode::<PressAnswer>(text.as_bytes()).unwrap().outcome;

    let new_word = read(format!(r#"{{{board},"answer":"weighed","by":3}}"#));
    let new_reason = read(format!(r#"{{{board},"answer":"refused","reason":"too_loud"}}"#));
    let scene = decode::<SlotScene>(br#"{"state":"dancing","mode":"day","seat":"stands"}"#);

    assert_eq!(new_word, PressOutcome::Unknown);
    let (reason, why) = (RefusalReason::Other, Text::default());
    assert_eq!(new_reason, PressOutcome::Refused { reason, why });
    let scene = scene.unwrap();
    assert_eq!((scene.state, scene.seat), (SceneState::Unknown, Some(SeatState::Unknown)));
}

#[test]
fn an_agent_that_does_not_tell_kinds_and_one_that_tells_later_ones_are_understood() {
    let board = |kinds| {
        let text = format!(
            r#"{{"type":"slot","devices":[{{"name":"p","driver":"d","inputs":["a"]{kinds}}}]}}"#
        );
        decode::<Hello>(text.as_bytes()).unwrap().devices.remove(0)
    };

    assert_eq!(board("").kinds, None);
    let kinds = board(r#","kinds":{"a":"gaze"}"#).kinds.unwrap();
    assert_eq!(kinds.values().collect::<Vec<_>>(), [&InputKind::Unknown]);
}

#[test]
fn a_hint_of_an_older_core_is_read_and_a_plain_one_stands_as_it_always_has() {
    let plain = Hint { text: "Look up".into(), en: None, id: None, ends_us: None, aloud: false };
    let whole = Hint {
        text: "Regardez en haut".into(),
        en: Some("Look up".into()),
        id: Some(4711),
        ends_us: Some(Timestamp(1_764_000_060_000_000)),
        aloud: true,
    };

    let wire = [
        (plain, json!({"text":"Look up"})),
        (
            whole,
            json!({"text":"Regardez en haut","en":"Look up","id":4711,"ends_us":1_764_000_060_000_000_i64,"aloud":true}),
        ),
    ];

    for (hint, json) in wire {
        assert_eq!(serde_json::to_value(&hint).unwrap(), json);
        assert_eq!(decode::<Hint>(json.to_string().as_bytes()).unwrap(), hint);
    }
}
