//! Whoever presses first wins: a whole game, played at a table.
//!
//! ```sh
//! cargo run -p eg-game --example first_press
//! ```

use eg_game::conformance::Conformance;
use eg_game::prelude::*;
use eg_game::testkit::Table;

/// Settings of a session: there are none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// One session, with the slot that pressed first.
pub struct FirstPress(Option<SlotId>);

impl Game for FirstPress {
    const KIND: &'static str = "first-press";
    type Config = Config;

    fn start(_: Config, _: &Roster) -> Result<Self, StartError> {
        Ok(Self(None))
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        if input.pressed().is_some() && self.0.is_none() {
            self.0 = Some(input.slot.clone());
            effects.cue(&input.slot, Cue::Accepted);
            effects.note(self.explain());
            effects.finish(Finish::Done);
        }
    }

    fn view(&self, _: &Audience) -> View {
        View::new(if self.0.is_some() { "over" } else { "open" }, self.explain(), [])
    }

    fn explain(&self) -> Text {
        match &self.0 {
            Some(slot) => Text::new(format!("{slot} a gagné"), format!("{slot} has won")),
            None => Text::new("personne n'a encore appuyé", "nobody has pressed yet"),
        }
    }
}

eg_game::register!(FirstPress);

fn main() {
    // Every game's promises, on this one.
    Conformance::of::<FirstPress>("{}").inputs(["red"]).check();

    let mut table = Table::seat(3).play::<FirstPress>("{}");
    println!("{}", table.explain().en);
    table.press("slot-02", "red");
    table.press("slot-01", "red");
    println!("{}: {:?}", table.explain().en, table.finished());
}
