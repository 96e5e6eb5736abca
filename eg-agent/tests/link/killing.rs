//! kill -9 of a whole agent, again and again, while somebody plays on it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::broker::Mosquitto;
use crate::core::Core;
use crate::player::Player;

const FOLDER: &str = "EG_TEST_AGENT_FOLDER";
const PORT: &str = "EG_TEST_AGENT_PORT";
const PRESSES: &str = "EG_TEST_AGENT_PRESSES";

/// The agent that the test below kills, in a process of its own; without its environment there is nothing to do.
#[tokio::test]
async fn agent_in_a_process_of_its_own() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let port = std::env::var(PORT).unwrap().parse().unwrap();
    let presses: usize = std::env::var(PRESSES).unwrap().parse().unwrap();
    let player = Player::start(port, &PathBuf::from(folder)).await;
    for press in 1..=presses {
        let before = player.slot.watch().borrow().outbox.taken;
        player.play("a").await;
        player.see(|state| state.outbox.taken >= before + 2).await;
        // Whoever counted them may have heard enough.
        let _ = writeln!(std::io::stdout(), "played {press}");
    }
    player.see(|state| state.outbox.waiting == 0).await;
    player.slot.stop().await;
}

fn agent(port: u16, folder: &Path, presses: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killing::agent_in_a_process_of_its_own", "--nocapture"])
        .env(FOLDER, folder)
        .env(PORT, port.to_string())
        .env(PRESSES, presses.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn what_an_agent_accepted_survives_its_death_and_arrives_once_in_order() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;

    for round in 0..5 {
        let mut doomed = agent(broker.port, folder.path(), 1_000);
        let (seen, said) = tokio::sync::oneshot::channel();
        let lines = BufReader::new(doomed.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            let played = lines.map_while(Result::ok).filter(|line| line.contains("played"));
            let enough = played.take(10 + 7 * round).count();
            let _ = seen.send(enough);
        });
        core.during(said).await.unwrap();
        doomed.kill().unwrap();
        doomed.wait().unwrap();
    }
    let mut last = agent(broker.port, folder.path(), 10);
    let ended = tokio::task::spawn_blocking(move || last.wait().unwrap());
    let ended = core.during(ended).await.unwrap();
    core.until(|core| core.boots.len() == 6).await;

    assert!(ended.success());
    for boot in &core.boots {
        let seqs: Vec<u64> = core.stored[boot].iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
    }
    assert!(core.presses() >= (0..5).map(|round| 10 + 7 * round).sum::<usize>() + 10);
}
