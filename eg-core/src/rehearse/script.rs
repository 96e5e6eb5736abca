//! Rehearsal's file: reads and checks the YAML of a script.

use super::agenda::{ActArgs, Action, Held, Mishap, Reset};
use super::expect::Expect;
use crate::config::{CoreConfig, RoomsFile};
use eg_agent::config::{Hal, Overrides, SlotConfig, read_slot};
use eg_agent::virtual_slot::{Step as Sentence, What};
use eg_config::{KeyPath, Located, Problem, Problems, Source, Span, read_lenient_at, texts_at};
use eg_game::games;
use eg_proto::{RoomId, SlotId};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// File of a rehearsal: a whole room under virtual time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A rehearsal of EG")]
pub struct ScriptFile {
    /// Name of the rehearsal, for people.
    #[serde(default)]
    name: String,
    /// Seed for everything that the file leaves open: how fast people are, how long messages take.
    #[serde(default = "one")]
    seed: u64,
    /// Rooms, as in the core's file.
    #[serde(default)]
    #[schemars(with = "Option<Value>")]
    rooms: RoomsFile,
    /// Slots with their boards.
    slots: Vec<SlotsFile>,
    /// Steps of the rehearsal.
    #[serde(default)]
    steps: Vec<StepFile>,
    /// Time at which the rehearsal ends; by default a second after its last step.
    #[serde(default)]
    until: Option<Span>,
}

fn one() -> u64 {
    1
}

/// File of a slot, for one slot or several alike.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SlotsFile {
    /// Path of the slot's YAML, as the agent reads it, from this file's folder. The slot is played with `hal: sim`.
    #[schemars(with = "String")]
    file: Located<String>,
    /// Ids of the slots that have such a board; by default the one in the slot's file.
    #[serde(default, rename = "as")]
    #[schemars(with = "Vec<SlotId>")]
    slots: Vec<Located<SlotId>>,
}

/// Step of a rehearsal. Beside `at` it has one of `slot` with `does` or `is`, `everybody`, `core`, `operator`, and
/// `expect`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct StepFile {
    /// Time of the step, from the start.
    #[schemars(with = "Span")]
    at: Located<Span>,
    /// Id of the slot at which something happens.
    #[schemars(with = "Option<SlotId>")]
    slot: Option<Located<SlotId>>,
    /// Touch or fault at the slot: `press panel/a for 80ms`, `fault GPIO5 bounces 5ms for 2s`.
    #[schemars(with = "Option<String>")]
    does: Option<Located<Sentenced>>,
    /// Trouble of the slot: cut off, or its agent killed.
    is: Option<Mishap>,
    /// Inputs of which every player presses one.
    everybody: Option<EverybodyFile>,
    /// Trouble of the core: killed.
    core: Option<CoreWord>,
    /// Span by which the clock of the core's machine stands ahead when it starts again.
    ahead: Option<Span>,
    /// Span by which the clock of the core's machine stands behind when it starts again.
    behind: Option<Span>,
    /// Span for which the slot or the core is away.
    #[serde(rename = "for")]
    lasts: Option<Span>,
    /// Act of the operator: `start`, `roll-call`, `show`, or one that the session offers.
    operator: Option<String>,
    /// Fields of the act. `undo` takes `act`, the name of an act whose latest one is undone, instead of `entry`;
    /// `show` takes `do`, by default `start`, and `item`.
    #[schemars(with = "Option<Value>")]
    args: Option<Map<String, Value>>,
    /// Reason that the operator gives.
    because: Option<String>,
    /// Words in the reason with which the act must be refused.
    refused: Option<String>,
    /// Id of the room; by default the first one.
    room: Option<RoomId>,
    /// Expected state of the room at this time.
    expect: Option<Expect>,
}

/// Presses of every player of the room.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EverybodyFile {
    /// Inputs of which one is drawn for each player: `panel/a`.
    press: Vec<String>,
    /// Span within which each player presses.
    within: Span,
}

impl StepFile {
    /// Returns the texts of the act's fields as they stand in the file. In `args`, names become texts, and a game's
    /// settings become what the game reads out of them; mistakes in them are errors, unless a refusal is rehearsed.
    fn keep_args(
        &mut self,
        source: &Source,
        path: &KeyPath,
        core: &CoreConfig,
    ) -> Result<Map<String, Value>, Problems> {
        let Some(args) = &mut self.args else { return Ok(Map::new()) };
        let Value::Object(texts) = texts_at(source, path)? else { return Ok(Map::new()) };
        for name in ["game", "act"] {
            if let (Some(said), Some(text)) = (args.get_mut(name), texts.get(name)) {
                said.clone_from(text);
            }
        }
        if self.operator.as_deref() != Some("start") {
            return Ok(texts);
        }
        let room = match &self.room {
            Some(room) => core.rooms.get(room),
            None => core.rooms.values().next(),
        };
        let game = args.get("game").and_then(Value::as_str);
        let game = game.or_else(|| room.map(|room| room.game.as_str()));
        let entry = games().into_iter().find(|entry| Some(entry.kind) == game);
        if let (Some(entry), Some(config)) = (entry, args.get_mut("config")) {
            match (entry.keep)(source, &path.key("config")) {
                Ok(kept) => *config = kept,
                Err(_) if self.refused.is_some() => {}
                Err(problems) => return Err(problems),
            }
        }
        Ok(texts)
    }
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum CoreWord {
    Killed,
}

/// Sentence of the simulator without its time.
#[derive(Clone, Debug)]
struct Sentenced(What, Option<Duration>);

impl<'de> Deserialize<'de> for Sentenced {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let sentence: Sentence =
            format!("at 0s {text}").parse().map_err(serde::de::Error::custom)?;
        Ok(Self(sentence.what, sentence.lasts))
    }
}

/// Rehearsal that can be played.
#[derive(Debug)]
pub struct Script {
    pub(super) name: String,
    pub(super) seed: u64,
    pub(super) core: CoreConfig,
    pub(super) slots: Vec<SlotConfig>,
    pub(super) steps: Vec<Step>,
    pub(super) until: Duration,
}

/// Step of a rehearsal, checked.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: Duration,
    /// Number of the line in the file, from 1; `None` for a made-up step.
    pub(super) line: Option<usize>,
    pub(super) deed: Action,
}

impl Script {
    /// Reads a script's file, and the slots' files that it names.
    ///
    /// # Errors
    /// [`Problems`] with every mistake in all of them.
    pub fn read(path: &Path) -> Result<Self, Problems> {
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Self::of(&Source::read(path)?, &folder)
    }

    /// Reads a script from a text; slots' files are looked for in `folder`.
    ///
    /// # Errors
    /// [`Problems`] with every mistake in it.
    pub fn of(source: &Source, folder: &Path) -> Result<Self, Problems> {
        let script = Self::read_with(source, Some(folder))?;
        if script.slots.is_empty() {
            let wrong = Problem::with_file(source.name(), "`slots` names no slot: who plays?");
            return Err(Problems::from_iter([wrong]));
        }
        Ok(script)
    }

    /// Reads a script from a text; its slots are added afterwards.
    pub(super) fn without_slots(source: &Source) -> Result<Self, Problems> {
        Self::read_with(source, None)
    }

    fn read_with(source: &Source, folder: Option<&Path>) -> Result<Self, Problems> {
        let mut survey = read_lenient_at::<ScriptFile>(source, &KeyPath::root());
        let mut problems = std::mem::take(&mut survey.problems);
        let Some(file) = survey.value.take() else { return Err(problems) };
        let mut slots = Vec::new();
        let certain = |board: &&SlotsFile| {
            board.file.is_certain() && board.slots.iter().all(Located::is_certain)
        };
        let told = problems.len();
        for board in file.slots.iter().filter(certain) {
            read_boards(board, folder.unwrap_or(Path::new("")), &mut slots, &mut problems);
        }
        // Who is missing may stand in a file that could not be read.
        let whole = problems.len() == told && file.slots.iter().all(|board| certain(&board));
        let Some(core) = CoreConfig::of_rooms(source, file.rooms, &mut problems) else {
            return Err(problems);
        };
        let mut steps = Vec::new();
        let steps_file = KeyPath::from(["steps"]);
        for (place, mut step) in file.steps.into_iter().enumerate() {
            let (spot, path) = (step.at.at().clone(), steps_file.index(place));
            // What is wrong with it is told already.
            if !survey.is_sound(&path) {
                continue;
            }
            let args = path.key("args");
            let texts = problems.keep(step.keep_args(source, &args, &core)).unwrap_or_default();
            match deed(&step, texts, whole.then_some(&slots), &core) {
                Ok((at, deed)) => {
                    let line = (!spot.is_included()).then_some(spot.line);
                    steps.push(Step { at, line, deed });
                }
                Err(wrong) => problems.push(source.problem_at(&spot, wrong)),
            }
        }
        steps.sort_by_key(|step| step.at);
        let last = steps.iter().map(|step| step.at).max().unwrap_or_default();
        let until = file.until.map_or(last + Duration::from_secs(1), Span::get);
        let script = Self { name: file.name, seed: file.seed, core, slots, steps, until };
        problems.or(script)
    }
}

fn read_boards(
    board: &SlotsFile,
    folder: &Path,
    slots: &mut Vec<SlotConfig>,
    problems: &mut Problems,
) {
    let path: PathBuf = folder.join(board.file.as_str());
    let ids: Vec<Option<SlotId>> = match board.slots.as_slice() {
        [] => vec![None],
        named => named.iter().map(|slot| Some((**slot).clone())).collect(),
    };
    for slot in ids {
        let named = slot.iter().map(|slot| ("SLOT_ID".to_owned(), slot.to_string()));
        let source = Source::read_with(&path, eg_config::variables().chain(named));
        let overrides = Overrides { slot, hal: Some(Hal::Sim), ..Overrides::default() };
        match source.and_then(|source| read_slot(source, &overrides)) {
            Ok(config) if slots.iter().any(|known| known.slot == config.slot) => {
                let what = format!("two slots are called {}", config.slot);
                problems.push(Problem::with_file(path.display().to_string(), what));
            }
            Ok(config) => slots.push(config),
            // The same mistakes stand in every slot's reading of the same file.
            Err(wrong) => return problems.extend(wrong),
        }
    }
}

/// Checks a step and returns its time and action; the error is a description of the mistake.
fn deed(
    step: &StepFile,
    texts: Map<String, Value>,
    slots: Option<&Vec<SlotConfig>>,
    core: &CoreConfig,
) -> Result<(Duration, Action), String> {
    let StepFile { at, slot, does, is, everybody, core: killed, lasts, .. } = step;
    let said = [
        slot.is_some(),
        everybody.is_some(),
        killed.is_some(),
        step.operator.is_some(),
        step.expect.is_some(),
    ];
    if said.iter().filter(|said| **said).count() != 1 {
        return Err("a step says one of slot, everybody, core, operator and expect".to_owned());
    }
    let room = match &step.room {
        Some(room) if !core.rooms.contains_key(room) => {
            return Err(format!("no room called {:?}", room.as_str()));
        }
        Some(room) => Some(room.clone()),
        None => core.rooms.keys().next().cloned(),
    };
    let room = room.ok_or("there is no room")?;
    let lasts = lasts.map(Span::get);
    let deed = if let Some(slot) = slot {
        if let Some(slots) = slots.filter(|slots| slots.iter().all(|known| known.slot != **slot)) {
            let known: Vec<_> = slots.iter().map(|known| known.slot.as_str()).collect();
            return Err(format!(
                "no slot called {:?}; there are {}",
                slot.as_str(),
                known.join(", ")
            ));
        }
        let slot = (**slot).clone();
        match (does, is) {
            (Some(does), None) => {
                let Sentenced(what, lasts) = (**does).clone();
                Action::Slot(Held { slot, what, lasts })
            }
            (None, Some(trouble)) => Action::Mishap { slot, trouble: *trouble, lasts },
            (None, None) | (Some(_), Some(_)) => {
                return Err("a slot either `does` something or `is` something".to_owned());
            }
        }
    } else if let Some(EverybodyFile { press, within }) = everybody {
        let places = press.iter().map(|place| {
            let parts = place
                .split_once('/')
                .ok_or_else(|| format!("{place:?} is no input; write it like \"panel/a\""))?;
            Ok((parts.0.to_owned(), parts.1.to_owned()))
        });
        let press = places.collect::<Result<Vec<_>, String>>()?;
        if press.is_empty() {
            return Err("`press` names no input".to_owned());
        }
        Action::Everybody { room, press, within: within.get() }
    } else if killed.is_some() {
        let set = match (step.ahead, step.behind) {
            (None, None) => Reset::None,
            (Some(span), None) => Reset::Ahead(span.get()),
            (None, Some(span)) => Reset::Behind(span.get()),
            (Some(_), Some(_)) => return Err("a clock is `ahead` or `behind`, not both".to_owned()),
        };
        Action::Core { lasts: lasts.unwrap_or(Duration::from_secs(1)), set }
    } else if let Some(name) = step.operator.clone() {
        let args = ActArgs { read: step.args.clone().unwrap_or_default(), texts };
        let refused = step.refused.clone();
        // An act that asks for a reason gets one, unless the script wants to see it refused.
        let given = || refused.is_none().then(|| "a rehearsal".to_owned());
        let because = step.because.clone().or_else(given);
        Action::Operator { room, name, args, because, refused }
    } else {
        Action::Expect { room, expect: Box::new(step.expect.clone().unwrap_or_default()) }
    };
    Ok((at.get(), deed))
}
