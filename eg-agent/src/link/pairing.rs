//! Adoption of a slot that its broker refuses: a second connection that may do nothing but ask for it.
//!
//! The slot's own connection goes on trying its secret, seldom. Beside it the slot says on `eg/pair/<slot>` who it is,
//! and once the core answers that it is adopted, the own connection tries at once.

use super::parts::Parts;
use crate::pairing::{Admission, Refused};
use eg_mqtt::{
    Client, Credentials, DisconnectError, Message, Notice, Options, Qos, Refusal, SharedAuthority,
    Subscription, TlsError, Trust, connect,
};
use eg_proto::{
    MosquittoHash, NotAdopted, PAIRING_USER, PairAnswer, PairRequest, SecretDigest, Topic, decode,
    encode, pairing_client, pairing_code,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};

/// Shortest wait between two attempts with a secret that is refused; the longest is twice that.
const SELDOM: Duration = Duration::from_secs(10);
/// Shortest wait between two connections that ask for adoption.
const POLITE: Duration = Duration::from_secs(3);
/// Time without an answer of the core after which the slot is said to wait.
const UNANSWERED: Duration = Duration::from_secs(3);
/// Interval at which the question is repeated: a core lists who still asks.
const AGAIN: Duration = Duration::from_secs(15);

/// Times that the core says "adopted" and its broker refuses all the same, before another machine of this secret is
/// believed to be there: the broker may hold on to a connection of this machine that broke a moment ago.
const BELIEVED: u32 = 2;

/// Credentials of the slot's own connection.
pub(super) fn credentials(parts: &Parts) -> Credentials {
    let (user, password) = (parts.config.slot.to_string(), parts.secret.expose().to_owned());
    Credentials { user, password }
}

/// Returns `true` if the broker wants other credentials than it got (MQTT 3.1.1, table 3.1), or under TLS got none,
/// because no authority is pinned yet.
pub(super) fn is_refused(error: &DisconnectError) -> bool {
    matches!(
        error,
        DisconnectError::Refused(Refusal::Credentials | Refusal::NotAuthorized)
            | DisconnectError::Tls(TlsError::NotPinned)
    )
}

/// Way to the adoption of a slot; dropping it ends the questions.
pub(super) struct Pairing {
    asker: Asker,
    task: Option<JoinHandle<()>>,
}

impl Pairing {
    /// Asks for nothing yet; `own` is the connection that uses the secret.
    pub(super) fn new(parts: Parts, own: Client) -> Self {
        let seen = SharedAuthority::default();
        Self {
            asker: Asker { parts, own, seen, promised: Arc::default(), asking: Arc::default() },
            task: None,
        }
    }

    /// The broker let the slot in.
    pub(super) fn admitted(&mut self) {
        self.end();
        self.asker.promised.store(0, Ordering::SeqCst);
        self.asker.show(Admission::Admitted);
    }

    /// The broker is away: nobody knows whether it would let the slot in.
    pub(super) fn lost(&mut self) {
        self.end();
        self.asker.show(Admission::Connecting);
    }

    /// The broker refused the slot's secret.
    pub(super) fn refused(&mut self) {
        let asker = &self.asker;
        let code = asker.code();
        if asker.promised.load(Ordering::SeqCst) >= BELIEVED {
            let cloned = Admission::Refused { code, why: Refused::Cloned };
            if asker.show(cloned.clone()) {
                asker.log(&cloned);
            }
        } else if asker.knows_code() && asker.parts.slot_status.read().admission.code().is_none() {
            // Logged once it is known why.
            asker.show(Admission::Waiting { code });
        }
        // The task says by itself that it has asked for the last time: its end may come after the next refusal.
        if !asker.asking.swap(true, Ordering::SeqCst) {
            asker.own.wait_at_least(SELDOM);
            self.task = Some(tokio::spawn(asker.clone().run()));
        }
    }

    fn end(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            self.asker.asking.store(false, Ordering::SeqCst);
            self.asker.own.wait_at_least(Duration::ZERO);
        }
    }
}

impl Drop for Pairing {
    fn drop(&mut self) {
        self.end();
    }
}

/// Meaning of a message.
enum Heard {
    Nothing,
    /// The core has just come, and does not know of the slot.
    CoreCame,
    /// The slot may come in.
    Adopted,
    /// The slot may not come in.
    NotAdopted(Option<NotAdopted>),
}

/// The task that asks.
#[derive(Clone)]
struct Asker {
    parts: Parts,
    own: Client,
    /// Authority that the core has shown to a slot that has pinned none.
    seen: SharedAuthority,
    /// Number of times that the core said that the slot is adopted, since the broker let it in.
    promised: Arc<AtomicU32>,
    /// A task asks.
    asking: Arc<AtomicBool>,
}

impl Asker {
    /// Asks until the core says that the slot is adopted.
    async fn run(self) {
        if self.promised.load(Ordering::SeqCst) > 0 {
            sleep(POLITE).await;
        }
        let config = &self.parts.config;
        let (slot, core, topics) = (&config.slot, &config.core, &config.topics);
        let mut options = Options::new(core.host.clone(), core.port, pairing_client(slot));
        options.found.clone_from(&self.parts.core);
        let pairing = || PAIRING_USER.to_owned();
        options.credentials = Some(Credentials { user: pairing(), password: pairing() });
        options.queue = 16;
        options.tls = self.parts.authority.as_ref().map(|own| match own.pinned().get() {
            Some(_) => Trust::Pinned(own.pinned().clone()),
            None => Trust::FirstUse(self.seen.clone()),
        });
        let heard = [Topic::PairAnswer(slot.clone()), Topic::CoreHello];
        let heard = heard.map(|topic| Subscription::new(topics.of(&topic), Qos::AtLeastOnce));
        let (client, mut incoming) = match connect(options, heard) {
            Ok(both) => both,
            Err(error) => {
                self.asking.store(false, Ordering::SeqCst);
                return tracing::error!(%error, "the slot cannot ask to be adopted");
            }
        };
        client.wait_at_least(POLITE);
        // The same words each time, with one salt: a core tells by them that nothing is new.
        let mosquitto = self.parts.secret.mosquitto(rand::random());
        let mut again = interval(AGAIN);
        let unanswered = sleep(UNANSWERED);
        tokio::pin!(unanswered);
        let mut told = None;
        loop {
            let notice = tokio::select! {
                notice = incoming.next() => notice,
                _ = again.tick() => {
                    self.ask(&client, &mosquitto).await;
                    continue;
                }
                () = &mut unanswered, if told.is_none() && self.knows_code() => {
                    told = Some(self.tell(Admission::Waiting { code: self.code() }));
                    continue;
                }
            };
            let standing = match notice {
                Some(Notice::Connected { .. }) => {
                    again.reset_immediately();
                    None
                }
                Some(Notice::Message(message)) => match self.hear(&message) {
                    Heard::Adopted => break,
                    Heard::CoreCame => {
                        again.reset_immediately();
                        None
                    }
                    Heard::NotAdopted(why) => Some(Admission::not_adopted(self.code(), why)),
                    Heard::Nothing => None,
                },
                Some(Notice::Lost { error, .. }) if is_refused(&error) => {
                    Some(Admission::Refused { code: self.code(), why: Refused::NoPairing })
                }
                Some(Notice::Lost { .. } | Notice::Oversize { .. }) => None,
                None => return self.asking.store(false, Ordering::SeqCst),
            };
            if standing.is_some() && standing != told {
                told = standing.map(|standing| self.tell(standing));
            }
        }
        // Without last words nothing can remain unacknowledged.
        let _ = client.disconnect(None).await;
        self.promised.fetch_add(1, Ordering::SeqCst);
        if let Some(own) = self.parts.authority.as_ref().filter(|own| own.pinned().get().is_none())
            && let Some(seen) = self.seen.get()
        {
            own.pin(seen);
        }
        self.asking.store(false, Ordering::SeqCst);
        self.own.retry_now();
    }

    /// Returns the SHA-256 of the authority that the core is believed by, or would be; `None` in clear.
    fn authority(&self) -> Option<SecretDigest> {
        let own = self.parts.authority.as_ref()?;
        let authority = own.pinned().get().or_else(|| self.seen.get())?;
        Some(SecretDigest::of(authority.der()))
    }

    /// Returns the code that the operator's page shows too.
    fn code(&self) -> String {
        pairing_code(&self.parts.secret.digest(), self.authority().as_ref())
    }

    /// Returns `false` under TLS until the core has shown its authority: the code is made of it.
    fn knows_code(&self) -> bool {
        self.parts.authority.is_none() || self.authority().is_some()
    }

    async fn ask(&self, client: &Client, mosquitto: &MosquittoHash) {
        if !client.is_online() {
            return;
        }
        let config = Arc::clone(&self.parts.layout().config);
        let board = |device: &crate::config::DeviceConfig| {
            format!("{} ({})", device.name, device.entry.kind)
        };
        let request = PairRequest {
            v: 1,
            slot: config.slot.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            machine: rustix::system::uname().nodename().to_string_lossy().into_owned(),
            secret_sha256: self.parts.secret.digest(),
            authority_sha256: self.authority(),
            mosquitto: Some(mosquitto.clone()),
            boards: config.devices.iter().map(board).collect(),
        };
        let topic = self.parts.topic(Topic::Pair);
        if let Err(error) = client.publish(topic, encode(&request), Qos::AtLeastOnce, false).await {
            // It is said again with the next connection.
            tracing::debug!(%error, "the question for adoption was not sent");
        }
    }

    fn hear(&self, message: &Message) -> Heard {
        if message.retained {
            return Heard::Nothing;
        }
        match self.parts.config.topics.parse(&message.topic) {
            Some(Topic::CoreHello) => Heard::CoreCame,
            Some(Topic::PairAnswer(_)) => match decode::<PairAnswer>(&message.payload) {
                Ok(answer) if answer.adopted => Heard::Adopted,
                Ok(answer) => {
                    self.promised.store(0, Ordering::SeqCst);
                    Heard::NotAdopted(answer.why)
                }
                Err(error) => {
                    tracing::warn!(%error, "the answer of the core was not understood");
                    Heard::Nothing
                }
            },
            Some(_) | None => Heard::Nothing,
        }
    }

    /// Shows the standing; `true`: it is another one.
    fn show(&self, admission: Admission) -> bool {
        self.parts.slot_status.update(|state| {
            let changed = state.admission != admission;
            state.admission = admission;
            changed
        })
    }

    /// Shows the standing, and logs it.
    fn tell(&self, admission: Admission) -> Admission {
        self.show(admission.clone());
        self.log(&admission);
        admission
    }

    fn log(&self, admission: &Admission) {
        let (slot, code) = (&self.parts.config.slot, self.code());
        match admission {
            Admission::Connecting | Admission::Admitted => {}
            Admission::Waiting { .. } => {
                tracing::warn!(%slot, "waiting to be adopted: code {code} on the operator's page");
            }
            Admission::Refused { why, .. } => {
                let told = match why {
                    Refused::Revoked => {
                        "its secret was revoked; adopt it anew on the operator's page"
                    }
                    Refused::OtherSecret => {
                        "the core knows another secret of this slot; if its card is new, replace the old one on the operator's page"
                    }
                    Refused::Full => {
                        "too many slots wait at the core; adopt or dismiss some of them"
                    }
                    Refused::Cloned => {
                        "another machine is connected with this slot's name and secret; is this card a copy? remove its secret file, and give it another id"
                    }
                    Refused::NoPairing => {
                        "the broker wants a password that it does not have; give the broker this slot's line by eg-core mosquitto-config"
                    }
                };
                tracing::error!(%slot, code, "the slot is not let in: {told}");
            }
        }
    }
}
