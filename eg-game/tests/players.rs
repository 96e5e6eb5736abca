//! Players whom a game takes out and brings back, acts that a game has under a common name, and seeds.

use eg_game::prelude::*;
use eg_game::testkit::{Table, json, secs};
use eg_game::{Chance, Effect, RosterChange};

/// No settings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Somebody holds a hot potato, drawn at the start; a press passes it on. Whoever holds it when ten seconds are over is
/// out, and so is the next one when a game is `doubled`.
struct Potato {
    roster: Roster,
    chance: Chance,
    holder: Option<SlotId>,
    told: Vec<String>,
    own_revive: bool,
    flickers: bool,
}

impl Potato {
    fn next(&self) -> Option<SlotId> {
        let mut players = self.roster.alive(None).map(|seat| &seat.slot);
        players.find(|slot| Some(*slot) != self.holder.as_ref()).cloned()
    }

    fn burn(&mut self, effects: &mut Effects) {
        if let Some(holder) = self.holder.clone() {
            effects.out(&holder);
            effects.note(Text::same("boom"));
        }
    }
}

impl Game for Potato {
    const KIND: &'static str = "potato";
    type Config = Nothing;

    fn start(_: Nothing, roster: &Roster) -> Result<Self, StartError> {
        let (told, roster, chance) = (Vec::new(), roster.clone(), Chance::from_seed(0));
        Ok(Self { roster, chance, holder: None, told, own_revive: false, flickers: false })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        match input.pressed().map(|key| key.as_str()) {
            Some("burn") => self.burn(effects),
            Some("twice") => {
                effects.out(&input.slot);
                effects.out(&input.slot);
            }
            Some("end") => {
                effects.finish(Finish::Done);
                effects.out(&input.slot);
            }
            Some("stranger") => {
                effects.out(&SlotId::new("slot-99").unwrap_or_else(|_| input.slot.clone()))
            }
            Some("flicker") => {
                self.flickers = true;
                effects.out(&input.slot);
            }
            _ => self.holder = Some(input.slot.clone()),
        }
    }

    fn on_timer(&mut self, _: TimerId, _: Timestamp, effects: &mut Effects) {
        self.burn(effects);
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        match act.name.as_str() {
            "start" => {
                self.chance = Chance::of(act);
                let players: Vec<_> =
                    self.roster.alive(None).map(|seat| seat.slot.clone()).collect();
                self.holder = self.chance.pick(&players).cloned();
                effects.after(TimerId(1), secs(10));
            }
            "mercy" => self.own_revive = !self.own_revive,
            "revive" => {
                self.told.push("own revive".to_owned());
                let out: Vec<_> = self.roster.seats.iter().filter(|seat| !seat.alive).collect();
                out.iter().for_each(|seat| effects.back(&seat.slot));
            }
            "refused" => {
                effects.refuse_act(Text::same("no"));
                self.burn(effects);
            }
            _ => effects.refuse_act(Text::same("no such act")),
        }
    }

    fn on_roster(
        &mut self,
        change: &RosterChange,
        act: &Act,
        roster: &Roster,
        effects: &mut Effects,
    ) {
        self.told.push(format!("{change:?} by {} in {} of {}", act.by, act.name, act.id));
        self.roster = roster.clone();
        if let RosterChange::Excused(_) = change {
            effects.refuse_act(Text::same("nobody is excused here"));
        }
        if self.flickers && act.name == "out" {
            change.gone().into_iter().for_each(|slot| effects.back(slot));
        } else if self.flickers && act.name == "back" {
            change.back().into_iter().for_each(|slot| effects.out(slot));
        }
        if change.gone() == self.holder.as_ref() {
            self.holder = self.next();
        }
    }

    fn offers(&self) -> Vec<Offer> {
        let revive = Offer::new("revive", Text::new("Pardonner à tous", "Forgive everybody"));
        self.own_revive.then_some(revive).into_iter().collect()
    }

    fn view(&self, _: &Audience) -> View {
        View::new("hot", self.explain(), [])
    }

    fn explain(&self) -> Text {
        Text::same(self.holder.as_ref().map_or("nobody", SlotId::as_str))
    }
}

fn potato() -> Table {
    let mut table = Table::seat(3).play::<Potato>("{}");
    table.press("slot-02", "take");
    table
}

fn alive(table: &Table) -> Vec<&str> {
    table.roster().alive(None).map(|seat| seat.slot.as_str()).collect()
}

fn names(table: &Table) -> Vec<&'static str> {
    table.offers().iter().map(|offer| offer.name).collect()
}

#[test]
fn a_player_whom_the_game_takes_out_is_out_of_the_roster() {
    let mut table = potato();

    table.pass(secs(10));

    assert_eq!(alive(&table), ["slot-01", "slot-03"]);
    assert_eq!(table.explain().en, "slot-01", "the game was told before it went on");
    assert_eq!(table.notes(), ["slot-02 is out of the game (potato)", "boom"]);
    table.press("slot-02", "take");
    table.expect_refusal("not in play");
    assert!(names(&table).contains(&"revive"));
    table.crash();
    assert_eq!(alive(&table), ["slot-01", "slot-03"]);
}

#[test]
fn the_operator_revives_whom_the_game_took_out() {
    let mut table = potato();
    table.pass(secs(10));

    table.operator_because("revive", json!({ "slot": "slot-02" }), "a mistake");

    assert_eq!(table.refusal(), None);
    assert_eq!(alive(&table).len(), 3);
    table.press("slot-02", "take");
    assert_eq!(table.explain().en, "slot-02");
}

#[test]
fn a_game_brings_back_whom_it_took_out_by_an_act_of_its_own_that_has_a_common_name() {
    let mut table = potato();
    table.pass(secs(10));
    table.operator("mercy", ());
    assert_eq!(names(&table).iter().filter(|name| **name == "revive").count(), 1);

    table.operator("mercy", ());
    table.operator("mercy", ());
    let before = names(&table);
    table.operator("revive", ());

    assert!(before.contains(&"revive"));
    assert_eq!(table.refusal(), None, "the act reached the game");
    assert!(table.effects().any(|effect| matches!(effect, Effect::Back { .. })));
}

#[test]
fn an_act_of_a_common_name_is_the_sdks_while_the_game_offers_none() {
    let mut table = potato();
    table.pass(secs(10));

    table.operator("revive", ());

    table.expect_refusal("missing field `slot`");
}

#[test]
fn a_recorded_session_of_the_first_revision_keeps_the_common_acts() {
    let mut table = Table::seat(3).rules(1).play::<Potato>("{}");
    table.operator("mercy", ());

    table.operator("revive", json!({ "slot": "slot-01" }));

    table.expect_refusal("nothing changes");
}

#[test]
fn taking_out_a_stranger_or_somebody_twice_changes_nothing() {
    let mut table = potato();

    table.press("slot-01", "stranger");
    let nobody = alive(&table).len();
    table.press("slot-01", "twice");

    assert_eq!((nobody, alive(&table).len()), (3, 2));
    assert_eq!(table.effects().filter(|effect| matches!(effect, Effect::Out { .. })).count(), 1);
}

#[test]
fn nobody_is_taken_out_by_an_act_that_is_refused_or_after_the_end() {
    let mut table = potato();

    table.operator("refused", ());
    assert_eq!(alive(&table).len(), 3);
    assert_eq!(table.refusal().map(|why| &*why.en), Some("no"));
    table.press("slot-01", "end");

    assert_eq!(alive(&table).len(), 3);
}

#[test]
fn a_change_that_the_game_refuses_leaves_the_roster_as_it_was() {
    let mut table = potato();

    table.operator_because("excuse", json!({ "slot": "slot-01" }), "a phone call");

    table.expect_refusal("nobody is excused here");
    assert_eq!(alive(&table).len(), 3);
}

#[test]
#[should_panic(expected = "it takes players out and back without end")]
fn a_game_that_takes_a_player_out_and_back_without_end_fails() {
    potato().press("slot-01", "flicker");
}

#[test]
fn the_seed_of_the_start_decides_what_is_drawn() {
    let holder = |seed: u64| Table::seat(9).seed(seed).play::<Potato>("{}").explain().en;

    let drawn: Vec<_> = (0..40).map(holder).collect();

    assert_eq!(drawn, (0..40).map(holder).collect::<Vec<_>>());
    let mut different = drawn.clone();
    different.sort();
    different.dedup();
    assert!(different.len() > 5, "{different:?}");
}

#[test]
fn a_start_without_a_seed_still_replays() {
    let mut table = Table::seat(9).rules(1).play::<Potato>("{}");
    let drawn = table.explain();

    table.crash();

    assert_eq!(table.explain(), drawn);
}
