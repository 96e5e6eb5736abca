//! Wallets by tag: credits, debits, payouts and claims, to the cent.
//!
//! The money itself is [`Bank`]: pure, without a session. The rules stand in the README; each has a test of its name in
//! `tests/`.

mod acts;
mod bank;
mod carry;
mod request;
mod view;

pub use bank::{Bank, Movement, Payout, PayoutState};
pub use carry::{Carried, Import, Imported, OldPayout, OldWallet};
pub use request::{Answer, Cents, Request, Status, Tag};

use eg_game::prelude::*;

/// The settings of a day. All of them have a default.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The slot that pays out: it is told the payouts that wait.
    #[schemars(extend("x-fr" = { "title": "Caisse", "description": "Le poste qui paie : il connaît les paiements en attente." }))]
    pub cashier: SlotId,
    /// `true` for a rehearsal: simulated devices move money too, and none of it is there the day after.
    #[schemars(extend("x-fr" = { "title": "Répétition", "description": "Oui pour une répétition : les cartes simulées bougent aussi de l’argent, et rien n’en reste le lendemain." }))]
    pub rehearsal: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { cashier: cashier(), rehearsal: false }
    }
}

/// Since this revision of the rules an import names the wallets that it left as they are.
const NAMES_WALLETS: u16 = 2;

/// One day.
pub struct Casino {
    config: Config,
    /// The revision of the rules that this day began under.
    rules: u16,
    bank: Bank,
    /// State that the day before left, while this one is a rehearsal.
    put_by: Option<Carried>,
    over: bool,
}

impl Game for Casino {
    const KIND: &'static str = "casino";
    type Config = Config;

    /// Money has no players to kill: whoever holds the tag holds the wallet.
    const INPUTS: InputFilter = InputFilter::Everything;

    /// A wallet is not empty the day after.
    const CARRIES: bool = true;

    /// Tables know what they were answered: money is taken back by another movement.
    const REWINDS: bool = false;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        let rules = roster.rules();
        Ok(Self { config, rules, bank: Bank::default(), put_by: None, over: false })
    }

    fn on_input(&mut self, _: &Input, _: &mut Effects) {
        // A tag on a reader moves no money: what a table asks for arrives as the act `request`.
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        if let Err(why) = self.act(act, effects) {
            effects.refuse_act(why);
        }
    }

    fn carry(&self) -> eg_game::serde_json::Value {
        let carried = match self.config.rehearsal {
            true => self.put_by.clone().unwrap_or_default(),
            false => self.bank.carry(),
        };
        eg_game::serde_json::to_value(carried).unwrap_or_default()
    }

    fn offers(&self) -> Vec<Offer> {
        self.offered()
    }

    fn view(&self, for_whom: &Audience) -> View {
        self.seen_by(for_whom)
    }

    fn explain(&self) -> Text {
        let (wallets, total) = (self.bank.wallets().count(), self.bank.total());
        let movements = self.bank.movements().len();
        Text::new(
            format!("{wallets} porte-monnaie, {total} en tout, {movements} mouvements"),
            format!("{wallets} wallets, {total} in all, {movements} movements"),
        )
    }
}

/// `change-01`, as existing installations call it.
fn cashier() -> SlotId {
    let Ok(slot) = SlotId::new("change-01") else { unreachable!("the name fits") };
    slot
}

eg_game::register!(Casino);
