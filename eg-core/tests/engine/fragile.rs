//! Fragile game, which does all that a bad game does.

use eg_game::Finish;
use eg_game::prelude::*;
use std::time::Duration;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// `true` to refuse to start.
    #[serde(default)]
    pub(crate) refuses: bool,
}

/// Game that counts presses, panics at `boom`, panics when it is rendered after `mirror`, rings 10 s after `bell`, and
/// never stops at `loop`.
struct Fragile {
    presses: u32,
    rings: u32,
    ugly: bool,
}

impl Game for Fragile {
    const KIND: &'static str = "fragile";
    type Config = Config;

    fn start(config: Config, _: &Roster) -> Result<Self, StartError> {
        match config.refuses {
            true => Err(StartError::new("refuses", "it was told to")),
            false => Ok(Self { presses: 0, rings: 0, ugly: false }),
        }
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        let Some(name) = input.pressed() else { return };
        self.presses += 1;
        match name.as_str() {
            "boom" => panic!("the fuse was lit"),
            "mirror" => self.ugly = true,
            "bell" => effects.after(TimerId(1), Duration::from_secs(10)),
            "loop" => effects.after(TimerId(2), Duration::ZERO),
            "end" => effects.finish(Finish::Done),
            _ => effects.refuse(Text::same("not that one")),
        }
    }

    fn on_timer(&mut self, timer: TimerId, _: Timestamp, effects: &mut Effects) {
        self.rings += 1;
        if timer == TimerId(2) {
            effects.after(timer, Duration::ZERO);
        }
    }

    fn view(&self, _: &Audience) -> View {
        assert!(!self.ugly, "it cannot bear to be looked at");
        View::new("playing", self.explain(), [])
    }

    fn explain(&self) -> Text {
        Text::same(format!("{} presses, {} rings", self.presses, self.rings))
    }
}

eg_game::register!(Fragile);

/// Later version of the fragile game, whose bell rings a second later.
struct FragileOfTomorrow(Fragile);

impl Game for FragileOfTomorrow {
    const KIND: &'static str = "fragile-of-tomorrow";
    type Config = Config;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        Fragile::start(config, roster).map(Self)
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        self.0.on_input(input, effects);
        if input.pressed().is_some_and(|name| name.as_str() == "bell") {
            effects.after(TimerId(1), Duration::from_secs(11));
        }
    }

    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
        self.0.on_timer(timer, at, effects);
    }

    fn view(&self, audience: &Audience) -> View {
        self.0.view(audience)
    }

    fn explain(&self) -> Text {
        self.0.explain()
    }
}

eg_game::register!(FragileOfTomorrow);
