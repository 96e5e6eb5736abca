//! Requests of tables to the bank and its answers, as existing installations write them.

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

/// Request of a table. Fields that are not known are ignored, as everywhere on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Request {
    /// Asks for the balance of a wallet.
    WalletGet {
        /// The table's number for it.
        req_id: String,
        /// Slot of the table that asks.
        device_id: SlotId,
        /// UID of the wallet's tag.
        tag_uid: String,
    },
    /// Take so much out of a wallet: a bet.
    WalletDebit {
        /// Number of the request, applied once.
        req_id: String,
        /// Slot of the table that asks.
        device_id: SlotId,
        /// UID of the wallet's tag.
        tag_uid: String,
        /// Amount in cents, from 1.
        amount_cents: i64,
        /// Reason, in the table's words.
        #[serde(default)]
        reason: String,
    },
    /// Put so much into a wallet.
    WalletCredit {
        /// Number of the request, applied once.
        req_id: String,
        /// Slot of the table that asks.
        device_id: SlotId,
        /// UID of the wallet's tag.
        tag_uid: String,
        /// Amount in cents, from 1.
        amount_cents: i64,
        /// Reason, in the table's words.
        #[serde(default)]
        reason: String,
    },
    /// Somebody has won: so much waits to be claimed.
    PayoutNew {
        /// Id of the payout, made once.
        payout_id: String,
        /// Name of the game that pays, e.g. `roulette`.
        source: String,
        /// Amount in cents, from 1.
        amount_cents: i64,
    },
    /// Put a payout into a wallet.
    PayoutClaim {
        /// Number of the request, applied once.
        req_id: String,
        /// Slot of the table that asks.
        device_id: SlotId,
        /// Id of the payout.
        payout_id: String,
        /// UID of the wallet's tag.
        tag_uid: String,
    },
}

impl Request {
    /// Table that asks, and the answer that moves nothing. `None` for a new payout, which is answered to nobody.
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

/// Answer of the bank to a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The number of the request.
    pub req_id: String,
    /// Kind of request: `wallet_get`, `wallet_debit`, `wallet_credit`, `payout_claim`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Outcome of the request.
    pub status: Status,
    /// Balance in cents, in the answer to `wallet_get`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_cents: Option<Cents>,
    /// Amount put in, in cents, in the answer to a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credited_cents: Option<Cents>,
    /// Balance in cents afterwards, in all other answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_balance_cents: Option<Cents>,
}

/// Outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Done.
    Ok,
    /// Less in the wallet than is asked for.
    Insufficient,
    /// Unknown payout.
    NotFound,
    /// Claimed before.
    AlreadyClaimed,
    /// The request cannot be: an amount below 1, no tag, a number that was used for something else, or a simulated
    /// device that asks for real money.
    Invalid,
}
