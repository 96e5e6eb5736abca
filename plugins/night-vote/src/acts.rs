//! What the operator does. An act that is refused changes nothing.

use crate::options::Options;
use crate::step::{Matter, Stage};
use crate::{NightVote, TIMEOUT, words};
use eg_game::ballot::Expected;
use eg_game::prelude::*;
use eg_game::{ActError, Question};
use std::time::Duration;

/// The longest a step can be prolonged at once: a day, in seconds.
const LONGEST: u64 = 86_400;

/// The fields of `open` and `next`. What is left out comes from the prepared step of that number.
#[derive(Default, Deserialize)]
#[serde(default)]
struct OpenArgs {
    /// Which step, from 1; the next when none is named.
    step: Option<u32>,
    question: Option<String>,
    options: Option<Vec<String>>,
    /// Who is asked; empty for everybody who is alive.
    role: Option<String>,
    /// Open although more votes are expected than players are asked.
    confirm: bool,
    /// Close what is open first, and ask a decided step again: how the old contract opens a step.
    replace: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReopenArgs {
    /// Ask again from the beginning instead of going on with the votes that are in.
    clear: bool,
}

#[derive(Deserialize)]
struct DecideArgs {
    choice: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ExtendArgs {
    seconds: Option<u64>,
}

impl NightVote {
    pub(crate) fn act(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Say> {
        if self.over.is_some() {
            return Err(Say::new("la partie est finie", "the session is over"));
        }
        match act.name.as_str() {
            "start" => Ok(()),
            "open" => self.act_open(act.args().map_err(unfit)?, act.at, effects),
            "next" => self.act_next(act.args().map_err(unfit)?, act.at, effects),
            "close" => self.act_close(act.at, effects),
            "reopen" => self.act_reopen(act.args().map_err(unfit)?, act.at, effects),
            "decide" => self.act_decide(&act.args().map_err(unfit)?, &act.by, effects),
            "no-decision" => self.act_no_decision(&act.by, effects),
            "extend" => self.act_extend(&act.args().map_err(unfit)?, act.at, effects),
            "void" => self.act_void(act.at, effects),
            "finish" => self.act_finish(effects),
            "abort" => {
                if self.live().is_some() {
                    self.call_off(act.at, effects);
                }
                self.end(Finish::Aborted, effects);
                Ok(())
            }
            other => Err(Say::new(
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
    ) -> Result<(), Say> {
        if self.prepared(self.next_number()).is_none() {
            return Err(Say::new("il n'y a plus d'étape préparée", "no further step is prepared"));
        }
        let args = OpenArgs { confirm: args.confirm, ..OpenArgs::default() };
        self.act_open(args, at, effects)
    }

    fn act_open(
        &mut self,
        args: OpenArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Say> {
        let number = args.step.unwrap_or_else(|| self.next_number());
        self.check_free(number, args.replace)?;
        let (question, role) = self.read_question(number, &args)?;
        self.check_asked(&question, role.as_deref(), args.confirm)?;
        if self.live().is_some() {
            self.close(at, effects);
            self.settle_for_good(effects);
        }
        self.open_step(question, role, at, effects);
        Ok(())
    }

    /// Whether a step of this number may open now.
    fn check_free(&self, number: u32, replace: bool) -> Result<(), Say> {
        if number == 0 {
            return Err(Say::new("les étapes comptent à partir de 1", "steps count from 1"));
        }
        if replace {
            return Ok(());
        }
        if let Some(live) = self.live() {
            let open = live.number;
            return Err(Say::new(
                format!("l'étape {open} est encore ouverte : il faut la clore ou l'annuler"),
                format!("step {open} is still open: close or void it first"),
            ));
        }
        if self.past.iter().any(|past| past.result.step == number) {
            return Err(Say::new(
                format!("l'étape {number} a déjà un résultat : il faut la rouvrir"),
                format!("step {number} already has a result: reopen it instead"),
            ));
        }
        Ok(())
    }

    fn read_question(
        &self,
        number: u32,
        args: &OpenArgs,
    ) -> Result<(Question, Option<String>), Say> {
        let ready = self.prepared(number);
        let words = args.question.as_deref().or(ready.map(|ready| ready.question.as_str()));
        let question = words.map(str::trim).filter(|words| !words.is_empty());
        let Some(question) = question.map(str::to_owned) else {
            return Err(Say::new("il manque la question", "the question is missing"));
        };
        let options = match (&args.options, ready) {
            (Some(lines), _) => Options::try_from(lines.clone()).map_err(|error| {
                let fr = "il faut au moins deux options, toutes différentes";
                Say::new(fr, error.to_string())
            })?,
            (None, Some(ready)) => ready.options.clone(),
            (None, None) => {
                return Err(Say::new("il manque les options", "the options are missing"));
            }
        };
        let role = match &args.role {
            Some(role) => Some(role.clone()).filter(|role| !role.is_empty()),
            None => ready.and_then(|ready| ready.role.clone()),
        };
        let options = options.as_slice().to_vec();
        Ok((Question { step: number, question, options }, role))
    }

    /// Whether somebody is asked, and the expected number can be reached.
    fn check_asked(
        &self,
        question: &Question,
        role: Option<&str>,
        confirm: bool,
    ) -> Result<(), Say> {
        let asked = self.ballot(&question.options, role).asked();
        if asked == 0 {
            return Err(Say::new("personne ne pourrait voter", "nobody could vote"));
        }
        match self.config.expected {
            Expected::Votes(number) if number.get() > asked && !confirm => Err(Say::new(
                format!("{number} votes attendus de {asked} joueurs : jamais complet, à confirmer"),
                format!(
                    "{number} votes wanted of {asked} players: never complete unless confirmed"
                ),
            )),
            Expected::Votes(_) | Expected::Auto => Ok(()),
        }
    }

    fn act_close(&mut self, at: Timestamp, effects: &mut Effects) -> Result<(), Say> {
        match self.step.as_ref().map(|step| &step.stage) {
            Some(Stage::Open { .. } | Stage::Deciding(Matter::Missing)) => {
                self.close(at, effects);
                self.settle(at, effects);
                Ok(())
            }
            Some(Stage::Deciding(Matter::Tie(_)) | Stage::Closed) | None => Err(words::not_now()),
        }
    }

    fn act_reopen(
        &mut self,
        args: ReopenArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Say> {
        match &self.step {
            Some(step) if !step.is_live() => {
                self.reopen(args.clear, at, effects);
                Ok(())
            }
            Some(_) | None => Err(words::not_now()),
        }
    }

    fn act_decide(
        &mut self,
        args: &DecideArgs,
        by: &str,
        effects: &mut Effects,
    ) -> Result<(), Say> {
        let Some(Stage::Deciding(Matter::Tie(tied))) = self.step.as_ref().map(|step| &step.stage)
        else {
            return Err(words::not_now());
        };
        let tied = tied.clone();
        let names = self.named(&tied);
        let Some(place) = names.iter().position(|name| *name == args.choice) else {
            let here = words::join(&names);
            return Err(Say::new(
                format!("« {} » n'est pas à égalité ; ici : {}", args.choice, here.fr),
                format!("{:?} is not tied; here: {}", args.choice, here.en),
            ));
        };
        let why = words::decided(&args.choice, by);
        self.conclude(vec![tied[place]], why, effects);
        Ok(())
    }

    fn act_no_decision(&mut self, by: &str, effects: &mut Effects) -> Result<(), Say> {
        match self.step.as_ref().map(|step| &step.stage) {
            Some(Stage::Deciding(_)) => {
                self.conclude(Vec::new(), words::undecided(by), effects);
                Ok(())
            }
            Some(Stage::Open { .. } | Stage::Closed) | None => Err(words::not_now()),
        }
    }

    fn act_extend(
        &mut self,
        args: &ExtendArgs,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Say> {
        let usual = self.config.timeout.map_or(60, |timeout| timeout.as_secs().max(1));
        let seconds = args.seconds.unwrap_or(usual);
        let Some(step) = &mut self.step else { return Err(words::not_now()) };
        if step.stage != Stage::Deciding(Matter::Missing) {
            return Err(words::not_now());
        }
        if !(1..=LONGEST).contains(&seconds) {
            return Err(Say::new(
                format!("il faut de 1 à {LONGEST} secondes"),
                format!("from 1 to {LONGEST} seconds are wanted"),
            ));
        }
        let span = Duration::from_secs(seconds);
        step.open(at, Some(at + span));
        effects.after(TIMEOUT, span);
        effects.note(words::extended());
        Ok(())
    }

    fn act_void(&mut self, at: Timestamp, effects: &mut Effects) -> Result<(), Say> {
        self.live().ok_or_else(words::not_now)?;
        self.call_off(at, effects);
        Ok(())
    }

    fn act_finish(&mut self, effects: &mut Effects) -> Result<(), Say> {
        if self.live().is_some() {
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

fn unfit(error: ActError) -> Say {
    Say::new(format!("champ refusé : {error}"), error.to_string())
}
