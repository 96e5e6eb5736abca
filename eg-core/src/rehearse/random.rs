//! Generator of scripts from a seed: people press, the operator does anything, and everything breaks that can.

use super::agenda::{Action, Held, Mishap, Reset};
use super::script::{Script, Step};
use eg_agent::virtual_slot::{Act, Step as Sentence, What};
use eg_config::{Problems, Source};
use eg_proto::{RoomId, SlotId};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use std::time::Duration;

/// File of every slot's board.
const BOARD: &str = include_str!("../../../configs/demo/slot.yaml");

/// Games that are drawn, each with settings that make it busy.
const GAMES: [&str; 7] = [
    "{ game: night-vote, config: { timeout: 40s, missing: operator, steps: [ { question: Who?, options: [A, B, C] }, { question: And?, options: [A, B] } ] } }",
    "{ game: night-vote, config: { secrecy: live, grace: 0s, tie: { revote-tied: 2 }, timeout: 20s, missing: abstain } }",
    "{ game: night-vote, config: { rule: majority, change: first, timeout: 30s } }",
    "{ game: buzzer }",
    "{ game: majority, config: { question: Ready?, options: [A, B] } }",
    "{ game: code-lock, config: { code: a b c } }",
    "{ game: together, config: { needed: 2, window: 500ms } }",
];

/// Faults of a board, in the simulator's syntax.
const FAULTS: [&str; 4] = [
    "fault GPIO5 bounces 5ms for 3s",
    "fault GPIO6 stuck low for 4s",
    "fault GPIO22 loses 3 for 2s",
    "fault /dev/ttyUSB0 unplugged for 3s",
];

pub(super) fn script(seed: u64) -> Result<Script, Problems> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed ^ 0xE6);
    let slots: Vec<String> =
        (1..=chance.random_range(2..=9)).map(|number| format!("slot-{number:02}")).collect();
    let game = GAMES.choose(&mut chance).copied().unwrap_or(GAMES[0]);
    let room = format!("{{ slots: [{}], {}", slots.join(", "), game.trim_start_matches("{ "));
    let yaml = format!(
        "name: made up from seed {seed}\nseed: {seed}\nrooms: {{ main: {room} }}\nslots: []\n"
    );
    let mut script = Script::without_slots(&Source::text("made-up.yaml", yaml))?;
    for name in &slots {
        script.slots.push(board(name)?);
    }
    let players: Vec<SlotId> = script.slots.iter().map(|slot| slot.slot.clone()).collect();
    let room = script.core.rooms.keys().next().cloned();
    script.until = Duration::from_secs(chance.random_range(60..240));
    let count = chance.random_range(40..160);
    for _ in 0..count {
        let at = Duration::from_millis(
            chance.random_range(0..u64::try_from(script.until.as_millis()).unwrap_or(60_000)),
        );
        let Some((slot, room)) = players.choose(&mut chance).cloned().zip(room.clone()) else {
            break;
        };
        let deed = deed(&mut chance, slot, room);
        script.steps.push(Step { at, line: None, deed });
    }
    script.steps.sort_by_key(|step| step.at);
    Ok(script)
}

fn board(name: &str) -> Result<eg_agent::config::SlotConfig, Problems> {
    let text = BOARD.replace("SLOT", name).replace("OUTBOX", "unused.db").replace("MQTT", "1883");
    let source = eg_agent::config::Source::text("configs/demo/slot.yaml", text);
    eg_agent::config::read_slot(source, &eg_agent::config::Overrides::default())
}

fn deed(chance: &mut ChaCha8Rng, slot: SlotId, room: RoomId) -> Action {
    let lasts = Some(Duration::from_millis(chance.random_range(200..8_000)));
    match chance.random_range(0..100) {
        0..4 => {
            let span = Duration::from_secs(chance.random_range(1..40));
            let set = [Reset::None, Reset::None, Reset::Ahead(span), Reset::Behind(span)];
            let set = set.choose(chance).copied().unwrap_or_default();
            Action::Core { lasts: Duration::from_millis(chance.random_range(50..6_000)), set }
        }
        4..10 => Action::Mishap { slot, trouble: Mishap::CutOff, lasts },
        10..15 => Action::Mishap { slot, trouble: Mishap::Killed, lasts },
        15..20 => fault(chance, slot),
        20..40 => Action::Anything(room),
        40..50 => {
            let press = ["a", "b", "c"].map(|input| ("panel".to_owned(), input.to_owned()));
            let within = Duration::from_millis(chance.random_range(100..4_000));
            Action::Everybody { room, press: press.into(), within }
        }
        _ => {
            let input = ["a", "b", "c", "abstain"].choose(chance).copied().unwrap_or("a");
            let (device, input) = ("panel".to_owned(), input.to_owned());
            let lasts = Some(Duration::from_millis(chance.random_range(5..1_500)));
            Action::Slot(Held { slot, what: What::Act { device, input, act: Act::Press }, lasts })
        }
    }
}

fn fault(chance: &mut ChaCha8Rng, slot: SlotId) -> Action {
    let words = FAULTS.choose(chance).copied().unwrap_or(FAULTS[0]);
    let sentence = format!("at 0s {words}").parse::<Sentence>();
    match sentence {
        Ok(Sentence { what, lasts, .. }) => Action::Slot(Held { slot, what, lasts }),
        Err(_) => Action::Mishap { slot, trouble: Mishap::CutOff, lasts: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_one() {
        for words in FAULTS {
            format!("at 0s {words}").parse::<Sentence>().unwrap();
        }
    }

    #[test]
    fn every_game_starts() {
        for game in GAMES {
            let room =
                format!("{{ slots: [slot-01, slot-02, slot-03], {}", game.trim_start_matches("{ "));
            let yaml = format!("rooms: {{ main: {room} }}\nslots: []\n");
            let made = Script::without_slots(&Source::text("made-up.yaml", yaml));
            made.unwrap_or_else(|problems| panic!("{game}: {problems}"));
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_night() {
        let night = |seed| format!("{:?}", script(seed).unwrap().steps);

        assert_eq!(night(7), night(7));
        assert_ne!(night(7), night(8));
    }
}
