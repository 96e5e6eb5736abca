//! Question of the doctor to a core whose broker wants passwords: has it adopted this slot?
//!
//! The slot's own name at the broker stays with its agent: the doctor asks under the name with which a slot asks to be
//! adopted.

use super::probe::{Failure, STEP_TIMEOUT, Step, TOO_LONG, failed, lost};
use super::target::Identity;
use crate::config::CoreAddress;
use eg_hal::clock;
use eg_mqtt::{Credentials, Incoming, Notice, Options, Qos, Subscription, Trust, connect};
use eg_proto::{
    NotAdopted, PAIRING_USER, PairAnswer, PairRequest, Secret, SecretDigest, Topic, decode, encode,
    pairing_client, pairing_code,
};
use std::time::Duration;
use tokio::time::timeout;

/// Time that a core may take to answer; one of before adoption never does.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// Answer of the core.
pub(super) struct Verdict {
    pub(super) answer: PairAnswer,
    /// Time from the question to it.
    pub(super) took: Duration,
    secret: Secret,
}

impl Verdict {
    /// Checks that the core has adopted the slot.
    pub(super) fn check(&self, trust: Option<&Trust>) -> Result<(), Failure> {
        if self.answer.adopted {
            return Ok(());
        }
        let step = match self.answer.why {
            Some(NotAdopted::Revoked) => Step::Revoked,
            Some(NotAdopted::OtherSecret) => Step::OtherSecret,
            Some(NotAdopted::Unknown | NotAdopted::Full | NotAdopted::Other) | None => {
                Step::Adopted
            }
        };
        let authority = trust.and_then(|trust| trust.authority());
        let authority = authority.map(|authority| SecretDigest::of(authority.der()));
        let code = pairing_code(&self.secret.digest(), authority.as_ref());
        Err(failed(step)(format!("code {code}")))
    }
}

/// Asks the core, and tells how long its answer took.
pub(super) async fn ask(
    core: &CoreAddress,
    trust: Option<Trust>,
    slot: &Identity,
) -> Result<Verdict, Failure> {
    let secret = read(slot)?;
    let Identity { slot, topics, boards, .. } = slot;
    let mut options = Options::new(&core.host, core.port, pairing_client(slot));
    options.tls.clone_from(&trust);
    let user = PAIRING_USER.to_owned();
    options.credentials = Some(Credentials { password: user.clone(), user });
    let answers = topics.of(&Topic::PairAnswer(slot.clone()));
    let answers = [Subscription::new(answers, Qos::AtLeastOnce)];
    let (client, mut incoming) =
        connect(options, answers).map_err(|error| failed(Step::Start)(error.to_string()))?;
    connected(&mut incoming).await?;
    let authority = trust.and_then(|trust| trust.authority());
    let authority = authority.map(|authority| SecretDigest::of(authority.der()));
    let request = PairRequest {
        v: 1,
        slot: slot.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        machine: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        secret_sha256: secret.digest(),
        authority_sha256: authority,
        mosquitto: Some(secret.mosquitto(rand::random())),
        boards: boards.clone(),
    };
    let sent = clock::now();
    let topic = topics.of(&Topic::Pair(slot.clone()));
    let published = client.publish(topic, encode(&request), Qos::AtLeastOnce, false).await;
    published.map_err(|error| failed(Step::Asked)(error.to_string()))?;
    let answer = answer(&mut incoming).await?;
    let took = clock::now().since(sent);
    // Without last words nothing can remain unacknowledged.
    let _ = client.disconnect(None).await;
    Ok(Verdict { answer, took, secret })
}

fn read(slot: &Identity) -> Result<Secret, Failure> {
    let failed = failed(Step::Secret);
    match slot.secret.read() {
        Ok(Some(secret)) => Ok(secret),
        Ok(None) => Err(failed(format!("{} is not there", slot.secret.path().display()))),
        Err(error) => Err(failed(error.to_string())),
    }
}

async fn connected(incoming: &mut Incoming) -> Result<(), Failure> {
    match timeout(STEP_TIMEOUT, incoming.next()).await {
        Ok(Some(Notice::Connected { refused, .. })) if refused.is_empty() => Ok(()),
        Ok(Some(Notice::Lost { error, .. })) => Err(lost(&error)),
        Ok(
            Some(Notice::Connected { .. } | Notice::Message(_) | Notice::Oversize { .. }) | None,
        ) => Err(Failure { step: Step::Asked, cause: None }),
        Err(_) => Err(failed(Step::Mqtt)(TOO_LONG.to_owned())),
    }
}

async fn answer(incoming: &mut Incoming) -> Result<PairAnswer, Failure> {
    let failed = failed(Step::Asked);
    match timeout(ANSWER_TIMEOUT, incoming.next()).await {
        Ok(Some(Notice::Message(message))) => {
            decode(&message.payload).map_err(|error| failed(error.to_string()))
        }
        Ok(Some(Notice::Lost { error, .. })) => Err(failed(error.to_string())),
        Ok(Some(Notice::Connected { .. } | Notice::Oversize { .. }) | None) => {
            Err(Failure { step: Step::Asked, cause: None })
        }
        Err(_) => Err(failed("no answer within 2 s".to_owned())),
    }
}
