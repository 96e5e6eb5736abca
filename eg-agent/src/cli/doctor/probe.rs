//! The steps themselves.

use crate::config::CoreAddress;
use eg_hal::clock;
use eg_mqtt::{
    Client, DisconnectError, Incoming, Notice, Options, Qos, Refusal, Subscription, Trust,
    connect as open,
};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Time that one step may take.
pub(super) const STEP_TIMEOUT: Duration = Duration::from_secs(5);

/// Topics that the doctor sends its messages on, for a person to read.
pub(super) const TOPICS: &str = "eg/doctor/#";

/// Steps, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Start,
    Resolve,
    Connect,
    Mqtt,
    /// The broker wants a password.
    Password,
    Subscribe,
    Publish,
    /// The slot's secret is read.
    Secret,
    /// The core is asked whether it has adopted the slot.
    Asked,
    /// The core has adopted the slot.
    Adopted,
    Revoked,
    OtherSecret,
}

impl Step {
    /// Key of the step in the words.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Mqtt => "mqtt",
            Self::Password => "password",
            Self::Subscribe => "subscribe",
            Self::Publish => "publish",
            Self::Secret => "secret",
            Self::Asked => "asked",
            Self::Adopted => "adopted",
            Self::Revoked => "revoked",
            Self::OtherSecret => "other-secret",
        }
    }
}

/// The step that failed, and the cause in the system's or the broker's words.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) step: Step,
    pub(super) cause: Option<String>,
}

pub(super) fn failed(step: Step) -> impl Fn(String) -> Failure {
    move |cause| Failure { step, cause: Some(cause) }
}

pub(super) const TOO_LONG: &str = "no answer within 5 s";

/// All addresses of a host; at least one.
pub(super) async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
    let failed = failed(Step::Resolve);
    let found = timeout(STEP_TIMEOUT, lookup_host((host, port)));
    let found = found.await.map_err(|_| failed(TOO_LONG.to_owned()))?;
    let addresses: Vec<_> = found.map_err(|error| failed(error.to_string()))?.collect();
    if addresses.is_empty() {
        Err(Failure { step: Step::Resolve, cause: None })
    } else {
        Ok(addresses)
    }
}

/// The first address that accepts a connection.
pub(super) async fn connect(addresses: &[SocketAddr]) -> Result<SocketAddr, Failure> {
    let mut cause = None;
    for address in addresses {
        match timeout(STEP_TIMEOUT, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(*address),
            Ok(Err(error)) => cause = Some(format!("{address}: {error}")),
            Err(_) => cause = Some(format!("{address}: {TOO_LONG}")),
        }
    }
    Err(Failure { step: Step::Connect, cause })
}

/// A client of the broker, subscribed to what it sends itself.
pub(super) struct Probe {
    client: Client,
    incoming: Incoming,
    topic: String,
}

impl Probe {
    pub(super) async fn attach(core: &CoreAddress, trust: Option<Trust>) -> Result<Self, Failure> {
        let id = format!("doctor-{}", ulid::Ulid::new().to_string().to_ascii_lowercase());
        let topic = format!("eg/doctor/{id}");
        let subscriptions = [Subscription::new(topic.as_str(), Qos::AtLeastOnce)];
        let mut options = Options::new(&core.host, core.port, id);
        options.tls = trust;
        let (client, mut incoming) =
            open(options, subscriptions).map_err(|error| failed(Step::Start)(error.to_string()))?;
        let notice = timeout(STEP_TIMEOUT, incoming.next()).await;
        match notice {
            Ok(Some(Notice::Connected { refused, .. })) if refused.is_empty() => {
                Ok(Self { client, incoming, topic })
            }
            Ok(Some(Notice::Connected { .. })) => {
                Err(Failure { step: Step::Subscribe, cause: None })
            }
            Ok(Some(Notice::Lost { error, .. })) => Err(lost(&error)),
            Ok(Some(Notice::Message(_) | Notice::Oversize { .. }) | None) => {
                Err(Failure { step: Step::Mqtt, cause: None })
            }
            Err(_) => Err(failed(Step::Mqtt)(TOO_LONG.to_owned())),
        }
    }

    /// Sends one message, waits until it comes back, and tells how long that took.
    pub(super) async fn send_around(&mut self, round: usize) -> Result<Duration, Failure> {
        let failed = failed(Step::Publish);
        let payload = round.to_string();
        let sent = clock::now();
        let publish =
            self.client.publish(self.topic.as_str(), payload.clone(), Qos::AtLeastOnce, false);
        let published = timeout(STEP_TIMEOUT, publish).await;
        published
            .map_err(|_| failed(TOO_LONG.to_owned()))?
            .map_err(|error| failed(error.to_string()))?;
        loop {
            let notice = timeout(STEP_TIMEOUT, self.incoming.next()).await;
            match notice.map_err(|_| failed(TOO_LONG.to_owned()))? {
                Some(Notice::Message(message)) if message.payload == payload.as_bytes() => {
                    return Ok(clock::now().since(sent));
                }
                Some(Notice::Message(_) | Notice::Oversize { .. } | Notice::Connected { .. }) => {}
                Some(Notice::Lost { error, .. }) => return Err(failed(error.to_string())),
                None => return Err(Failure { step: Step::Publish, cause: None }),
            }
        }
    }

    pub(super) async fn leave(self) {
        // Without last words nothing can remain unacknowledged.
        let _ = self.client.disconnect(None).await;
    }
}

pub(super) fn lost(error: &DisconnectError) -> Failure {
    let step = match error {
        DisconnectError::Resolve { .. } | DisconnectError::NotFound(_) => Step::Resolve,
        DisconnectError::Connect { .. } => Step::Connect,
        DisconnectError::Refused(Refusal::Credentials | Refusal::NotAuthorized) => Step::Password,
        DisconnectError::NoAnswer
        | DisconnectError::Refused(_)
        | DisconnectError::Tls(_)
        | DisconnectError::NotMqtt { .. }
        | DisconnectError::Oversize { .. }
        | DisconnectError::Closed
        | DisconnectError::Silent
        | DisconnectError::Blocked
        | DisconnectError::Stalled
        | DisconnectError::Io(_)
        | DisconnectError::Protocol { .. } => Step::Mqtt,
    };
    failed(step)(error.to_string())
}
