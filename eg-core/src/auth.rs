//! Authentication of the operator: one password, sessions in a cookie, and one-time login links.
//!
//! The password is stored as an Argon2id hash, a session's id and a link's token as their SHA-256, all in a small
//! database of their own beside the journal: reading it gives nobody a way in. Sessions outlive a restart of the core.
//! Anyone who may write to that file, which is its owner and root alone, can give out a link.

mod error;
mod secret;
mod store;
mod throttle;

pub use error::AuthError;

use crate::clock::Clock;
use secret::{Digest, Secret};
use serde::Deserialize;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Store;
use throttle::Throttle;

/// Lifetime of a session after its login.
const SESSION_LIFE: Duration = Duration::from_secs(14 * 24 * 3600);

/// Lifetime of a login link, which works once.
const TOKEN_LIFE: Duration = Duration::from_secs(3600);

/// Name of the session's cookie.
pub(crate) const COOKIE: &str = "eg_session";

/// Returns the `Set-Cookie` header that removes a session's cookie.
pub(crate) fn leave() -> String {
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// One-time token from a login link.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct LoginToken(String);

/// Account of the operator: checks passwords and login links, and holds the sessions.
pub struct Auth {
    clock: Arc<dyn Clock>,
    password: String,
    inner: Mutex<Inner>,
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Auth(…)")
    }
}

struct Inner {
    store: Store,
    /// End of each session, in µs of the core's clock, by the digest of its id.
    sessions: HashMap<Digest, i64>,
    /// End of each login link that was not used yet, in µs of the core's clock, by the digest of its token.
    tokens: HashMap<Digest, i64>,
    throttle: Throttle,
}

/// Creates a login link for anyone who can read and write the account's file, whether its core runs or not. Returns the
/// token, and the address of the page of the core that ran last. The link works once, within the hour.
///
/// # Errors
/// [`AuthError`] if there is no such file, or this user may not use it.
pub fn login_link(
    account: &Path,
    clock: &dyn Clock,
) -> Result<(String, Option<SocketAddr>), AuthError> {
    let store = Store::open_existing(account)?;
    let secret = Secret::draw();
    let now = clock.now();
    store.add_link(&secret.digest(), now, (now + TOKEN_LIFE).0)?;
    Ok((secret.text(), store.page()?))
}

/// Reason for which a login was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Password is wrong.
    Wrong,
    /// Too many wrong passwords came from this address: the next try is allowed after this time.
    Wait(Duration),
    /// Session could not be stored: the disk is full or gone.
    Disk,
}

impl Auth {
    /// Opens or creates the account beside the journal. A `given` password replaces the stored one. If there is none at
    /// all, one is drawn and returned beside the account, to be printed this once.
    ///
    /// # Errors
    /// [`AuthError`] if the file cannot be read or written.
    pub fn open(
        file: &Path,
        given: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Option<String>), AuthError> {
        let mut store = Store::open(file)?;
        let kept = store.password()?;
        let (password, drawn) = match (given, kept) {
            (Some(given), Some(kept)) if secret::fits(given, &kept) => (kept, None),
            (Some(given), _) => (secret::hash(given)?, None),
            (None, Some(kept)) => (kept, None),
            (None, None) => {
                let drawn = Secret::draw().words();
                (secret::hash(&drawn)?, Some(drawn))
            }
        };
        store.keep_password(&password)?;
        let sessions = store.sessions(clock.now())?;
        let inner =
            Inner { store, sessions, tokens: HashMap::new(), throttle: Throttle::default() };
        Ok((Self { clock, password, inner: Mutex::new(inner) }, drawn))
    }

    /// Creates a token for a login link: it works once, within the hour.
    pub fn token(&self) -> String {
        let secret = Secret::draw();
        let ends = (self.clock.now() + TOKEN_LIFE).0;
        self.inner().tokens.insert(secret.digest(), ends);
        secret.text()
    }

    /// Stores the address of the page, for [`login_link`].
    pub(crate) fn is_served(&self, page: SocketAddr) -> Result<(), AuthError> {
        self.inner().store.keep_page(page)
    }

    /// Exchanges a login link's token for a session's cookie; `None` if it was used, is too old, or never existed.
    pub fn enter(&self, token: LoginToken) -> Option<String> {
        let now = self.clock.now();
        let digest = Secret::from_text(token.0).digest();
        let ends = {
            let mut inner = self.inner();
            let given = inner.tokens.remove(&digest);
            given.or_else(|| {
                inner.store.take_link(&digest).unwrap_or_else(|error| {
                    tracing::warn!(%error, "a login link could not be looked up");
                    None
                })
            })?
        };
        if ends < now.0 { None } else { self.begin().ok() }
    }

    /// Checks a password that came from `address` and begins a session. Returns the cookie to set. It takes some 50 ms
    /// of a CPU core by design: call it off the reactor.
    ///
    /// # Errors
    /// [`Denied`]: the password is wrong, the address must wait, or the disk refuses.
    pub fn login(&self, address: IpAddr, password: &str) -> Result<String, Denied> {
        self.inner().throttle.admit(address, self.clock.now()).map_err(Denied::Wait)?;
        if !secret::fits(password, &self.password) {
            return Err(Denied::Wrong);
        }
        self.inner().throttle.forgive(address);
        self.begin()
    }

    /// Ends a session of the operator; an unknown id is ignored.
    pub fn logout(&self, session: &str) {
        let digest = Secret::from_text(session.to_owned()).digest();
        let mut inner = self.inner();
        inner.sessions.remove(&digest);
        if let Err(error) = inner.store.end(&digest) {
            tracing::warn!(%error, "a session that ended is still on disk");
        }
    }

    /// Returns `true` if this session's id is valid and has not expired.
    pub(crate) fn knows(&self, session: &str) -> bool {
        let digest = Secret::from_text(session.to_owned()).digest();
        let now = self.clock.now();
        self.inner().sessions.get(&digest).is_some_and(|ends| *ends >= now.0)
    }

    fn begin(&self) -> Result<String, Denied> {
        let secret = Secret::draw();
        let ends = (self.clock.now() + SESSION_LIFE).0;
        let mut inner = self.inner();
        inner.store.begin(&secret.digest(), ends).map_err(|error| {
            tracing::warn!(%error, "a login could not be kept");
            Denied::Disk
        })?;
        inner.sessions.insert(secret.digest(), ends);
        let life = SESSION_LIFE.as_secs();
        Ok(format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={life}", secret.text()))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
