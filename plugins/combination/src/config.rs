//! The settings of a puzzle.

use crate::predicate::Predicate;
use eg_game::prelude::*;

/// The settings of a puzzle.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Condition that must hold for it to be solved.
    #[schemars(extend("x-fr" = { "title": "Condition", "description": "Ce qui doit être vrai pour que l’énigme soit résolue." }))]
    pub when: Predicate,
    /// Conditions that must hold before the show begins. Without it, that nothing of `when` stands right yet.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Au départ", "description": "Ce qui doit être vrai avant que la partie commence. Sans cela, que rien de la condition ne soit déjà juste." }))]
    pub start: Vec<Predicate>,
    /// Time for which everything must stand right: a tag that flickers solves nothing. `500ms` when nothing is said.
    #[serde(default = "half_a_second")]
    #[schemars(extend("x-fr" = { "title": "Repos", "description": "Temps pendant lequel tout doit rester juste : un badge qui clignote ne résout rien. 500ms si rien n’est dit." }))]
    pub settle: Span,
}

fn half_a_second() -> Span {
    Span::from_millis(500)
}

impl Config {
    pub(crate) fn check(&self, roster: &Roster) -> Result<(), StartError> {
        let mut wrong = SettingProblems::default();
        let all = [("when", std::slice::from_ref(&self.when)), ("start", &self.start)];
        for (field, predicates) in all {
            for predicate in predicates {
                let mut leaves = Vec::new();
                predicate.leaves(&mut leaves);
                if leaves.is_empty() {
                    wrong.push(field, "it asks for nothing");
                }
                for leaf in leaves {
                    if let Err(problem) = leaf.check(roster) {
                        wrong.push(field, problem);
                    }
                }
            }
        }
        Ok(wrong.or(())?)
    }
}
