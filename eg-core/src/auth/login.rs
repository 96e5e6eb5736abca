//! Signing in and out: by password, or by a link that works once.

use super::accounts::Auth;
use super::error::{AuthError, Denied};
use super::identity::Visit;
use super::secret::{Digest, Secret};
use super::store::{NewSession, Store, UserRow};
use crate::audit::{AuditAct, Author};
use crate::clock::Clock;
use eg_page::complain;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::PoisonError;
use std::time::Duration;

/// Lifetime of a session after its login.
pub(super) const SESSION_LIFE: Duration = Duration::from_secs(14 * 24 * 3600);

/// Lifetime of a login link, which works once.
const LINK_LIFE: Duration = Duration::from_secs(3600);

/// Ways of signing in, as the audit trail names them.
const BY_PASSWORD: &str = "password";
const BY_LINK: &str = "link";
pub(super) const BY_INVITATION: &str = "invitation";

/// One-time token from a login link or an invitation.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct LoginToken(String);

/// Id of a session that has just begun, for its cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey(String);

impl LoginToken {
    pub(super) fn digest(&self) -> Digest {
        Secret::from_text(&self.0).digest()
    }

    /// Returns the token's text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl SessionKey {
    /// Returns the id, which grants access.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns the lifetime of a session.
    pub const fn life() -> Duration {
        SESSION_LIFE
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SessionKey(…)")
    }
}

/// Creates a login link for anyone who can read and write the accounts' file, whether its core runs or not. Returns the
/// token, and the address of the page of the core that ran last. The link works once, within the hour. The audit trail
/// names `by`.
///
/// # Errors
/// [`AuthError`] if there is no such file, or this user may not use it.
pub fn login_link(
    account: &Path,
    clock: &dyn Clock,
    by: impl Into<Author>,
) -> Result<(String, Option<SocketAddr>), AuthError> {
    let mut store = Store::open_existing(account)?;
    let secret = Secret::draw();
    let now = clock.now();
    let change = store.change(now)?;
    change.add_link(&secret.digest(), now, now + LINK_LIFE)?;
    change.note(&by.into(), AuditAct::LoginLink, ("", ""))?;
    change.commit()?;
    Ok((secret.text(), store.page()?))
}

impl Auth {
    /// Creates a token for a login link: it works once, within the hour.
    pub fn token(&self) -> String {
        let secret = Secret::draw();
        let now = self.clock.now();
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.retain(|_, ends| *ends >= now);
        links.insert(secret.digest(), now + LINK_LIFE);
        secret.text()
    }

    /// Exchanges a login link's token for a session of the operator; `None` if it was used, is too old, or never existed.
    pub fn enter(&self, token: &LoginToken, visit: &Visit) -> Option<SessionKey> {
        let entered = self.enter_by_link(token, visit);
        if entered.is_none() {
            self.note_refused(visit, "", BY_LINK);
        }
        entered
    }

    fn enter_by_link(&self, token: &LoginToken, visit: &Visit) -> Option<SessionKey> {
        let now = self.clock.now();
        let digest = token.digest();
        let given = self.links.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest);
        let ends = given.or_else(|| {
            self.read(|store| store.take_link(&digest)).unwrap_or_else(|error| {
                complain("a login link could not be looked up", visit.address, error);
                None
            })
        })?;
        (ends >= now).then_some(())?;
        self.begin(&self.any_operator()?, visit, BY_LINK).ok()
    }

    /// Checks the password of a user and begins a session. It takes some 50 ms of a CPU core by design, whether there is
    /// such a user or not.
    ///
    /// # Errors
    /// [`Denied`]: name or password is wrong, the address must wait, too many are waiting, or the disk refuses.
    pub fn login(&self, visit: &Visit, name: &str, password: &str) -> Result<SessionKey, Denied> {
        let user = self.check(visit, name, password)?;
        self.begin(&user, visit, BY_PASSWORD)
    }

    /// Checks a user's password, within the limits of the throttle.
    pub(super) fn check(
        &self,
        visit: &Visit,
        name: &str,
        password: &str,
    ) -> Result<UserRow, Denied> {
        self.catch_up();
        let turn = self.hasher.turn().ok_or(Denied::Busy)?;
        let throttle = || self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        let admitted = throttle().admit(visit.address, name, self.clock.now());
        let user = self.user(name);
        let fits = |()| turn.fits(password, user.as_ref().map(|user| user.hash.as_str()));
        let denied = match admitted.map(fits) {
            Ok(true) => None,
            Ok(false) => Some(Denied::Wrong),
            Err(wait) => Some(Denied::Wait(wait)),
        };
        if let Some(denied) = denied {
            self.note_refused(visit, name, BY_PASSWORD);
            return Err(denied);
        }
        throttle().forgive(visit.address, name, self.clock.now());
        user.ok_or(Denied::Wrong)
    }

    /// Ends the session with this id, for a client at `address`; an unknown id is ignored.
    pub fn logout(&self, session: &str, address: IpAddr) {
        let digest = Secret::from_text(session).digest();
        let Some(user) = self.user_of(&digest) else { return };
        let by = Author::at(user, address);
        let ended = self.change(|change| match change.end(&digest)? {
            true => change.note(&by, AuditAct::SignOut, (&by.name, "")).map(drop),
            false => Ok::<_, AuthError>(()),
        });
        if let Err(error) = ended {
            tracing::warn!(%error, "a session that ended is still on disk");
        }
    }

    /// Begins a session of a user who has signed in this way.
    pub(super) fn begin(
        &self,
        user: &UserRow,
        visit: &Visit,
        way: &'static str,
    ) -> Result<SessionKey, Denied> {
        let secret = Secret::draw();
        let now = self.clock.now();
        let by = Author::at(&user.name, visit.address);
        let address = by.address.map(|address| address.to_string()).unwrap_or_default();
        let new = NewSession {
            digest: &secret.digest(),
            user: &user.name,
            hash: &user.hash,
            now,
            ends: now + SESSION_LIFE,
            address: &address,
            browser: &visit.browser,
        };
        let begun = self.change(|change| {
            let begun = change.begin(&new)?;
            if begun {
                change.note(&by, AuditAct::SignIn, (&by.name, way))?;
            }
            Ok::<_, AuthError>(begun)
        });
        match begun {
            Ok(true) => Ok(SessionKey(secret.text())),
            Ok(false) => Err(Denied::Wrong),
            Err(error) => {
                tracing::warn!(%error, "a login could not be kept");
                Err(Denied::Disk)
            }
        }
    }
}
