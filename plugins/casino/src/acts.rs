//! Requests of tables, and acts of the operator.

use crate::request::{Cents, Request, Status, Tag};
use crate::{Carried, Casino, NAMES_WALLETS, bank::Bank};
use eg_game::prelude::*;

#[derive(Deserialize)]
struct StartArgs {
    #[serde(default)]
    carried: Option<Carried>,
}

/// Marks of a request besides its content.
#[derive(Deserialize)]
struct Mark {
    /// `true` if it comes from a simulated device.
    #[serde(default)]
    sim: bool,
}

#[derive(Deserialize)]
struct MoveArgs {
    tag: String,
    amount_cents: i64,
}

#[derive(Deserialize)]
struct UndoArgs {
    movement: usize,
}

#[derive(Deserialize)]
struct VoidArgs {
    payout_id: String,
}

impl Casino {
    pub(crate) fn act(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Text> {
        if self.over {
            return Err(Text::new("la journée est finie", "the day is over"));
        }
        let reason = format!("{}: {}", act.by, act.reason.as_deref().unwrap_or_default());
        match act.name.as_str() {
            "start" => {
                self.begin(act, effects);
                Ok(())
            }
            "request" => {
                let request: Request = act.args().map_err(unfit)?;
                let Mark { sim } = act.args().map_err(unfit)?;
                if sim && !self.config.rehearsal {
                    return Err(turn_away(&request, effects));
                }
                self.ask(&request, effects);
                Ok(())
            }
            "import" => {
                let done = self.bank.import(&act.args().map_err(unfit)?, &reason)?;
                effects.note(done.told());
                if let Some(left) = done.left_behind().filter(|_| self.rules >= NAMES_WALLETS) {
                    effects.note(left);
                }
                self.tell_cashier(effects);
                Ok(())
            }
            "credit" | "debit" => {
                let args: MoveArgs = act.args().map_err(unfit)?;
                self.move_money(&args, act.name == "credit", &reason)
            }
            "take-back" => {
                let UndoArgs { movement } = act.args().map_err(unfit)?;
                self.bank.undo(movement, &format!("take back {movement}, {reason}")).map_err(said)
            }
            "void-payout" => {
                let VoidArgs { payout_id } = act.args().map_err(unfit)?;
                if !self.bank.void(&payout_id) {
                    return Err(said(Status::NotFound));
                }
                self.tell_cashier(effects);
                Ok(())
            }
            "finish" | "abort" => {
                self.over = true;
                let done = act.name == "finish";
                effects.finish(if done { Finish::Done } else { Finish::Aborted });
                Ok(())
            }
            other => Err(Text::new(
                format!("ce jeu ne connaît pas l'action « {other} »"),
                format!("this game has no act {other:?}"),
            )),
        }
    }

    /// Opens with what the day before has left. A rehearsal puts that by and opens with nothing.
    fn begin(&mut self, act: &Act, effects: &mut Effects) {
        match act.args() {
            Ok(StartArgs { carried }) if self.config.rehearsal => self.put_by = carried,
            Ok(StartArgs { carried }) => self.bank = Bank::open(carried.unwrap_or_default()),
            Err(error) => effects.note(unfit(error)),
        }
        self.tell_cashier(effects);
    }

    fn ask(&mut self, request: &Request, effects: &mut Effects) {
        let waiting = |bank: &Bank| bank.waiting().count();
        let before = waiting(&self.bank);
        let answer = self.bank.ask(request);
        let device = match request {
            Request::WalletGet { device_id, .. }
            | Request::WalletDebit { device_id, .. }
            | Request::WalletCredit { device_id, .. }
            | Request::PayoutClaim { device_id, .. } => Some(device_id),
            Request::PayoutNew { .. } => None,
        };
        if let (Some(device), Some(answer)) = (device, answer) {
            let body = eg_game::serde_json::to_value(&answer).unwrap_or_default();
            effects.send(device, "res", body);
        }
        if waiting(&self.bank) != before {
            self.tell_cashier(effects);
        }
    }

    fn tell_cashier(&self, effects: &mut Effects) {
        let items = self.bank.waiting().map(|(id, payout)| {
            json!({ "payout_id": id, "source": payout.source, "amount_cents": payout.amount })
        });
        let items: Vec<_> = items.collect();
        effects.retain(&self.config.cashier, "payouts", json!({ "items": items }));
    }

    fn move_money(&mut self, args: &MoveArgs, credit: bool, reason: &str) -> Result<(), Text> {
        let tag = Tag::new(&args.tag).ok_or_else(|| said(Status::Invalid))?;
        let amount = u64::try_from(args.amount_cents).ok().filter(|cents| *cents > 0);
        let amount = Cents(amount.ok_or_else(|| said(Status::Invalid))?);
        if credit {
            self.bank.put(&tag, amount, reason).map_err(said)
        } else {
            self.bank.take(&tag, amount, reason).map_err(said)
        }
    }

    pub(crate) fn offered(&self) -> Vec<Offer> {
        if self.over {
            return Vec::new();
        }
        let mut offers = vec![
            on_wallet("credit", Text::new("Créditer", "Credit")),
            on_wallet("debit", Text::new("Débiter", "Debit")),
        ];
        if !self.bank.movements().is_empty() {
            let label = Text::new("Mouvement", "Movement");
            let back =
                Offer::new("take-back", Text::new("Annuler un mouvement", "Take a movement back"));
            let back = back.field("movement", label, FieldKind::Number, String::new());
            offers.push(back.with_reason().grave());
        }
        let waiting: Vec<_> = self.bank.waiting().map(|(id, _)| id.to_owned()).collect();
        if let Some(first) = waiting.first().cloned() {
            let label = Text::new("Gain", "Payout");
            let void = Offer::new("void-payout", Text::new("Annuler un gain", "Void a payout"));
            let void = void.field("payout_id", label, FieldKind::OneOf(waiting), first);
            offers.push(void.with_reason().grave());
        }
        offers.push(Offer::new("finish", Text::new("Finir la journée", "End the day")).grave());
        offers
    }
}

/// A simulated device gets an answer and no money.
fn turn_away(request: &Request, effects: &mut Effects) -> Text {
    if let Some((device, answer)) = request.refused() {
        let body = eg_game::serde_json::to_value(&answer).unwrap_or_default();
        effects.send(device, "res", body);
    }
    Text::new(
        "un appareil simulé ne touche pas à l'argent, sauf en répétition",
        "a simulated device moves no money, except in a rehearsal",
    )
}

fn on_wallet(name: &'static str, label: Text) -> Offer {
    let (tag, cents) = (Text::new("Badge", "Tag"), Text::new("Centimes", "Cents"));
    Offer::new(name, label)
        .field("tag", tag, FieldKind::Text, String::new())
        .field("amount_cents", cents, FieldKind::Number, String::new())
        .with_reason()
}

fn said(status: Status) -> Text {
    match status {
        Status::Insufficient => {
            Text::new("il n'y a pas assez sur ce badge", "there is not so much on this tag")
        }
        Status::NotFound | Status::AlreadyClaimed => Text::new(
            "il n'y en a pas de tel qui vaille encore",
            "there is none of it that still holds",
        ),
        Status::Ok | Status::Invalid => Text::new(
            "il faut un badge et un montant à partir de 1 centime",
            "a tag and an amount from 1 cent are wanted",
        ),
    }
}

fn unfit(error: eg_game::ActError) -> Text {
    Text::new(format!("champ refusé : {error}"), error.to_string())
}
