//! A slot at a broker with passwords: refused, told by its code, adopted, revoked.

use crate::broker::Mosquitto;
use crate::core::{Core, PASSWORD, slot};
use crate::player::Player;
use eg_agent::pairing::{Admission, Refused, SecretFile};
use eg_agent::slot::SlotState;
use eg_proto::{
    MosquittoHash, NotAdopted, PAIRING_USER, PairAnswer, PairRequest, Topic, pairing_code,
};

fn line(user: &str, hash: &MosquittoHash) -> String {
    format!("{user}:{}\n", hash.as_str())
}

/// The lines of the core, and of those who ask to be adopted.
fn lines() -> Vec<String> {
    [("core-01", PASSWORD), (PAIRING_USER, PAIRING_USER)]
        .map(|(user, password)| line(user, &MosquittoHash::of(password, [7; 12])))
        .into()
}

/// Waits until the slot has asked so many times, and gives the last question.
async fn asked(core: &mut Core, times: usize) -> PairRequest {
    let is = |topic: &Topic| matches!(topic, Topic::Pair(_));
    core.until(|core| core.heard.iter().filter(|(topic, _)| is(topic)).count() >= times).await;
    let last = core.heard.iter().rev().find(|(topic, _)| is(topic)).unwrap();
    serde_json::from_str(&last.1).unwrap()
}

fn stands(admission: Admission) -> impl Fn(&SlotState) -> bool {
    move |state| state.admission == admission
}

async fn answer(core: &Core, answer: PairAnswer) {
    core.say(Topic::PairAnswer, &answer).await;
}

#[tokio::test]
async fn a_slot_that_is_refused_shows_its_code_and_plays_once_it_is_adopted() {
    let (broker, folder) = (Mosquitto::with_passwords(&lines()), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.play("a")).await;

    let request = asked(&mut core, 1).await;
    answer(&core, PairAnswer::waits(NotAdopted::Unknown)).await;
    let code = pairing_code(&request.secret_sha256, None);
    core.during(player.see(stands(Admission::Waiting { code }))).await;
    let adopted = line("slot-01", request.mosquitto.as_ref().unwrap());
    broker.admit(&[lines().concat(), adopted]);
    answer(&core, PairAnswer::adopted("core-01")).await;
    core.during(player.see(stands(Admission::Admitted))).await;
    core.until(|core| core.releases() == 1).await;

    let secret = SecretFile::new(folder.path().join("outbox.secret")).read().unwrap().unwrap();
    assert_eq!(request.secret_sha256, secret.digest());
    assert_eq!(request.boards, ["panel (button-row)", "reader (serial-tag)"]);
    assert_eq!(core.presses(), 1, "the press from before the adoption");
    assert!(!request.machine.is_empty());
}

#[tokio::test]
async fn a_slot_repeats_its_question_when_the_core_greets_and_tells_why_it_is_not_let_in() {
    let (broker, folder) = (Mosquitto::with_passwords(&lines()), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    let code = pairing_code(&asked(&mut core, 1).await.secret_sha256, None);

    for (told, why) in [
        (NotAdopted::Revoked, Refused::Revoked),
        (NotAdopted::OtherSecret, Refused::OtherSecret),
        (NotAdopted::Full, Refused::Full),
    ] {
        answer(&core, PairAnswer::waits(told)).await;
        let code = code.clone();
        core.during(player.see(stands(Admission::Refused { code, why }))).await;
    }
    core.greet().await;
    let again = asked(&mut core, 2).await;

    assert_eq!(pairing_code(&again.secret_sha256, None), code);
}

#[tokio::test]
async fn a_slot_that_is_adopted_and_refused_all_the_same_tells_of_a_copy() {
    let (broker, folder) = (Mosquitto::with_passwords(&lines()), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;

    for times in 1..=2 {
        asked(&mut core, times).await;
        answer(&core, PairAnswer::adopted("core-01")).await;
    }
    let cloned = |state: &SlotState| {
        matches!(state.admission, Admission::Refused { why: Refused::Cloned, .. })
    };
    core.during(player.see(cloned)).await;
}

#[tokio::test]
async fn a_broker_that_lets_nobody_ask_is_told() {
    let core = [lines()[0].clone()];
    let (broker, folder) = (Mosquitto::with_passwords(&core), tempfile::tempdir().unwrap());

    let player = Player::start(broker.port, folder.path()).await;

    let closed = |state: &SlotState| {
        matches!(state.admission, Admission::Refused { why: Refused::NoPairing, .. })
    };
    player.see(closed).await;
}

#[tokio::test]
async fn a_slot_keeps_its_secret_and_a_broker_without_passwords_asks_for_none() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let file = SecretFile::new(folder.path().join("outbox.secret"));
    let mut core = Core::start(broker.port).await;
    let mut secrets = Vec::new();

    for _ in 0..2 {
        let player = Player::start(broker.port, folder.path()).await;
        core.during(player.settled()).await;
        core.during(player.see(stands(Admission::Admitted))).await;
        core.during(player.slot.stop()).await;
        secrets.push(file.read().unwrap().unwrap());
    }

    assert_eq!(secrets[0], secrets[1]);
    assert!(core.heard.iter().all(|(topic, _)| *topic != Topic::Pair(slot())));
}
