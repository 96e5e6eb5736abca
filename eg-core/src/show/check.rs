//! Reading and checking of a show's file: every mistake is reported with its place.

use super::{ASK, END, Item, Show};
use eg_config::{Anything, KeyPath, Located, Problems, Source, read_lenient};
use eg_game::games;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// File name, in messages, of a show that came over the network.
pub const FILE: &str = "show";

/// Show of sessions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ShowFile {
    /// Name of the show, as people read it.
    #[schemars(with = "String")]
    show: Located<String>,
    /// Sessions of the show. The first is played first.
    items: Vec<ItemFile>,
}

/// Session of the show.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    /// Name of the item, to which others refer.
    #[schemars(with = "String")]
    name: Located<String>,
    /// Kind of the game.
    #[schemars(with = "String")]
    game: Located<String>,
    /// Settings of the game.
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    #[expect(dead_code, reason = "the game reads it out of the file by itself")]
    config: Option<Anything>,
    /// `true` if the operator starts it.
    #[serde(default)]
    wait: bool,
    /// Next step by outcome: an item's name, `end` or `ask`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    then: BTreeMap<String, Located<String>>,
    /// Next step for every other outcome; by default the item below, and the end after the last.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    next: Option<Located<String>>,
}

/// Reads a show and checks it: its games with their settings, its goals, and that it ends.
///
/// # Errors
/// Returns every mistake, with its place.
pub fn read(source: &Source) -> Result<Show, Problems> {
    let (file, mut problems) = read_lenient::<ShowFile>(source);
    let Some(ShowFile { show, items: files }) = file else { return Err(problems) };
    let names: Vec<String> = files.iter().map(|item| (*item.name).clone()).collect();
    if files.is_empty() && problems.is_empty() {
        let what = "a show needs at least one item";
        problems.push(source.problem_at(&KeyPath::from(["items"]), what));
    }
    let mut items = Vec::new();
    for (place, file) in files.iter().enumerate() {
        let path = KeyPath::from(["items"]).index(place);
        check_name(source, file, &names[..place], &mut problems);
        let config = check_game(source, file, &path.key("config"), &mut problems);
        let goals = file.then.values().chain(&file.next);
        goals.for_each(|goal| check_goal(source, goal, &names, &mut problems));
        let below = names.get(place + 1).cloned().unwrap_or_else(|| END.to_owned());
        let then = file.then.iter().map(|(word, goal)| (word.clone(), (**goal).clone()));
        items.push(Item {
            name: (*file.name).clone(),
            game: (*file.game).clone(),
            config: config.unwrap_or_else(|| Map::new().into()),
            wait: file.wait,
            then: then.collect(),
            next: file.next.as_ref().map_or(below, |next| (**next).clone()),
        });
    }
    let show = Show { show: show.into_inner(), items };
    if problems.is_empty() {
        check_ways(source, &show, &files, &mut problems);
    }
    problems.or(show)
}

fn check_name(source: &Source, file: &ItemFile, before: &[String], problems: &mut Problems) {
    let name = file.name.as_str();
    if !file.name.is_written() {
        return;
    }
    if [END, ASK].contains(&name) {
        let what = format!("{name:?} is where a show goes, and no item's name");
        problems.push(source.problem_at(&file.name, what));
    } else if name.trim().is_empty() {
        problems.push(source.problem_at(&file.name, "an item needs a name"));
    } else if before.iter().any(|other| other == name) {
        let what = format!("another item is called {name:?} already");
        problems.push(source.problem_at(&file.name, what));
    }
}

fn check_game(
    source: &Source,
    file: &ItemFile,
    config: &KeyPath,
    problems: &mut Problems,
) -> Option<Value> {
    let known = games();
    match known.iter().find(|entry| entry.kind == *file.game) {
        Some(entry) => problems.keep((entry.keep)(source, config)),
        None if file.game.is_written() => {
            let what = format!("no game called {:?}", *file.game);
            let kinds = known.iter().map(|entry| entry.kind);
            problems.push(source.problem_at(&file.game, what).known(&file.game, kinds));
            None
        }
        None => None,
    }
}

fn check_goal(source: &Source, goal: &Located<String>, names: &[String], problems: &mut Problems) {
    let words = || names.iter().map(String::as_str).chain([END, ASK]);
    if goal.is_written() && words().all(|word| word != goal.as_str()) {
        let what = format!("no item called {:?}", **goal);
        problems.push(source.problem_at(goal, what).known(goal, words()));
    }
}

/// Checks that every item can be reached, and that no way goes round for ever without the operator.
fn check_ways(source: &Source, show: &Show, files: &[ItemFile], problems: &mut Problems) {
    let ways = |place: usize| {
        let item = &show.items[place];
        let goals = item.then.values().chain([&item.next]);
        goals.filter_map(|goal| show.place(goal)).collect::<BTreeSet<_>>()
    };
    let (mut seen, mut open) = (BTreeSet::from([0]), vec![0]);
    while let Some(place) = open.pop() {
        open.extend(ways(place).into_iter().filter(|next| seen.insert(*next)));
    }
    for (place, file) in files.iter().enumerate().filter(|(place, _)| !seen.contains(place)) {
        let what = format!(
            "nothing leads to {:?}; name it in a `then` or a `next`, or take it out",
            show.items[place].name
        );
        problems.push(source.problem_at(&file.name, what));
    }
    // By default ways alone: a branch depends on what players do.
    let follows = |place: usize| show.place(&show.items[place].next);
    for (place, file) in files.iter().enumerate() {
        let mut at = place;
        let mut round = vec![place];
        while let Some(next) =
            follows(at).filter(|next| *next >= place && !round[1..].contains(next))
        {
            if next == place {
                if round.iter().all(|item| !show.items[*item].wait) {
                    let names: Vec<_> = round
                        .iter()
                        .chain([&place])
                        .map(|item| show.items[*item].name.as_str())
                        .collect();
                    let what = format!(
                        "this goes round without an operator: {}; add `wait: true` to one of them, or lead to `ask`",
                        names.join(" → ")
                    );
                    let place = file.next.as_ref().unwrap_or(&file.name);
                    problems.push(source.problem_at(place, what));
                }
                break;
            }
            round.push(next);
            at = next;
        }
    }
}

/// Returns the JSON Schema of a show's file, for editors.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(ShowFile)
}
