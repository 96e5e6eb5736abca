//! What tables ask of the bank and what it answers, as existing installations write it.

use eg_game::SlotId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of money: whole cents, never negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cents(pub u64);

impl fmt::Display for Cents {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// A tag's number: upper-case letters and digits, however a reader writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tag(String);

impl Tag {
    /// The tag of this number; colons, dashes and spaces do not matter, nor does case. Nothing when nothing is left.
    pub fn new(uid: &str) -> Option<Self> {
        let plain = uid.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
        let uid: String = plain.take(64).collect();
        (!uid.is_empty()).then_some(Self(uid))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a table asks. Fields that are not known are ignored, as everywhere on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Request {
    /// What a wallet holds.
    WalletGet {
        /// The table's number for it.
        req_id: String,
        /// Who asks.
        device_id: SlotId,
        /// Whose wallet.
        tag_uid: String,
    },
    /// Take so much out of a wallet: a bet.
    WalletDebit {
        /// The same number is applied once.
        req_id: String,
        /// Who asks.
        device_id: SlotId,
        /// Whose wallet.
        tag_uid: String,
        /// How much; from 1.
        amount_cents: i64,
        /// What for.
        #[serde(default)]
        reason: String,
    },
    /// Put so much into a wallet.
    WalletCredit {
        /// The same number is applied once.
        req_id: String,
        /// Who asks.
        device_id: SlotId,
        /// Whose wallet.
        tag_uid: String,
        /// How much; from 1.
        amount_cents: i64,
        /// What for.
        #[serde(default)]
        reason: String,
    },
    /// Somebody has won: so much waits to be claimed.
    PayoutNew {
        /// The same payout is made once.
        payout_id: String,
        /// Which game, e.g. `roulette`.
        source: String,
        /// How much; from 1.
        amount_cents: i64,
    },
    /// Put a payout into a wallet.
    PayoutClaim {
        /// The same number is applied once.
        req_id: String,
        /// Who asks.
        device_id: SlotId,
        /// Which payout.
        payout_id: String,
        /// Whose wallet.
        tag_uid: String,
    },
}

impl Request {
    /// Who asks, and what an answer that moves nothing says. Nothing for a new payout, which is answered to nobody.
    pub(crate) fn refused(&self) -> Option<(&SlotId, Answer)> {
        let (req_id, device, kind) = match self {
            Self::WalletGet { req_id, device_id, .. } => (req_id, device_id, "wallet_get"),
            Self::WalletDebit { req_id, device_id, .. } => (req_id, device_id, "wallet_debit"),
            Self::WalletCredit { req_id, device_id, .. } => (req_id, device_id, "wallet_credit"),
            Self::PayoutClaim { req_id, device_id, .. } => (req_id, device_id, "payout_claim"),
            Self::PayoutNew { .. } => return None,
        };
        let answer = Answer {
            req_id: req_id.clone(),
            kind: kind.to_owned(),
            status: Status::Invalid,
            balance_cents: None,
            credited_cents: None,
            new_balance_cents: None,
        };
        Some((device, answer))
    }
}

/// What the bank answers to a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The number of the request.
    pub req_id: String,
    /// What was asked: `wallet_get`, `wallet_debit`, `wallet_credit`, `payout_claim`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What came of it.
    pub status: Status,
    /// To `wallet_get`: what is in the wallet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_cents: Option<Cents>,
    /// To a claim: what was put in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credited_cents: Option<Cents>,
    /// To all others: what is in the wallet now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_balance_cents: Option<Cents>,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Done.
    Ok,
    /// There is not so much in the wallet.
    Insufficient,
    /// There is no such payout.
    NotFound,
    /// It was claimed before.
    AlreadyClaimed,
    /// The request cannot be: an amount below 1, no tag, a number that was used for something else, or a simulated
    /// device that asks for real money.
    Invalid,
}
