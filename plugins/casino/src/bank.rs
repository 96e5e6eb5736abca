//! The money. Every change is a movement; a wallet is the sum of its movements, and never negative.

use crate::request::{Answer, Cents, Request, Status, Tag};
use eg_game::SlotId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// All wallets, and every movement since the day began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bank {
    pub(crate) wallets: BTreeMap<Tag, Cents>,
    movements: Vec<Movement>,
    pub(crate) payouts: BTreeMap<String, Payout>,
    /// Answers to each table's requests that move money, with its place among all answers.
    pub(crate) answered: BTreeMap<(SlotId, String), (u64, Answer)>,
    /// Wallets that were taken over from another installation: once each.
    pub(crate) imported: BTreeSet<Tag>,
    /// Answers and payouts so far: the next one's place.
    pub(crate) next: u64,
}

/// One change of one wallet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// Number, from 1.
    pub number: usize,
    /// Tag of the wallet.
    pub tag: Tag,
    /// Into it, or out of it when negative.
    pub cents: i64,
    /// Reason, in the table's words.
    pub reason: String,
    /// The movement that takes this one back.
    pub undone_by: Option<usize>,
}

/// Money that waits to be claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// Place among all payouts: later ones have greater ones.
    #[serde(default)]
    pub place: u64,
    /// Name of the game that pays.
    pub source: String,
    /// Amount.
    pub amount: Cents,
    /// State of the payout.
    pub state: PayoutState,
}

/// State of a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutState {
    /// Waits to be claimed.
    Waiting,
    /// Paid into a wallet.
    Claimed,
    /// The operator has called it off.
    Void,
}

impl Bank {
    /// Balance of a wallet; nothing for a tag that was never seen.
    pub fn balance(&self, tag: &Tag) -> Cents {
        self.wallets.get(tag).copied().unwrap_or_default()
    }

    /// Wallets that ever held something.
    pub fn wallets(&self) -> impl Iterator<Item = (&Tag, Cents)> {
        self.wallets.iter().map(|(tag, cents)| (tag, *cents))
    }

    /// Sum of all wallets.
    pub fn total(&self) -> Cents {
        Cents(self.wallets.values().map(|cents| cents.0).sum())
    }

    /// Movements, in order.
    pub fn movements(&self) -> &[Movement] {
        &self.movements
    }

    /// The payouts that wait, by their ids.
    pub fn waiting(&self) -> impl Iterator<Item = (&str, &Payout)> {
        let waiting = self.payouts.iter().filter(|(_, it)| it.state == PayoutState::Waiting);
        waiting.map(|(id, payout)| (id.as_str(), payout))
    }

    /// Does what a table asks, once. A repeated request is answered as it was the first time. A new payout is answered
    /// to nobody.
    pub fn ask(&mut self, request: &Request) -> Option<Answer> {
        match request {
            Request::WalletGet { req_id, tag_uid, .. } => {
                let balance = Tag::new(tag_uid).map(|tag| self.balance(&tag));
                Some(Answer {
                    req_id: req_id.clone(),
                    kind: "wallet_get".to_owned(),
                    status: if balance.is_some() { Status::Ok } else { Status::Invalid },
                    balance_cents: Some(balance.unwrap_or_default()),
                    credited_cents: None,
                    new_balance_cents: None,
                })
            }
            Request::WalletDebit { req_id, device_id, tag_uid, amount_cents, reason } => {
                Some(self.once(device_id, req_id, "wallet_debit", tag_uid, |bank, tag| {
                    let amount = amount(*amount_cents)?;
                    bank.take(tag, amount, reason)?;
                    Ok(None)
                }))
            }
            Request::WalletCredit { req_id, device_id, tag_uid, amount_cents, reason } => {
                Some(self.once(device_id, req_id, "wallet_credit", tag_uid, |bank, tag| {
                    let amount = amount(*amount_cents)?;
                    bank.put(tag, amount, reason)?;
                    Ok(None)
                }))
            }
            Request::PayoutNew { payout_id, source, amount_cents } => {
                if let (Ok(amount), false) = (amount(*amount_cents), payout_id.is_empty()) {
                    self.pay_out(payout_id, source, amount, PayoutState::Waiting);
                }
                None
            }
            Request::PayoutClaim { req_id, device_id, payout_id, tag_uid } => {
                Some(self.once(device_id, req_id, "payout_claim", tag_uid, |bank, tag| {
                    bank.claim(payout_id, tag).map(Some)
                }))
            }
        }
    }

    fn once(
        &mut self,
        device: &SlotId,
        req_id: &str,
        kind: &'static str,
        tag_uid: &str,
        apply: impl FnOnce(&mut Self, &Tag) -> Result<Option<Cents>, Status>,
    ) -> Answer {
        let tag = Tag::new(tag_uid);
        let place = (device.clone(), req_id.to_owned());
        let known = self.answered.get(&place).map(|(_, answer)| answer);
        if let Some(known) = known.filter(|known| known.kind == kind) {
            return known.clone();
        }
        // A number that was used for something else moves nothing, and leaves the first answer as it is.
        let used = known.is_some();
        let applied = match &tag {
            Some(tag) if !used => apply(self, tag),
            Some(_) | None => Err(Status::Invalid),
        };
        let credited = match applied {
            Ok(credited) => credited,
            Err(_) => (kind == "payout_claim").then(Cents::default),
        };
        let answer = Answer {
            req_id: req_id.to_owned(),
            kind: kind.to_owned(),
            status: applied.err().unwrap_or(Status::Ok),
            balance_cents: None,
            credited_cents: credited,
            new_balance_cents: Some(tag.map(|tag| self.balance(&tag)).unwrap_or_default()),
        };
        if !used {
            let number = self.count();
            self.answered.insert(place, (number, answer.clone()));
        }
        answer
    }

    /// The next place.
    pub(crate) fn count(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Makes a payout, once. False when there is one of this id.
    pub(crate) fn pay_out(
        &mut self,
        id: &str,
        source: &str,
        amount: Cents,
        state: PayoutState,
    ) -> bool {
        if self.payouts.contains_key(id) {
            return false;
        }
        let place = self.count();
        let new = Payout { place, source: source.to_owned(), amount, state };
        self.payouts.insert(id.to_owned(), new);
        true
    }

    /// Puts money into a wallet.
    ///
    /// # Errors
    /// [`Status::Invalid`] when no wallet can hold so much.
    pub fn put(&mut self, tag: &Tag, amount: Cents, reason: &str) -> Result<(), Status> {
        let cents = i64::try_from(amount.0).map_err(|_| Status::Invalid)?;
        let total = self.total().0.checked_add(amount.0).ok_or(Status::Invalid)?;
        i64::try_from(total).map_err(|_| Status::Invalid)?;
        self.wallets.entry(tag.clone()).or_default().0 += amount.0;
        self.record(tag, cents, reason);
        Ok(())
    }

    /// Takes money out of a wallet.
    ///
    /// # Errors
    /// [`Status::Insufficient`] when it does not hold so much.
    pub fn take(&mut self, tag: &Tag, amount: Cents, reason: &str) -> Result<(), Status> {
        let wallet = self.wallets.get_mut(tag).ok_or(Status::Insufficient)?;
        let left = wallet.0.checked_sub(amount.0).ok_or(Status::Insufficient)?;
        let cents = i64::try_from(amount.0).map_err(|_| Status::Invalid)?;
        wallet.0 = left;
        self.record(tag, -cents, reason);
        Ok(())
    }

    fn claim(&mut self, payout_id: &str, tag: &Tag) -> Result<Cents, Status> {
        let payout = self.payouts.get(payout_id).ok_or(Status::NotFound)?;
        let amount = payout.amount;
        match payout.state {
            PayoutState::Waiting => {}
            PayoutState::Claimed => return Err(Status::AlreadyClaimed),
            PayoutState::Void => return Err(Status::NotFound),
        }
        self.put(tag, amount, &format!("payout {payout_id}"))?;
        if let Some(payout) = self.payouts.get_mut(payout_id) {
            payout.state = PayoutState::Claimed;
        }
        Ok(amount)
    }

    /// Calls off a payout that waits. False when none of this id does.
    pub fn void(&mut self, payout_id: &str) -> bool {
        match self.payouts.get_mut(payout_id) {
            Some(payout) if payout.state == PayoutState::Waiting => {
                payout.state = PayoutState::Void;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Takes a movement back by another one. A payout that it paid stays claimed.
    ///
    /// # Errors
    /// [`Status::NotFound`] when there is none of this number that still holds; [`Status::Insufficient`] when the
    /// money is no longer there.
    pub fn undo(&mut self, number: usize, reason: &str) -> Result<(), Status> {
        let movement = number.checked_sub(1).and_then(|place| self.movements.get(place));
        let movement = movement.filter(|it| it.undone_by.is_none()).ok_or(Status::NotFound)?;
        let (tag, amount) = (movement.tag.clone(), Cents(movement.cents.unsigned_abs()));
        if movement.cents < 0 {
            self.put(&tag, amount, reason)?;
        } else {
            self.take(&tag, amount, reason)?;
        }
        let undone_by = Some(self.movements.len());
        if let Some(movement) = self.movements.get_mut(number - 1) {
            movement.undone_by = undone_by;
        }
        Ok(())
    }

    fn record(&mut self, tag: &Tag, cents: i64, reason: &str) {
        let number = self.movements.len() + 1;
        let (tag, reason) = (tag.clone(), reason.to_owned());
        self.movements.push(Movement { number, tag, cents, reason, undone_by: None });
    }

    /// `true` if every wallet is the sum of its movements: true at every moment.
    pub fn is_balanced(&self) -> bool {
        let mut sums: BTreeMap<&Tag, i128> = BTreeMap::new();
        for movement in &self.movements {
            *sums.entry(&movement.tag).or_default() += i128::from(movement.cents);
        }
        let holds = |(tag, sum): (&&Tag, &i128)| i128::from(self.balance(tag).0) == *sum;
        self.wallets.len() == sums.len() && sums.iter().all(holds)
    }
}

/// An amount that can move: from 1.
pub(crate) fn amount(cents: i64) -> Result<Cents, Status> {
    match u64::try_from(cents) {
        Ok(0) | Err(_) => Err(Status::Invalid),
        Ok(cents) => Ok(Cents(cents)),
    }
}
