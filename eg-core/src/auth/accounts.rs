//! Accounts of everybody who may sign in, and what is known of them without reading the disk.

use super::error::AuthError;
use super::hasher::Hasher;
use super::identity::{Identity, Proof};
use super::refused::RefusedLogins;
use super::role::Role;
use super::secret::{Digest, Secret};
use super::store::{Change, InvitationRow, LoginRow, Store, TokenRow, UserRow};
use super::throttle::Throttle;
use crate::audit::{AuditAct, Author};
use crate::clock::Clock;
use eg_proto::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Name of the user that a core makes at its first start, and that a login without a name means.
pub const FIRST: &str = "operator";

/// Time after which the file is looked at again: another process, such as `eg-core users`, may have written to it.
const LOOK: Duration = Duration::from_secs(1);

/// Time between two writes of when sessions and tokens were last used.
const KEEP: Duration = Duration::from_secs(60);

/// Accounts of everybody who may sign in: users, their sessions, invitations, and tokens for scripts.
///
/// Methods that change something block on the disk, and some on a password's hash: call them off the reactor. Those that
/// list something, and [`identify`](Self::identify), answer from memory.
pub struct Auth {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hasher: Hasher,
    pub(super) throttle: Mutex<Throttle>,
    /// End of each login link of this process that was not used yet, by the digest of its token.
    pub(super) links: Mutex<HashMap<Digest, Timestamp>>,
    pub(super) refused: Mutex<RefusedLogins>,
    store: Mutex<Store>,
    known: Mutex<Known>,
    changed: watch::Sender<u64>,
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Auth(…)")
    }
}

/// Contents of the store that requests are checked against.
#[derive(Default)]
struct Known {
    users: BTreeMap<String, UserRow>,
    sessions: HashMap<Digest, LoginRow>,
    tokens: HashMap<Digest, TokenRow>,
    invitations: Vec<InvitationRow>,
    /// Times of last use that the store does not have yet.
    used: HashMap<Digest, Timestamp>,
    /// Version of the file, and when it was looked at.
    version: i64,
    looked: Timestamp,
    /// Time of the last write of the times of last use.
    kept: Timestamp,
}

impl Auth {
    /// Opens or creates the accounts beside the journal. A `given` password becomes that of the user `operator`, who is
    /// made anew if need be. If there is no user at all, a password is drawn and returned beside the accounts, to be
    /// printed this once.
    ///
    /// # Errors
    /// [`AuthError`] if the file cannot be read or written.
    pub fn open(
        file: &Path,
        given: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Option<String>), AuthError> {
        let auth = Self::over(Store::open(file)?, clock)?;
        let first = auth.user(FIRST);
        let (password, drawn) = match given {
            Some(given) if auth.is_set(first.as_ref(), given) => (None, None),
            Some(given) => (Some(given.to_owned()), None),
            None if auth.known().users.is_empty() => {
                let drawn = Secret::draw().words();
                (Some(drawn.clone()), Some(drawn))
            }
            None => (None, None),
        };
        if let Some(password) = password {
            let hash = auth.hasher.wait().hash(&password)?;
            let made = first.map_or_else(|| auth.clock.now(), |first| first.made);
            let user = UserRow { name: FIRST.to_owned(), role: Role::Operator, hash, made };
            auth.change(|change| {
                change.keep_user(&user)?;
                change.note(&Author::CORE.into(), AuditAct::SetUp, (FIRST, ""))
            })?;
        }
        Ok((auth, drawn))
    }

    /// Opens the accounts of a core that has run, whether it runs now or not.
    ///
    /// # Errors
    /// [`AuthError`] if there is no such file, or this user may not use it.
    pub fn open_existing(file: &Path, clock: Arc<dyn Clock>) -> Result<Self, AuthError> {
        Self::over(Store::open_existing(file)?, clock)
    }

    fn over(store: Store, clock: Arc<dyn Clock>) -> Result<Self, AuthError> {
        let auth = Self {
            clock,
            hasher: Hasher::default(),
            throttle: Mutex::default(),
            links: Mutex::default(),
            refused: Mutex::default(),
            store: Mutex::new(store),
            known: Mutex::default(),
            changed: watch::Sender::new(0),
        };
        auth.take_over(&auth.store())?;
        Ok(auth)
    }

    /// Returns `true` if this user is operator with this password.
    fn is_set(&self, user: Option<&UserRow>, password: &str) -> bool {
        let operator = user.filter(|user| user.role == Role::Operator);
        operator.is_some_and(|user| self.hasher.wait().fits(password, Some(&user.hash)))
    }

    /// Stores the address of the page, for login links and invitations made by another process.
    ///
    /// # Errors
    /// [`AuthError`] if the disk refuses.
    pub fn is_served(&self, page: SocketAddr) -> Result<(), AuthError> {
        self.store().keep_page(page)
    }

    /// Returns the address of the page of the core that ran last.
    ///
    /// # Errors
    /// [`AuthError`] if the disk refuses.
    pub fn page(&self) -> Result<Option<SocketAddr>, AuthError> {
        self.store().page()
    }

    /// Returns the identity that a token or else a session's id proves; `None` if it was never given out, has expired or
    /// was revoked. Never blocks.
    pub fn identify(&self, session: Option<&str>, token: Option<&str>) -> Option<Identity> {
        let now = self.clock.now();
        let mut known = self.known();
        let (digest, identity) = match token {
            Some(token) => {
                let digest = Secret::from_text(token).digest();
                let token = known.tokens.get(&digest)?;
                token.ends.is_none_or(|ends| ends >= now).then_some(())?;
                let proof = Proof::Token { room: token.room.clone() };
                (digest, Identity { name: token.name.clone(), role: token.role, proof })
            }
            None => {
                let digest = Secret::from_text(session?).digest();
                let session = known.sessions.get(&digest)?;
                (session.ends >= now).then_some(())?;
                let user = known.users.get(&session.user)?;
                let proof = Proof::Session(session.id);
                (digest, Identity { name: user.name.clone(), role: user.role, proof })
            }
        };
        known.used.insert(digest, now);
        Some(identity)
    }

    /// Returns `true` if this identity may still do what it could.
    pub fn is_current(&self, identity: &Identity) -> bool {
        let (now, known) = (self.clock.now(), self.known());
        match &identity.proof {
            Proof::Session(id) => {
                let mut sessions = known.sessions.values();
                let lives = sessions
                    .any(|row| row.id == *id && row.user == identity.name && row.ends >= now);
                lives
                    && known
                        .users
                        .get(&identity.name)
                        .is_some_and(|user| user.role == identity.role)
            }
            Proof::Token { room } => known.tokens.values().any(|row| {
                let same =
                    row.name == identity.name && row.role == identity.role && row.room == *room;
                same && row.ends.is_none_or(|ends| ends >= now)
            }),
        }
    }

    /// Returns a receiver that wakes when users, sessions or tokens have changed.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Returns `true` once a second, for whoever calls [`refresh`](Self::refresh) then: so a slow disk holds up one request
    /// at a time, and the others go by what is known.
    pub fn is_due(&self) -> bool {
        let (now, mut known) = (self.clock.now(), self.known());
        let due = now.since(known.looked) >= LOOK;
        if due {
            known.looked = now;
        }
        due
    }

    /// Takes over what another process has written to the file, and stores when sessions and tokens were last used.
    ///
    /// # Errors
    /// [`AuthError`] if the disk refuses.
    pub fn refresh(&self) -> Result<(), AuthError> {
        let mut store = self.store();
        let now = self.clock.now();
        let (version, due, used) = {
            let mut known = self.known();
            let due = now.since(known.kept) >= KEEP;
            if due {
                known.kept = now;
            }
            (known.version, due, if due { std::mem::take(&mut known.used) } else { HashMap::new() })
        };
        let has_used = !used.is_empty();
        if has_used {
            let change = store.change(now)?;
            change.keep_used(used.into_iter())?;
            change.commit()?;
        }
        if due {
            self.refused().keep(&mut store, now)?;
        }
        if has_used || store.version()? != version {
            self.take_over(&store)?;
        }
        Ok(())
    }

    /// Takes over what another process has written just now, if the disk lets it.
    pub(super) fn catch_up(&self) {
        if let Err(error) = self.refresh() {
            tracing::warn!(%error, "the accounts could not be looked at");
        }
    }

    /// Changes the store, and takes over what it holds then. After an error everything is as it was.
    pub(super) fn change<T, E: From<AuthError>>(
        &self,
        what: impl FnOnce(&Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut store = self.store();
        let done = carry_out(&mut store, self.clock.now(), what)?;
        self.take_over(&store)?;
        Ok(done)
    }

    /// Stores how many logins were refused since the last time.
    pub(super) fn keep_refused(&self) -> Result<(), AuthError> {
        let mut store = self.store();
        self.refused().keep(&mut store, self.clock.now())
    }

    /// Writes to the store what nobody signs in by.
    pub(super) fn write<T>(
        &self,
        what: impl FnOnce(&Change<'_>) -> Result<T, AuthError>,
    ) -> Result<T, AuthError> {
        carry_out(&mut self.store(), self.clock.now(), what)
    }

    /// Reads the store without changing it.
    pub(super) fn read<T>(
        &self,
        what: impl FnOnce(&Store) -> Result<T, AuthError>,
    ) -> Result<T, AuthError> {
        what(&self.store())
    }

    /// Returns the name of the user whose session this is; `None` if there is none with this digest.
    pub(super) fn user_of(&self, session: &Digest) -> Option<String> {
        self.known().sessions.get(session).map(|row| row.user.clone())
    }

    /// Returns a user by name.
    pub(super) fn user(&self, name: &str) -> Option<UserRow> {
        self.known().users.get(name).cloned()
    }

    /// Returns the user that a login link signs in: `operator`, or another of that role.
    pub(super) fn any_operator(&self) -> Option<UserRow> {
        let known = self.known();
        let mut operators = known.users.values().filter(|user| user.role == Role::Operator);
        let first = known.users.get(FIRST).filter(|user| user.role == Role::Operator);
        first.or_else(|| operators.next()).cloned()
    }

    /// Returns all users.
    pub(super) fn all_users(&self) -> Vec<UserRow> {
        self.known().users.values().cloned().collect()
    }

    /// Returns the invitations that still work.
    pub(super) fn all_invitations(&self) -> Vec<InvitationRow> {
        let now = self.clock.now();
        let known = self.known();
        known.invitations.iter().filter(|invitation| invitation.ends >= now).cloned().collect()
    }

    /// Returns all sessions, with their last use as far as it is known.
    pub(super) fn all_sessions(&self) -> Vec<LoginRow> {
        let (now, known) = (self.clock.now(), self.known());
        let seen = |digest: &Digest, row: &LoginRow| {
            known.used.get(digest).copied().map_or(row.seen, |used| used.max(row.seen))
        };
        let live = known.sessions.iter().filter(|(_, row)| row.ends >= now);
        live.map(|(digest, row)| LoginRow { seen: seen(digest, row), ..row.clone() }).collect()
    }

    /// Returns all tokens, with their last use as far as it is known.
    pub(super) fn all_tokens(&self) -> Vec<TokenRow> {
        let known = self.known();
        let used = |digest: &Digest, row: &TokenRow| known.used.get(digest).copied().max(row.used);
        let all = known.tokens.iter();
        all.map(|(digest, row)| TokenRow { used: used(digest, row), ..row.clone() }).collect()
    }

    fn take_over(&self, store: &Store) -> Result<(), AuthError> {
        let now = self.clock.now();
        let users = store.users()?.into_iter().map(|user| (user.name.clone(), user)).collect();
        let (sessions, tokens) = (store.sessions(now)?, store.tokens()?);
        let invitations = store.invitations(now)?;
        let version = store.version()?;
        {
            let mut known = self.known();
            known
                .used
                .retain(|digest, _| sessions.contains_key(digest) || tokens.contains_key(digest));
            (known.users, known.sessions, known.tokens) = (users, sessions, tokens);
            (known.invitations, known.version, known.looked) = (invitations, version, now);
        }
        self.changed.send_modify(|number| *number += 1);
        Ok(())
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks what is known; never held while the disk is read or written.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn carry_out<T, E: From<AuthError>>(
    store: &mut Store,
    now: Timestamp,
    what: impl FnOnce(&Change<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let change = store.change(now)?;
    let done = what(&change)?;
    change.commit()?;
    Ok(done)
}
