//! The settings of pressing together.

use eg_game::prelude::*;
use std::num::NonZeroU32;

/// The settings of pressing together. All of them have a default.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The buttons that count, as `{ slot, input }`. Without it, any button of any player.
    #[schemars(extend("x-fr" = { "title": "Boutons", "description": "Les boutons qui comptent. Sans eux, n’importe quel bouton de n’importe quel joueur." }))]
    pub places: Vec<Place>,
    /// Number of presses that must come together. Without it, all of `places`, or everybody who is in play.
    #[schemars(extend("x-fr" = { "title": "Il en faut", "description": "Nombre d’appuis qui doivent venir ensemble. Sans lui, tous les boutons, ou tous ceux qui jouent." }))]
    pub needed: Option<NonZeroU32>,
    /// `true` if they must be different players. If not, one player may press several buttons.
    #[schemars(extend("x-fr" = { "title": "Joueurs différents", "description": "Oui si ce doivent être des joueurs différents. Sinon, un joueur peut presser plusieurs boutons." }))]
    pub distinct: bool,
    /// Greatest distance between presses that count as together. At least `10ms`, and twice what the clocks
    /// are uncertain by.
    #[schemars(extend("x-fr" = { "title": "Fenêtre", "description": "Plus grand écart entre des appuis qui comptent comme simultanés. Au moins 10ms, et deux fois l’incertitude des horloges." }))]
    pub window: Span,
    /// Time for which they must hold it; `0s` for a tap.
    #[schemars(extend("x-fr" = { "title": "Tenir", "description": "Temps pendant lequel il faut tenir ; 0s pour une tape." }))]
    pub hold: Span,
    /// Whoever slips off for no longer than this has not let go.
    #[schemars(extend("x-fr" = { "title": "Lâcher", "description": "Qui glisse du bouton moins longtemps que cela ne l’a pas lâché." }))]
    pub release: Span,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            needed: None,
            distinct: true,
            window: Span::from_millis(500),
            hold: Span::default(),
            release: Span::from_millis(200),
        }
    }
}

/// One button.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Of which slot.
    #[schemars(extend("x-fr" = { "title": "Poste", "description": "Poste du bouton." }))]
    pub slot: SlotId,
    /// Input of that slot.
    #[schemars(extend("x-fr" = { "title": "Entrée", "description": "Entrée de ce poste." }))]
    pub input: InputName,
}

/// No clock of a room is better than this on any day.
const SHORTEST: Duration = Duration::from_millis(10);

impl Config {
    pub(crate) fn check(&self, roster: &Roster) -> Result<(), StartError> {
        let mut wrong = SettingProblems::default();
        if self.window.get() < SHORTEST {
            let problem = "below 10ms the clocks of a room cannot tell; write one like 500ms";
            wrong.push("window", problem);
        }
        if let Some(place) = self.places.iter().find(|it| roster.seat(&it.slot).is_none()) {
            let here: Vec<_> = roster.seats.iter().map(|seat| seat.slot.as_str()).collect();
            let problem = format!("{} is not in this room; here: {}", place.slot, here.join(", "));
            wrong.push("places", problem);
        }
        let mut slots: Vec<_> = self.places.iter().map(|place| &place.slot).collect();
        slots.sort();
        slots.dedup();
        let most = match (self.places.len(), self.distinct) {
            (0, true) => Some(roster.seats.len()),
            (0, false) => None,
            (_, true) => Some(slots.len()),
            (places, false) => Some(places),
        };
        let all = self.places.len();
        let needed =
            self.needed.map_or(all, |needed| needed.get().try_into().unwrap_or(usize::MAX));
        if let Some(most) = most.filter(|most| needed > *most) {
            wrong.push("needed", format!("{needed} are needed, and at most {most} can press"));
        }
        Ok(wrong.or(())?)
    }
}
