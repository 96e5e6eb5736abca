//! A step opens: for the first time, among the tied, or once more.

use crate::NightVote;
use crate::config::Illegal;
use crate::step::Step;
use eg_game::prelude::*;

impl NightVote {
    /// The ballot of a question, for those who are asked now.
    pub(crate) fn ballot(&self, options: &[String], role: Option<&str>) -> Ballot {
        let ballot = Ballot::open(options, self.roster.alive(role), self.config.change);
        // Where the dead may be chosen they stay what they are, an option.
        if self.config.illegal.contains(&Illegal::Dead) {
            ballot.among(&self.roster)
        } else {
            ballot
        }
    }

    /// Settings for the inputs in the step of this number, when it asks about these options: the keys of
    /// the prepared step serve as long as it asks about what they mean.
    pub(crate) fn keys(&self, number: u32, options: &[String]) -> KeyMap {
        let prepared = self.prepared(number).filter(|step| {
            self.roster.rules() < 2 || step.keys.values().all(|means| options.contains(means))
        });
        let prepared = prepared.and_then(|step| self.config.keys_of(step).ok());
        prepared.unwrap_or_else(|| self.keys.clone())
    }

    /// Missing inputs at the slots that a question like this would ask now.
    pub(crate) fn would_lack(
        &self,
        keys: &KeyMap,
        options: &[String],
        role: Option<&str>,
    ) -> Vec<Lacking> {
        let ballot = self.ballot(options, role);
        let standing: Vec<_> = ballot.standing().cloned().collect();
        keys.lay(options, &self.roster).lacking(&standing, ballot.voters())
    }

    /// A slot told what it has: it is asked about with these inputs from the next question on, and in an open one when
    /// nothing was known of it.
    pub(crate) fn learn(&mut self, slot: &SlotId, roster: &Roster, effects: &mut Effects) {
        self.roster = roster.clone();
        for step in &mut self.steps {
            if step.keys.learn(slot, roster) && step.is_live() {
                effects.retell(step.as_question());
            }
        }
    }

    /// Open step that asks a player of this ballot too, with keys that could mean both.
    pub(crate) fn clash(&self, keys: &KeyMap, ballot: &Ballot) -> Option<(u32, &SlotId)> {
        self.live().find_map(|step| {
            let mut seats = self.roster.seats.iter().map(|seat| &seat.slot);
            let both = seats.find(|slot| step.ballot().asks(slot) && ballot.asks(slot))?;
            keys.overlaps(step.keys.map()).then_some((step.number, both))
        })
    }

    /// Opens a new step, beside those that are open.
    pub(crate) fn open_step(
        &mut self,
        question: Question,
        keys: &KeyMap,
        role: Option<String>,
        at: Timestamp,
        effects: &mut Effects,
    ) {
        let number = question.step;
        let ballot = self.ballot(&question.options, role.as_deref());
        let asked = ballot.asked();
        self.supersede(number);
        let keys = keys.lay(&question.options, &self.roster);
        let poll = Poll::new(ballot, self.poll_rules(number), self.roster.rules());
        let mut step = Step::new(question, role, keys, poll);
        step.open(at, None);
        effects.open(step.as_question());
        self.steps.retain(|other| other.is_live() && other.number != number);
        self.steps.push(step);
        self.hands.forget_papers();
        self.start_clock(number, at, effects);
        self.warn_about_number(asked, effects);
    }

    /// Votes again among the tied, who are places in the ballot's options.
    pub(crate) fn revote(
        &mut self,
        number: u32,
        tied: &[usize],
        at: Timestamp,
        effects: &mut Effects,
    ) {
        let options = self.named(number, tied);
        let Some(step) = self.step(number) else { return };
        let ballot = self.ballot(&options, step.role.as_deref());
        let Some(step) = self.step_mut(number) else { return };
        step.rounds.push(step.ballot().tally());
        step.open_anew(ballot, at);
        effects.open(step.as_question());
        let tied = crate::words::join(&options);
        effects.note(Text::new(
            format!("égalité entre {} : on vote encore", tied.fr),
            format!("a tie between {}: voting again", tied.en),
        ));
        self.hands.forget_papers();
        self.start_clock(number, at, effects);
    }

    /// Takes votes again on a step whose result is out: that result no longer holds.
    pub(crate) fn reopen(
        &mut self,
        number: u32,
        clear: bool,
        at: Timestamp,
        effects: &mut Effects,
    ) {
        let Some(step) = self.step(number) else { return };
        let fresh = clear.then(|| self.ballot(&step.options, step.role.as_deref()));
        self.supersede(number);
        let Some(step) = self.step_mut(number) else { return };
        match fresh {
            Some(ballot) => {
                step.rounds.clear();
                step.open_anew(ballot, at);
            }
            None => step.open(at, None),
        }
        self.follow(number, effects);
        let Some(step) = self.step(number) else { return };
        effects.open(step.as_question());
        effects.note(Text::new(
            format!("étape {number} rouverte : le résultat précédent ne vaut plus"),
            format!("step {number} reopened: the earlier result no longer holds"),
        ));
        self.start_clock(number, at, effects);
    }

    fn supersede(&mut self, number: u32) {
        for past in self.past.iter_mut().filter(|past| past.result.step == number) {
            past.superseded = true;
        }
    }

    fn warn_about_number(&self, asked: u32, effects: &mut Effects) {
        let Expected::Votes(number) = self.config.expected else { return };
        if number.get() < asked {
            effects.note(Text::new(
                format!("attention : {number} votes suffisent, et {asked} joueurs votent"),
                format!("mind: {number} votes are enough, and {asked} players are asked"),
            ));
        } else if number.get() > asked {
            effects.note(Text::new(
                format!("attention : {number} votes attendus de {asked} joueurs, il faudra clore"),
                format!(
                    "mind: {number} votes wanted of {asked} players, it must be closed by hand"
                ),
            ));
        }
    }
}
