//! {{Type}}: buttons pressed in the right order open a lock. Replace these rules with yours.

use eg_game::prelude::*;

/// Settings of a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Inputs in the order in which they must be pressed, at any slots of the room.
    order: Vec<InputName>,
    /// Output that is switched on when it is solved.
    #[serde(default)]
    opens: Option<Opens>,
}

/// Output of a slot.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opens {
    /// Slot of the output.
    slot: SlotId,
    /// Name of the output.
    output: OutputName,
}

/// One session.
pub struct {{Type}} {
    config: Config,
    /// Number of presses that were right so far.
    right: usize,
    solved: Option<Text>,
}

impl Game for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    /// A puzzle is about things: whoever presses, dead or alive, it counts.
    const INPUTS: InputFilter = InputFilter::Everything;

    fn start(config: Config, _: &Roster) -> Result<Self, StartError> {
        if config.order.is_empty() {
            return Err(StartError::new("order", "there is nothing to press; name an input"));
        }
        Ok(Self { config, right: 0, solved: None })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        let order = &self.config.order;
        let Some(key) = input.pressed().filter(|key| order.contains(key)) else { return };
        if input.late {
            return effects.refuse(Text::new("retenu par une panne", "held back by an outage"));
        }
        if *key == order[self.right] {
            self.right += 1;
            effects.cue(&input.slot, Cue::Accepted);
        } else {
            self.right = usize::from(*key == order[0]);
            effects.cue(&input.slot, Cue::Refused);
        }
        if self.right == order.len() {
            let slot = &input.slot;
            let (fr, en) = (format!("résolu à {slot}"), format!("solved at {slot}"));
            self.solve(Text::new(fr, en), effects);
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        match act.name.as_str() {
            "start" => {}
            "accept" => {
                let by = &act.by;
                let (fr, en) = (format!("{by} l'a accepté"), format!("{by} accepted it"));
                self.solve(Text::new(fr, en), effects);
            }
            _ => effects.refuse_act(Text::new("action inconnue", "this game has no such act")),
        }
    }

    fn offers(&self) -> Vec<Offer> {
        let accept = Text::new("Accepter comme résolu", "Accept as solved");
        vec![Offer::new("accept", accept).with_reason().grave()]
    }

    fn view(&self, _: &Audience) -> View {
        View::new(if self.solved.is_some() { "solved" } else { "locked" }, self.explain(), [])
    }

    fn explain(&self) -> Text {
        let (right, of) = (self.right, self.config.order.len());
        self.solved.clone().unwrap_or_else(|| {
            Text::new(format!("{right} appuis justes sur {of}"), format!("{right} of {of} are right"))
        })
    }
}

impl {{Type}} {
    fn solve(&mut self, why: Text, effects: &mut Effects) {
        if let Some(Opens { slot, output }) = &self.config.opens {
            effects.set(slot, output, Set::On);
        }
        effects.result(StepResult::success("solved", why.clone()));
        effects.finish(Finish::Done);
        self.solved = Some(why);
    }
}

eg_game::register!({{Type}});
