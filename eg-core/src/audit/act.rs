//! Acts that are recorded, and the number of records that is kept of each kind.

/// Act on accounts or slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAct {
    /// Signed in.
    SignIn,
    /// Was refused at signing in.
    SignInRefused,
    /// Signed out.
    SignOut,
    /// Made a link that signs in the operator.
    LoginLink,
    /// Created the first user, or set the password that the settings name.
    SetUp,
    /// Invited somebody.
    Invite,
    /// Withdrew an invitation.
    Withdraw,
    /// Accepted an invitation: a user was made.
    Join,
    /// Set a user's role.
    SetRole,
    /// Removed a user.
    Remove,
    /// Changed the own password.
    ChangePassword,
    /// Reset a user's password.
    ResetPassword,
    /// Ended a session.
    EndSession,
    /// Made a token.
    MakeToken,
    /// Revoked a token.
    RevokeToken,
    /// Adopted a slot.
    AdoptSlot,
    /// Adopted a slot in the place of another.
    ReplaceSlot,
    /// Revoked a slot's secret.
    RevokeSlot,
    /// Gave a slot a name for people.
    LabelSlot,
    /// Took a copy of the journal away.
    Backup,
}

/// Share of the trail that records compete for: who fills one pushes nothing out of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// Acts of strangers.
    Refused,
    /// Acts that every user may do to the own account.
    Own,
    /// Acts of operators.
    Managed,
}

impl Share {
    /// Returns the number under which the share is stored.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Refused => 0,
            Self::Own => 1,
            Self::Managed => 2,
        }
    }

    /// Returns the largest number of records of one author; the oldest go first.
    pub(super) fn most(self) -> i64 {
        match self {
            Self::Refused => 1_000,
            Self::Own => 200,
            Self::Managed => 5_000,
        }
    }
}

impl AuditAct {
    /// Every act.
    pub const ALL: [Self; 20] = [
        Self::SignIn,
        Self::SignInRefused,
        Self::SignOut,
        Self::LoginLink,
        Self::SetUp,
        Self::Invite,
        Self::Withdraw,
        Self::Join,
        Self::SetRole,
        Self::Remove,
        Self::ChangePassword,
        Self::ResetPassword,
        Self::EndSession,
        Self::MakeToken,
        Self::RevokeToken,
        Self::AdoptSlot,
        Self::ReplaceSlot,
        Self::RevokeSlot,
        Self::LabelSlot,
        Self::Backup,
    ];

    /// Returns the word for this act, as it is stored and listed.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SignInRefused => "sign-in-refused",
            Self::SignOut => "sign-out",
            Self::LoginLink => "login-link",
            Self::SetUp => "set-up",
            Self::Invite => "invite",
            Self::Withdraw => "withdraw",
            Self::Join => "join",
            Self::SetRole => "role",
            Self::Remove => "remove",
            Self::ChangePassword => "password",
            Self::ResetPassword => "password-reset",
            Self::EndSession => "session-end",
            Self::MakeToken => "token-make",
            Self::RevokeToken => "token-revoke",
            Self::AdoptSlot => "slot-adopt",
            Self::ReplaceSlot => "slot-replace",
            Self::RevokeSlot => "slot-revoke",
            Self::LabelSlot => "slot-label",
            Self::Backup => "backup",
        }
    }

    /// Returns the act of this word; `None` if this version knows none.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.word() == word)
    }

    pub(super) fn share(self) -> Share {
        match self {
            Self::SignInRefused => Share::Refused,
            Self::SignIn | Self::SignOut | Self::ChangePassword | Self::EndSession => Share::Own,
            Self::LoginLink
            | Self::SetUp
            | Self::Invite
            | Self::Withdraw
            | Self::Join
            | Self::SetRole
            | Self::Remove
            | Self::ResetPassword
            | Self::MakeToken
            | Self::RevokeToken
            | Self::AdoptSlot
            | Self::ReplaceSlot
            | Self::RevokeSlot
            | Self::LabelSlot
            | Self::Backup => Share::Managed,
        }
    }
}
