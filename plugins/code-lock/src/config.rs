//! The settings of a lock.

use eg_game::prelude::*;
use std::collections::BTreeMap;
use std::num::NonZeroU32;

/// The settings of a lock.
#[derive(Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The code: its symbols one after the other, as in `1123`; separated by spaces where a symbol is a longer word,
    /// as in `red red blue`.
    #[schemars(extend("x-fr" = { "title": "Le code", "description": "Ses symboles l’un après l’autre, comme 1123 ; séparés par des espaces si un symbole est un mot plus long, comme red red blue." }))]
    pub code: String,
    /// Comparison of what is typed with the code.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Comparaison", "description": "Façon de comparer ce qui est tapé avec le code." }))]
    pub matching: Matching,
    /// Symbol that each input means. An input that does not stand here means the symbol of its own name; the keys of
    /// a keypad mean what is printed on them.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Touches", "description": "Symbole que chaque entrée signifie. Une entrée absente d’ici signifie son propre nom ; les touches d’un clavier, ce qui est imprimé dessus." }))]
    pub keys: BTreeMap<InputName, String>,
    /// The slot at which the code is typed. Without it, any slot of the room, each for itself.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Poste", "description": "Le poste où l’on tape. Sans lui, n’importe quel poste de la salle, chacun pour soi." }))]
    pub slot: Option<SlotId>,
    /// The symbol with which typing begins. Without it, any.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Début", "description": "Le symbole par lequel la frappe commence. Sans lui, n’importe lequel." }))]
    pub start: Option<String>,
    /// The symbol with which it ends. Without it, what is typed is judged as soon as it is as long as the code.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Fin", "description": "Le symbole qui termine. Sans lui, la frappe est jugée dès qu’elle a la longueur du code." }))]
    pub end: Option<String>,
    /// The symbol that takes the last one back.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Retour arrière", "description": "Le symbole qui efface le dernier." }))]
    pub back: Option<String>,
    /// The symbol that takes all of them back.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Effacer", "description": "Le symbole qui efface tout." }))]
    pub clear: Option<String>,
    /// Fewer symbols than this are no attempt: `end` clears them.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Au moins", "description": "Moins de symboles que cela ne sont pas un essai : la fin les efface." }))]
    pub min: Option<usize>,
    /// More symbols than this are not taken; the code's length when nothing is said.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Au plus", "description": "Plus de symboles que cela ne sont pas pris ; la longueur du code si rien n’est dit." }))]
    pub max: Option<usize>,
    /// After so long without a symbol what was typed is forgotten; `5s` when nothing is said.
    #[serde(default = "five_seconds")]
    #[schemars(extend("x-fr" = { "title": "Oubli", "description": "Après un tel temps sans symbole, ce qui a été tapé est oublié ; 5s si rien n’est dit." }))]
    pub between: Span,
    /// Number of wrong codes before nobody may type for a while. Without it, any number.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Essais", "description": "Nombre de codes faux avant que plus personne ne puisse taper un moment. Sans lui, autant qu’on veut." }))]
    pub attempts: Option<Attempts>,
    /// Output that it opens.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Ouvre", "description": "Sortie que le code actionne." }))]
    pub opens: Option<Opens>,
}

fn five_seconds() -> Span {
    Span::from_secs(5)
}

/// Comparison of what is typed with the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Matching {
    /// An attempt is the whole of what was typed; a wrong one starts over. For codes.
    #[default]
    #[schemars(extend("x-fr" = { "description": "Un essai est tout ce qui a été tapé ; s’il est faux, on recommence. Pour les codes." }))]
    Whole,
    /// The last symbols are compared after each; nothing is ever wrong. For knocks and melodies: `1123` holds `123`.
    #[schemars(extend("x-fr" = { "description": "Les derniers symboles sont comparés après chacun ; rien n’est jamais faux. Pour les coups frappés et les mélodies : 1123 contient 123." }))]
    Sliding,
}

/// Limit to wrong codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attempts {
    /// Number of wrong codes, from 1.
    #[schemars(extend("x-fr" = { "title": "Permis", "description": "Nombre de codes faux, à partir de 1." }))]
    pub allowed: NonZeroU32,
    /// Time for which nobody may type then.
    #[schemars(extend("x-fr" = { "title": "Blocage", "description": "Temps pendant lequel plus personne ne peut taper." }))]
    pub lockout: Span,
}

/// An output to drive once.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opens {
    /// Slot of the output.
    #[schemars(extend("x-fr" = { "title": "Poste", "description": "Poste de la sortie." }))]
    pub slot: SlotId,
    /// Output of that slot.
    #[schemars(extend("x-fr" = { "title": "Sortie", "description": "Sortie de ce poste." }))]
    pub output: OutputName,
    /// Time for which it is switched on. Without it, until somebody switches it off.
    #[serde(default)]
    #[schemars(extend("x-fr" = { "title": "Impulsion", "description": "Temps pendant lequel elle est allumée. Sans lui, jusqu’à ce que quelqu’un l’éteigne." }))]
    pub pulse: Option<Span>,
}

/// The most symbols that a code may have.
const LONGEST: usize = 64;

impl Config {
    /// The code's symbols. No mistake repeats the code.
    pub(crate) fn check(&self, roster: &Roster) -> Result<Vec<String>, StartError> {
        let mut wrong = SettingProblems::default();
        let code = symbols(&self.code);
        if !(1..=LONGEST).contains(&code.len()) {
            let problem = format!("it needs 1 to {LONGEST} symbols, and has {}", code.len());
            wrong.push("code", problem);
        }
        let special = [&self.start, &self.end, &self.back, &self.clear];
        let special: Vec<&String> = special.into_iter().flatten().collect();
        if special.iter().any(|symbol| code.contains(symbol)) {
            let problem = "it holds a symbol that is start, end, back or clear";
            wrong.push("code", problem);
        }
        if (1..special.len()).any(|place| special[..place].contains(&special[place])) {
            wrong.push("end", "start, end, back and clear must be different");
        }
        if self.min.is_some_and(|min| min > code.len()) {
            wrong.push("min", "the code itself is shorter");
        }
        if self.max.is_some_and(|max| max < code.len() || max > LONGEST) {
            let problem = format!("the code itself is longer, or it is above {LONGEST}");
            wrong.push("max", problem);
        }
        if self.between.is_zero() {
            wrong.push("between", "0s would forget every symbol at once");
        }
        if self.attempts.is_some_and(|attempts| attempts.lockout.is_zero()) {
            wrong.push("attempts", "a lockout of 0s locks nobody out");
        }
        let opens = self.opens.as_ref().map(|opens| &opens.slot);
        for slot in self.slot.iter().chain(opens) {
            if roster.seat(slot).is_none() {
                let here: Vec<_> = roster.seats.iter().map(|seat| seat.slot.as_str()).collect();
                let problem = format!("{slot} is not in this room; here: {}", here.join(", "));
                wrong.push("slot", problem);
            }
        }
        Ok(wrong.or(code)?)
    }

    /// The symbol that an input types.
    pub(crate) fn symbol(&self, input: &Input) -> Option<String> {
        if let Some(key) = input.pressed() {
            return Some(self.keys.get(key).cloned().unwrap_or_else(|| key.to_string()));
        }
        let InputData::Event { kind: EventKind::Key { symbol }, .. } = &input.what else {
            return None;
        };
        Some(symbol.clone())
    }
}

fn symbols(code: &str) -> Vec<String> {
    let words: Vec<String> = code.split_whitespace().map(str::to_owned).collect();
    match words.as_slice() {
        [only] => only.chars().map(String::from).collect(),
        _ => words,
    }
}
