//! Acts of the operator. An act that is refused changes nothing.

mod keys;
mod question;

pub(crate) use question::step_number;

use keys::KeyLines;

use crate::alarm::LAST_STEP;
use crate::step::Step;
use crate::{NightVote, words};
use eg_game::prelude::*;

/// The longest a step can be prolonged at once: a day, in seconds.
const LONGEST: u64 = 86_400;

/// The fields of `open` and `next`. What is left out comes from the prepared step of that number.
#[derive(Default, Deserialize)]
#[serde(default)]
struct OpenArgs {
    /// Number of the step, from 1; the next when none is named.
    step: Option<u32>,
    question: Option<String>,
    options: Option<Vec<String>>,
    /// Option of this question that each input means; then no other input means any.
    keys: Option<KeyLines>,
    /// Role of those who are asked; empty for everybody who is alive.
    role: Option<String>,
    /// Open although more votes are expected than players are asked, or an option has no input somewhere.
    confirm: bool,
    /// Close what is open first, and ask a decided step again: how the old contract opens a step.
    replace: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReopenArgs {
    /// Number of the step; the only one when none is named, as in every act on a step.
    #[serde(deserialize_with = "step_number")]
    step: Option<u32>,
    /// Ask again from the beginning instead of going on with the votes that are in.
    clear: bool,
}

#[derive(Deserialize)]
struct DecideArgs {
    #[serde(default, deserialize_with = "step_number")]
    step: Option<u32>,
    choice: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StepArgs {
    #[serde(deserialize_with = "step_number")]
    step: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ExtendArgs {
    #[serde(deserialize_with = "step_number")]
    step: Option<u32>,
    seconds: Option<u64>,
}

impl NightVote {
    pub(crate) fn act(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Text> {
        if self.over.is_some() {
            return Err(Text::new("la partie est finie", "the session is over"));
        }
        match act.name.as_str() {
            "start" => {
                self.seed = act.seed().unwrap_or_default();
                let lacking = self.prepared_lacking();
                lacking.into_iter().for_each(|line| effects.note(line));
                Ok(())
            }
            "open" => self.act_open(act.args().map_err(unfit)?, act.at, effects),
            "next" => self.act_next(act.args().map_err(unfit)?, act.at, effects),
            "close" => self.act_close(&act.args().map_err(unfit)?, act.at, effects),
            "reopen" => self.act_reopen(&act.args().map_err(unfit)?, act.at, effects),
            "decide" => self.act_decide(&act.args().map_err(unfit)?, &act.by, effects),
            "no-decision" => self.act_no_decision(&act.args().map_err(unfit)?, &act.by, effects),
            "extend" => self.act_extend(&act.args().map_err(unfit)?, act, effects),
            "accept-late" => self.act_late(&act.args().map_err(unfit)?, true, act, effects),
            "refuse-late" => self.act_late(&act.args().map_err(unfit)?, false, act, effects),
            "void" => self.act_void(&act.args().map_err(unfit)?, act.at, effects),
            "finish" => self.act_finish(effects),
            "abort" => {
                for number in self.numbers() {
                    self.call_off(number, act.at, effects);
                }
                self.end(Finish::Aborted, effects);
                Ok(())
            }
            other => Err(Text::new(
                format!("ce jeu ne connaît pas l'action « {other} »"),
                format!("this game has no act {other:?}"),
            )),
        }
    }

    fn act_next(
        &mut self,
        args: OpenArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        if self.prepared(self.next_number()).is_none() {
            return Err(Text::new("il n'y a plus d'étape préparée", "no further step is prepared"));
        }
        let args = OpenArgs { confirm: args.confirm, ..OpenArgs::default() };
        self.act_open(args, at, effects)
    }

    fn act_open(
        &mut self,
        args: OpenArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let number = args.step.unwrap_or_else(|| self.next_number());
        self.check_number(number, args.replace)?;
        let (question, role) = self.read_question(number, &args)?;
        let keys = self.read_keys(&question, args.keys.as_ref())?;
        self.check_asked(&question, &keys, role.as_deref(), args.confirm)?;
        if args.replace {
            for open in self.numbers() {
                self.close(open, at, effects);
                self.settle_for_good(open, effects);
            }
        }
        self.check_beside(&question, &keys, role.as_deref())?;
        self.open_step(question, &keys, role, at, effects);
        Ok(())
    }

    /// Checks that a step of this number may open now.
    fn check_number(&self, number: u32, replace: bool) -> Result<(), Text> {
        if !(1..=LAST_STEP).contains(&number) {
            return Err(Text::new(
                format!("les étapes comptent à partir de 1, jusqu'à {LAST_STEP}"),
                format!("steps count from 1, up to {LAST_STEP}"),
            ));
        }
        if !replace && self.past.iter().any(|past| past.result.step == number) {
            return Err(Text::new(
                format!("l'étape {number} a déjà un résultat : il faut la rouvrir"),
                format!("step {number} already has a result: reopen it instead"),
            ));
        }
        Ok(())
    }

    /// Checks that nobody is asked twice at once without keys that tell the two apart.
    fn check_beside(
        &self,
        question: &Question,
        keys: &KeyMap,
        role: Option<&str>,
    ) -> Result<(), Text> {
        let ballot = self.ballot(&question.options, role);
        let same = self.live().find(|step| step.number == question.step);
        let clash = self.clash(keys, &ballot);
        let Some(open) = same.map(|step| step.number).or(clash.map(|(open, _)| open)) else {
            return Ok(());
        };
        let who = clash.map(|(_, slot)| format!(" ({slot})")).unwrap_or_default();
        Err(Text::new(
            format!(
                "l'étape {open} est encore ouverte{who} : il faut la clore ou l'annuler, ou donner à \
                 chacune ses propres touches"
            ),
            format!(
                "step {open} is still open{who}: close or void it first, or give each keys of its own"
            ),
        ))
    }

    fn act_close(
        &mut self,
        args: &StepArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let number = self.pick(args.step, Step::can_close)?;
        self.close(number, at, effects);
        self.settle(number, at, effects);
        Ok(())
    }

    fn act_reopen(
        &mut self,
        args: &ReopenArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let number = self.pick(args.step, |step| !step.is_live())?;
        let Some(step) = self.step(number) else { return Err(words::not_now()) };
        if let Some((open, slot)) = self.clash(step.keys.map(), step.ballot()) {
            return Err(Text::new(
                format!("l'étape {open} est ouverte et demande aussi {slot}"),
                format!("step {open} is open and asks {slot} too"),
            ));
        }
        self.reopen(number, args.clear, at, effects);
        Ok(())
    }

    fn act_decide(
        &mut self,
        args: &DecideArgs,
        by: &str,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let number = self.pick(args.step, |step| step.tied().is_some())?;
        let Some(tied) = self.step(number).and_then(Step::tied).map(<[usize]>::to_vec) else {
            return Err(words::not_now());
        };
        let names = self.named(number, &tied);
        let Some(place) = names.iter().position(|name| *name == args.choice) else {
            let here = words::join(&names);
            return Err(Text::new(
                format!("« {} » n'est pas à égalité ; ici : {}", args.choice, here.fr),
                format!("{:?} is not tied; here: {}", args.choice, here.en),
            ));
        };
        let why = words::decided(&args.choice, by);
        self.conclude(number, vec![tied[place]], why, effects);
        Ok(())
    }

    fn act_no_decision(
        &mut self,
        args: &StepArgs,
        by: &str,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let deciding = |step: &Step| step.matter.is_some();
        let number = self.pick(args.step, deciding)?;
        self.conclude(number, Vec::new(), words::undecided(by), effects);
        Ok(())
    }

    fn act_extend(
        &mut self,
        args: &ExtendArgs,
        act: &Act,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let usual = self.config.timeout.map_or(60, |timeout| timeout.as_secs().max(1));
        let seconds = args.seconds.unwrap_or(usual);
        let number = self.pick(args.step, Step::can_be_prolonged)?;
        if !(1..=LONGEST).contains(&seconds) {
            return Err(Text::new(
                format!("il faut de 1 à {LONGEST} secondes"),
                format!("from 1 to {LONGEST} seconds are wanted"),
            ));
        }
        let span = Duration::from_secs(seconds);
        let Some(step) = self.step_mut(number) else { return Err(words::not_now()) };
        match step.poll.ends() {
            Some(ends) => step.poll.set_end(ends + span),
            None => step.open(act.at, Some(act.at + span)),
        }
        effects.note(words::prolonged(&act.by, seconds));
        self.start_clock(number, act.at, effects);
        Ok(())
    }

    fn act_void(
        &mut self,
        args: &StepArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let number = self.pick(args.step, Step::is_live)?;
        self.call_off(number, at, effects);
        Ok(())
    }

    fn act_finish(&mut self, effects: &mut Effects) -> Result<(), Text> {
        if self.live().next().is_some() {
            return Err(words::not_now());
        }
        self.end(Finish::Done, effects);
        Ok(())
    }

    fn end(&mut self, finish: Finish, effects: &mut Effects) {
        effects.finish(finish.clone());
        self.over = Some(finish);
    }
}

fn unfit(error: ActError) -> Text {
    Text::new(format!("champ refusé : {error}"), error.to_string())
}
