//! Money that comes from elsewhere: from the day before, and from an installation that this one replaces.

use crate::bank::{Bank, Payout, PayoutState, amount};
use crate::request::{Answer, Cents, Tag};
use eg_game::{SlotId, Text};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Number of answers and settled payouts of the day before that are remembered, the latest: a request that was told
/// twice across midnight counts once.
const REMEMBERED: usize = 1_000;

/// State that a day leaves to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Carried {
    wallets: BTreeMap<Tag, Cents>,
    payouts: BTreeMap<String, Payout>,
    /// Oldest first.
    answered: Vec<(SlotId, Answer)>,
    imported: BTreeSet<Tag>,
}

/// State of another installation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Import {
    /// Wallets of the other installation.
    pub wallets: Vec<OldWallet>,
    /// Payouts of the other installation.
    pub payouts: Vec<OldPayout>,
}

/// A wallet of another installation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OldWallet {
    /// UID of the wallet's tag.
    pub tag_uid: String,
    /// Balance in cents; never negative.
    pub balance_cents: i64,
}

/// A payout of another installation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OldPayout {
    /// Id of the payout.
    pub payout_id: String,
    /// Name of the game that pays.
    pub source: String,
    /// Amount in cents, from 1.
    pub amount_cents: i64,
    /// `true` if it was claimed there.
    pub claimed: bool,
}

/// Numbers of an import: what was here before was left as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Wallets taken over.
    pub wallets: usize,
    /// Sum of the wallets taken over, in cents.
    pub cents: u64,
    /// Payouts taken over.
    pub payouts: usize,
    /// Wallets and payouts that had been taken over before.
    pub known: usize,
    /// Those wallets among them that hold something there: none of it was added to what is here.
    pub left: Vec<(Tag, Cents)>,
}

/// Wallets that are named in one sentence, at most.
const NAMED: usize = 20;

impl Bank {
    /// State with which the next day begins.
    pub fn carry(&self) -> Carried {
        let mut answered: Vec<_> = self
            .answered
            .iter()
            .map(|((slot, _), (place, answer))| (place, slot, answer))
            .collect();
        answered.sort_unstable_by_key(|(place, ..)| **place);
        let late = answered.len().saturating_sub(REMEMBERED);
        let answered = answered.into_iter().skip(late).map(|(_, s, a)| (s.clone(), a.clone()));
        let mut settled: Vec<u64> =
            self.payouts.values().filter(is_settled).map(|it| it.place).collect();
        settled.sort_unstable();
        let first = settled.iter().rev().nth(REMEMBERED - 1).copied().unwrap_or_default();
        let kept = self.payouts.iter().filter(|(_, it)| !is_settled(it) || it.place >= first);
        Carried {
            wallets: self
                .wallets()
                .filter(|(_, cents)| cents.0 > 0)
                .map(|(t, c)| (t.clone(), c))
                .collect(),
            payouts: kept.map(|(id, payout)| (id.clone(), payout.clone())).collect(),
            answered: answered.collect(),
            imported: self.imported.clone(),
        }
    }

    /// Begins with what the day before has left: a movement for every wallet.
    pub fn open(carried: Carried) -> Self {
        let mut bank = Self::default();
        bank.imported = carried.imported;
        for (tag, cents) in carried.wallets {
            // It was in one bank yesterday, so it fits into one today.
            let _ = bank.put(&tag, cents, "carried over");
        }
        bank.next = carried.payouts.values().map(|payout| payout.place).max().unwrap_or_default();
        bank.payouts = carried.payouts;
        for (slot, answer) in carried.answered {
            let place = bank.count();
            bank.answered.insert((slot, answer.req_id.clone()), (place, answer));
        }
        bank
    }

    /// Takes over what another installation holds: all of it or nothing, and each wallet and payout once.
    ///
    /// # Errors
    /// The row that cannot be.
    pub fn import(&mut self, from: &Import, reason: &str) -> Result<Imported, Text> {
        let (mut bank, mut done) = (self.clone(), Imported::default());
        for (row, wallet) in (1..).zip(&from.wallets) {
            let OldWallet { tag_uid, balance_cents } = wallet;
            let wrong = || unfit("wallets", row, tag_uid, *balance_cents);
            let tag = Tag::new(tag_uid).ok_or_else(wrong)?;
            let cents = Cents(u64::try_from(*balance_cents).map_err(|_| wrong())?);
            if self.imported.contains(&tag) {
                done.known += 1;
                if cents.0 > 0 {
                    done.left.push((tag, cents));
                }
                continue;
            }
            bank.imported.insert(tag.clone());
            if cents.0 > 0 {
                bank.put(&tag, cents, reason).map_err(|_| wrong())?;
            }
            done.wallets += 1;
            done.cents += cents.0;
        }
        for (row, payout) in (1..).zip(&from.payouts) {
            let OldPayout { payout_id, source, amount_cents, claimed } = payout;
            let wrong = || unfit("payouts", row, payout_id, *amount_cents);
            let cents = amount(*amount_cents).map_err(|_| wrong())?;
            if payout_id.is_empty() {
                return Err(wrong());
            }
            let state = if *claimed { PayoutState::Claimed } else { PayoutState::Waiting };
            match bank.pay_out(payout_id, source, cents, state) {
                true => done.payouts += 1,
                false => done.known += 1,
            }
        }
        *self = bank;
        Ok(done)
    }
}

fn is_settled(payout: &&Payout) -> bool {
    payout.state != PayoutState::Waiting
}

fn unfit(table: &str, row: usize, id: &str, cents: i64) -> Text {
    Text::new(
        format!(
            "{table}, ligne {row} ({id:?}, {cents} centimes) : impossible ; rien n'est importé"
        ),
        format!("{table}, row {row} ({id:?}, {cents} cents) cannot be; nothing is imported"),
    )
}

impl Imported {
    /// Numbers of the import in words.
    pub fn told(&self) -> Text {
        let Self { wallets, cents, payouts, known, left: _ } = self;
        let cents = Cents(*cents);
        Text::new(
            format!(
                "importé : {wallets} porte-monnaie ({cents}), {payouts} gains ; déjà là : {known}"
            ),
            format!(
                "imported: {wallets} wallets ({cents}), {payouts} payouts; here before: {known}"
            ),
        )
    }

    /// The wallets that stay as they are, by name, when there are any: a second installation may have the same tags,
    /// and its money is then still there.
    pub fn left_behind(&self) -> Option<Text> {
        if self.left.is_empty() {
            return None;
        }
        let named = self.left.iter().take(NAMED);
        let named: Vec<_> =
            named.map(|(tag, cents)| format!("{} ({cents})", tag.as_str())).collect();
        let named = named.join(", ");
        let (fr, en) = match self.left.len().saturating_sub(NAMED) {
            0 => (String::new(), String::new()),
            more => (format!(" et {more} autres"), format!(" and {more} more")),
        };
        Some(Text::new(
            format!("déjà importés auparavant, rien n'y est ajouté : {named}{fr}"),
            format!("imported before, nothing is added to them: {named}{en}"),
        ))
    }
}
