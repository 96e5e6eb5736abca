//! Requests to the bank from tables of existing rooms, each on a topic of its own.

/// One kind of request, on `eg/core/…`, QoS 1. The body names who asks as `device_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BankAsk {
    /// Asks for the content of a wallet, on `eg/core/wallet/get`.
    WalletGet,
    /// A bet, on `eg/core/wallet/debit`.
    WalletDebit,
    /// Money into a wallet, on `eg/core/wallet/credit`.
    WalletCredit,
    /// Tells that somebody has won, on `eg/core/payouts/new`.
    PayoutNew,
    /// A payout goes into a wallet, on `eg/core/payouts/claim`.
    PayoutClaim,
}

impl BankAsk {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::WalletGet,
        Self::WalletDebit,
        Self::WalletCredit,
        Self::PayoutNew,
        Self::PayoutClaim,
    ];

    /// Word of the request: its `op`, and the answer's `type`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::WalletGet => "wallet_get",
            Self::WalletDebit => "wallet_debit",
            Self::WalletCredit => "wallet_credit",
            Self::PayoutNew => "payout_new",
            Self::PayoutClaim => "payout_claim",
        }
    }

    /// The end of its topic.
    pub(crate) const fn tail(self) -> &'static str {
        match self {
            Self::WalletGet => "core/wallet/get",
            Self::WalletDebit => "core/wallet/debit",
            Self::WalletCredit => "core/wallet/credit",
            Self::PayoutNew => "core/payouts/new",
            Self::PayoutClaim => "core/payouts/claim",
        }
    }
}
