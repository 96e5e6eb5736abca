//! A session beside the SDK.

use eg_game::prelude::*;
use eg_game::{Order, Session, Started};

/// A session beside the SDK: every press counts, however often it is told, and it may end more than once.
pub(crate) struct Doubled {
    presses: u32,
    roster: Roster,
    twice: bool,
}

impl Doubled {
    pub(crate) fn start(_: &eg_config::Source, _: &eg_config::KeyPath, roster: &Roster) -> Started {
        Ok(Box::new(Self { presses: 0, roster: roster.clone(), twice: false }))
    }

    pub(crate) fn start_ending_twice(
        _: &eg_config::Source,
        _: &eg_config::KeyPath,
        roster: &Roster,
    ) -> Started {
        Ok(Box::new(Self { presses: 0, roster: roster.clone(), twice: true }))
    }
}

impl Session for Doubled {
    fn order(&self) -> Order {
        Order::Arrival
    }
    fn on_input(&mut self, _: &Input, _: &mut Effects) {
        self.presses += u32::from(!self.twice);
    }
    fn on_timer(&mut self, _: TimerId, _: Timestamp, _: &mut Effects) {}
    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        match act.name.as_str() {
            "start" => {}
            "abort" => {
                effects.finish(Finish::Aborted);
                if self.twice {
                    effects.finish(Finish::Aborted);
                }
            }
            _ => effects.refuse_act(Text::same("no")),
        }
    }
    fn on_resumed(&mut self, _: std::time::Duration) {}
    fn offers(&self) -> Vec<Offer> {
        Vec::new()
    }
    fn view(&self, _: &Audience) -> View {
        View::new("there", Text::same("there"), [])
    }
    fn explain(&self) -> Text {
        Text::same(format!("{} presses", self.presses))
    }
    fn roster(&self) -> &Roster {
        &self.roster
    }
}
