//! Test that every game is drawn for everybody, by its views alone.

use super::view;
use crate::engine::read_model::ReadModel;
use crate::http::page::text::{Localizer, words};
use crate::journal::{Kind, Record};
use crate::names::Names;
use eg_config::{KeyPath, Source};
use eg_game::{
    Act, Audience, Bar, Effects, Input, InputData, Level, Row, Session, Text, View, Widget, games,
};
use eg_page::Lang;
use eg_proto::{Event, Timestamp};
use maud::html;
use std::collections::BTreeSet;
use std::path::Path;

fn drawn(shown: &View, lang: Lang) -> String {
    let words = words().unwrap();
    view(Localizer { words: &words, lang, names: Names::none() }, shown, &ReadModel::default())
        .into_string()
}

fn escaped(text: &str) -> String {
    html! { (text) }.into_string()
}

fn kind(part: &Widget) -> &'static str {
    match part {
        Widget::Question { .. } => "question",
        Widget::Tally { .. } => "tally",
        Widget::Turnout { .. } => "turnout",
        Widget::Timer { .. } => "timer",
        Widget::List { .. } => "list",
        Widget::Text { .. } => "text",
        Widget::Matrix { .. } => "matrix",
    }
}

/// Returns the texts of a part that must be found on the page.
fn said(part: &Widget, lang: Lang) -> Vec<String> {
    let of = |say: &Text| lang.of(say).to_owned();
    match part {
        Widget::Question { text, options, .. } => [vec![text.clone()], options.clone()].concat(),
        Widget::Tally { title, bars, .. } => {
            [of(title)].into_iter().chain(bars.iter().map(|bar| of(&bar.label))).collect()
        }
        Widget::Turnout { missing, .. } => missing.iter().map(ToString::to_string).collect(),
        Widget::Timer { label, ends } => vec![of(label), (ends.0 / 1_000).to_string()],
        Widget::List { title, rows } => {
            [of(title)].into_iter().chain(rows.iter().map(|row| of(&row.text))).collect()
        }
        Widget::Text { text, .. } => vec![of(text)],
        Widget::Matrix { title, columns, rows } => {
            let cells = rows.iter().flat_map(|(head, cells)| [head].into_iter().chain(cells));
            [title].into_iter().chain(columns).chain(cells).map(of).collect()
        }
    }
}

fn is_readable(shown: &View) {
    for lang in [Lang::Fr, Lang::En] {
        let page = drawn(shown, lang);
        let parts = shown.parts.iter().flat_map(|part| said(part, lang));
        for text in parts.chain([lang.of(&shown.headline).to_owned()]) {
            assert!(page.contains(&escaped(&text)), "{text:?} is missing:\n{page}");
        }
    }
}

/// Checks a session's views for all audiences; returns the kinds of their parts.
fn look(session: &dyn Session) -> BTreeSet<&'static str> {
    let slots = session.roster().seats.iter().map(|seat| Audience::Slot(seat.slot.clone()));
    let operator = [false, true].map(|revealed| Audience::Operator { revealed });
    let mut kinds = BTreeSet::new();
    for audience in operator.into_iter().chain([Audience::Public]).chain(slots) {
        let shown = session.view(&audience);
        is_readable(&shown);
        kinds.extend(shown.parts.iter().map(kind));
    }
    kinds
}

#[test]
fn every_game_is_drawn_for_every_audience_without_being_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let records = files.map(|file| {
        serde_json::from_str::<Record>(&std::fs::read_to_string(file).unwrap()).unwrap()
    });
    let (mut seen, mut played) = (BTreeSet::new(), BTreeSet::new());
    for record in records {
        let entry = games().into_iter().find(|game| game.kind == record.session.game).unwrap();
        let config = Source::kept_json("config", &record.session.config);
        let started = (entry.start)(&config, &KeyPath::root(), &record.session.roster);
        let mut session = started.unwrap_or_else(|error| panic!("{}: {error}", entry.kind));
        played.insert(entry.kind);
        for line in record.entries {
            let mut effects = Effects::default();
            match (line.kind, line.slot) {
                (Kind::Act | Kind::Request, _) => {
                    let act: Act = serde_json::from_value(line.body).unwrap();
                    session.on_operator(&act, &mut effects);
                }
                (Kind::Event, Some(slot)) => {
                    let Event { device, input, kind, t, late, sim, .. } =
                        serde_json::from_value(line.body).unwrap();
                    let at = t.core_us.unwrap_or(line.at);
                    let what = InputData::Event { device, input, kind };
                    let (id, unc_us, now) = (line.id, t.unc_us, line.at);
                    let overtaken = false;
                    let input = Input { id, slot, what, at, unc_us, now, late, overtaken, sim };
                    session.on_input(&input, &mut effects);
                }
                _ => continue,
            }
            seen.extend(look(&*session));
        }
    }

    assert_eq!(played, games().iter().map(|game| game.kind).collect());
    assert!(
        seen.is_superset(&["list", "question", "tally", "text", "timer", "turnout"].into()),
        "{seen:?}"
    );
}

#[test]
fn every_kind_of_part_is_drawn() {
    let say = |text: &str| Text::new(format!("{text} <fr>"), format!("{text} <en>"));
    let slot = || "slot-01".parse().unwrap();
    let bar = Bar { label: say("bar"), votes: 3, won: true };
    let row = Row { slot: Some(slot()), text: say("row"), level: Level::Warn };
    let parts = [
        Widget::Question {
            step: 1,
            text: "Who & why?".to_owned(),
            options: vec!["A".to_owned()],
            keys: Vec::new(),
        },
        Widget::Tally { title: say("tally"), bars: vec![bar], of: 0 },
        Widget::Turnout { votes: 1, expected: 2, missing: vec![slot()] },
        Widget::Timer { label: say("timer"), ends: Timestamp(1_764_000_000_000_000) },
        Widget::List { title: say("list"), rows: vec![row] },
        Widget::Text { text: say("text"), level: Level::Bad },
        Widget::Matrix {
            title: say("matrix"),
            columns: vec![say("column")],
            rows: vec![(say("head"), vec![say("cell")])],
        },
    ];

    is_readable(&View::new("open", say("headline"), parts));
}

#[test]
fn whoever_sits_at_a_slot_stands_in_the_place_of_its_id() {
    let slot = || "slot-01".parse().unwrap();
    let players = [(slot(), "Anna".to_owned())].into();
    let names = Names { players: [("main".parse().unwrap(), players)].into(), ..Names::default() };
    let bar = Bar { label: Text::same("slot-01"), votes: 3, won: true };
    let parts = [
        Widget::Question {
            step: 1,
            text: "Who?".to_owned(),
            options: vec!["slot-01".to_owned()],
            keys: Vec::new(),
        },
        Widget::Tally { title: Text::same("tally"), bars: vec![bar], of: 3 },
        Widget::Turnout { votes: 1, expected: 2, missing: vec![slot()] },
        Widget::List {
            title: Text::same("list"),
            rows: vec![Row { slot: Some(slot()), text: Text::same("waits"), level: Level::Plain }],
        },
        Widget::text(Text::same("slot-01 leaves the room"), Level::Good),
    ];
    let words = words().unwrap();
    let voice = Localizer { words: &words, lang: Lang::En, names: &names };

    let page =
        view(voice, &View::new("open", Text::same("slot-01 wins"), parts), &ReadModel::default());

    let page = page.into_string();
    assert_eq!(page.matches("Anna").count(), 6, "{page}");
    assert!(!page.contains("slot-01"), "{page}");
}
