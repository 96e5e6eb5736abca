//! Forced inputs: what a session's game takes an input for, whatever the board says, until somebody releases it or it
//! truly changes.

mod levels;

use self::levels::{idle, steps, told};
use super::timers::MOMENT;
use crate::engine::read_model::ForcedInput;
use eg_game::{Act, Effect, Effects, Input, InputData, Session, State, Text};
use eg_proto::{DeviceName, EventKind, InputName, Presence, SlotId, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Name of the act that forces an input.
pub(in crate::engine) const FORCE: &str = "force";
/// Name of the act that releases one.
pub(in crate::engine) const RELEASE: &str = "release";

/// Input of a slot, as games name it.
type Place = (SlotId, InputName);

/// Inputs that are forced, and how the inputs that the game reads truly stand, as far as anybody has told.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Forced {
    forced: BTreeMap<Place, Force>,
    truth: BTreeMap<Place, State>,
}

/// Force on one input.
#[derive(Clone, Debug)]
struct Force {
    act: i64,
    at: Timestamp,
    by: String,
    device: DeviceName,
    state: State,
}

/// Fields of both acts.
#[derive(Deserialize)]
struct ForceArgs {
    slot: SlotId,
    device: DeviceName,
    input: InputName,
    /// State to be taken for; read by `force` alone.
    #[serde(default)]
    state: Option<State>,
}

impl Forced {
    /// Carries out one of the two acts, and returns what the game asks for. `None` for an act that is the game's: another
    /// one, or any in a game that reads no inputs for how they stand.
    pub(super) fn act(&mut self, game: &mut dyn Session, act: &Act) -> Option<Vec<Effect>> {
        let reads = game.reads();
        if !matches!(act.name.as_str(), FORCE | RELEASE) || reads.is_empty() {
            return None;
        }
        let done = act.args::<ForceArgs>().map_err(|error| eg_page::say(error.to_string()));
        let done = done.and_then(|ForceArgs { slot, device, input, state }| {
            let place = (slot, input);
            match (act.name == FORCE, state) {
                (false, _) => self.release(game, act, &place),
                (true, None) => Err(stateless()),
                (true, Some(_)) if !reads.contains(&place) => Err(unread(&place)),
                (true, Some(state)) => self.force(game, act, place, device, state),
            }
        });
        Some(done.unwrap_or_else(|why| vec![Effect::RefuseAct { why }]))
    }

    fn force(
        &mut self,
        game: &mut dyn Session,
        act: &Act,
        place: Place,
        device: DeviceName,
        state: State,
    ) -> Result<Vec<Effect>, Text> {
        let steps = steps(self.taken(&place).as_ref(), &state);
        let effects = hand(game, &inputs(act.id, (act.at, act.at), &place, &device, steps))?;
        let force = Force { act: act.id, at: act.at, by: act.by.clone(), device, state };
        self.forced.insert(place, force);
        Ok(effects)
    }

    fn release(
        &mut self,
        game: &mut dyn Session,
        act: &Act,
        place: &Place,
    ) -> Result<Vec<Effect>, Text> {
        let Some(force) = self.forced.get(place) else {
            return Err(Text::new("cette entrée n’est pas forcée", "this input is not forced"));
        };
        let truth = self.truth.get(place).cloned().or_else(|| idle(&force.state));
        let steps = truth.map(|truth| steps(Some(&force.state), &truth)).unwrap_or_default();
        // By the moment of the force, so that what truly happened since is no older to the game.
        let effects = hand(game, &inputs(act.id, (force.at, act.at), place, &force.device, steps))?;
        self.forced.remove(place);
        Ok(effects)
    }

    /// Hands an input to the game, unless it is forced and says nothing new. One that has truly changed is released.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other input tells a state")]
    pub(super) fn hear(&mut self, game: &mut dyn Session, input: &Input, effects: &mut Effects) {
        let reads = game.reads();
        if reads.is_empty() {
            return game.on_input(input, effects);
        }
        match &input.what {
            InputData::Event {
                kind: EventKind::Snapshot { levels, states },
                device,
                input: name,
            } => {
                let mut states = states.clone();
                for (name, state) in &mut states {
                    let place = (input.slot.clone(), name.clone());
                    if !reads.contains(&place) {
                        continue;
                    }
                    let before = self.truth.insert(place.clone(), state.clone());
                    let changed = before.is_some_and(|before| before != *state);
                    if changed && self.is_since(&place, input.at) {
                        self.let_go(&place, effects);
                    } else if let Some(force) = self.forced.get(&place) {
                        *state = force.state.clone();
                    }
                }
                let kind = EventKind::Snapshot { levels: levels.clone(), states };
                let what = InputData::Event { device: device.clone(), input: name.clone(), kind };
                game.on_input(&Input { what, ..input.clone() }, effects);
            }
            InputData::Event { device, input: name, kind } => {
                let place = (input.slot.clone(), name.clone());
                self.hear_event(game, (place, device, kind), input, reads, effects);
            }
            InputData::Slot(Presence::Offline) => {
                game.on_input(input, effects);
                self.again(game, input, None, effects);
            }
            InputData::Board { device, ready: false } => {
                game.on_input(input, effects);
                self.again(game, input, Some(device), effects);
            }
            _ => game.on_input(input, effects),
        }
    }

    fn hear_event(
        &mut self,
        game: &mut dyn Session,
        (place, device, kind): (Place, &DeviceName, &EventKind),
        input: &Input,
        reads: Vec<Place>,
        effects: &mut Effects,
    ) {
        let Some(state) = told(kind, self.truth.get(&place)).filter(|_| reads.contains(&place))
        else {
            return game.on_input(input, effects);
        };
        let before = self.truth.insert(place.clone(), state.clone());
        let Some(force) = self.forced.get(&place) else { return game.on_input(input, effects) };
        // What happened before the force says nothing about it, nor what was known.
        if input.at < force.at || before.as_ref() == Some(&state) {
            return;
        }
        let steps = steps(Some(&force.state), &state);
        self.let_go(&place, effects);
        for step in inputs(input.id, (input.at, input.now), &place, device, steps) {
            let Input { what, .. } = step;
            game.on_input(&Input { what, ..input.clone() }, effects);
        }
    }

    /// Hands the forced inputs of a slot, or of one of its boards, to the game once more: it has forgotten them.
    fn again(
        &mut self,
        game: &mut dyn Session,
        lost: &Input,
        device: Option<&DeviceName>,
        effects: &mut Effects,
    ) {
        let of_lost = |place: &Place, known: &DeviceName| {
            place.0 == lost.slot && device.is_none_or(|device| device == known)
        };
        if device.is_none() {
            self.truth.retain(|place, _| place.0 != lost.slot);
        }
        for (place, force) in &mut self.forced {
            if !of_lost(place, &force.device) {
                continue;
            }
            // The same at the same moment would be what the game knows already.
            force.at = force.at + MOMENT;
            let steps = steps(None, &force.state);
            for input in inputs(lost.id, (force.at, lost.now), place, &force.device, steps) {
                game.on_input(&input, effects);
            }
        }
    }

    fn is_since(&self, place: &Place, at: Timestamp) -> bool {
        self.forced.get(place).is_some_and(|force| force.at <= at)
    }

    /// Removes a force because the input has truly changed, and says so.
    fn let_go(&mut self, place: &Place, effects: &mut Effects) {
        self.forced.remove(place);
        let (slot, input) = place;
        effects.note(Text::new(
            format!("{slot}/{input} n’est plus forcée : l’entrée a vraiment changé"),
            format!("{slot}/{input} is no longer forced: the input has truly changed"),
        ));
    }

    /// Returns the state that the game takes an input for now; `None` if nobody knows.
    fn taken(&self, place: &Place) -> Option<State> {
        let forced = self.forced.get(place).map(|force| &force.state);
        forced.or_else(|| self.truth.get(place)).cloned()
    }

    /// Ends every force, because the session is over.
    pub(super) fn clear(&mut self) {
        self.forced.clear();
    }

    /// Returns the forced inputs, for pages.
    pub(super) fn shown(&self) -> Vec<ForcedInput> {
        let shown = |((slot, input), force): (&Place, &Force)| ForcedInput {
            entry: force.act,
            at: force.at,
            by: force.by.clone(),
            slot: slot.clone(),
            device: force.device.clone(),
            input: input.clone(),
            state: force.state.clone(),
        };
        self.forced.iter().map(shown).collect()
    }

    /// Returns the forced inputs as lines of the operator's view.
    pub(super) fn lines(&self) -> impl Iterator<Item = Text> {
        self.forced.iter().map(|((slot, input), force)| {
            let Text { fr, en } = levels::spoken(&force.state);
            Text::new(
                format!("forcée : {slot}/{input} = {fr}"),
                format!("forced: {slot}/{input} = {en}"),
            )
        })
    }
}

/// Hands inputs of an act to the game, and returns what it asks for.
///
/// # Errors
/// Returns the reason if the game refuses one of them, such as in a pause.
fn hand(game: &mut dyn Session, inputs: &[Input]) -> Result<Vec<Effect>, Text> {
    let mut all = Vec::new();
    for input in inputs {
        let mut asked = Effects::default();
        game.on_input(input, &mut asked);
        let asked = asked.into_vec();
        if let Some(Effect::Refuse { why, .. }) =
            asked.iter().find(|effect| matches!(effect, Effect::Refuse { .. }))
        {
            return Err(why.clone());
        }
        all.extend(asked);
    }
    Ok(all)
}

/// Builds the inputs by which a game learns of a state: of which moment, and when it learns of it.
fn inputs(
    id: i64,
    (at, now): (Timestamp, Timestamp),
    (slot, input): &Place,
    device: &DeviceName,
    kinds: Vec<EventKind>,
) -> Vec<Input> {
    let build = |kind| Input {
        id,
        slot: slot.clone(),
        what: InputData::Event { device: device.clone(), input: input.clone(), kind },
        at,
        unc_us: 0,
        now,
        late: false,
        overtaken: false,
        sim: false,
    };
    kinds.into_iter().map(build).collect()
}

fn unread((slot, input): &Place) -> Text {
    Text::new(
        format!("ce jeu ne lit pas {slot}/{input}"),
        format!("this game does not read {slot}/{input}"),
    )
}

fn stateless() -> Text {
    Text::new(
        "`state` doit être true, false, un nombre ou une liste de badges",
        "`state` must be true, false, a number or a list of tags",
    )
}
