//! Standing of a slot at its broker: let in, or waiting for somebody to adopt it.

use eg_proto::NotAdopted;

/// Standing of a slot at its broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Admission {
    /// The broker has not answered, or is away.
    #[default]
    Connecting,
    /// The broker let the slot in. One that asks for no passwords lets everybody in.
    Admitted,
    /// The broker does not know the slot's secret: it waits until somebody adopts it.
    Waiting {
        /// Code that the operator's page shows beside this slot, e.g. `ABC-DEF`.
        code: String,
    },
    /// The broker lets the slot in no more, or not with this secret.
    Refused {
        /// Code that the operator's page shows beside this slot.
        code: String,
        /// Reason for it.
        why: Refused,
    },
}

/// Reasons why a slot is not simply one that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Secret that was adopted, and revoked since.
    Revoked,
    /// Another secret than the core knows of this slot: its card was changed, or somebody else calls himself so.
    OtherSecret,
    /// No place in the core's list of slots that wait.
    Full,
    /// A secret that the core knows, and that its broker refuses all the same: another machine is connected with it.
    Cloned,
    /// No way to ask for adoption: the broker has passwords, and no core of this version behind it.
    NoPairing,
}

impl Refused {
    /// Word of the reason, for logs, events and keys of the page's words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::OtherSecret => "other-secret",
            Self::Full => "full",
            Self::Cloned => "cloned",
            Self::NoPairing => "no-pairing",
        }
    }
}

impl Admission {
    /// Standing after a core said that it has not adopted the slot.
    pub(crate) fn not_adopted(code: String, why: Option<NotAdopted>) -> Self {
        let why = match why {
            Some(NotAdopted::Revoked) => Refused::Revoked,
            Some(NotAdopted::OtherSecret) => Refused::OtherSecret,
            Some(NotAdopted::Full) => Refused::Full,
            Some(NotAdopted::Unknown | NotAdopted::Other) | None => return Self::Waiting { code },
        };
        Self::Refused { code, why }
    }

    /// Word of the standing, for logs and events.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Admitted => "admitted",
            Self::Waiting { .. } => "waiting",
            Self::Refused { why, .. } => why.word(),
        }
    }

    /// Code that the operator's page shows beside the slot; `None` while it need not be compared.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Connecting | Self::Admitted => None,
            Self::Waiting { code } | Self::Refused { code, .. } => Some(code),
        }
    }
}
