//! Orders to the agent itself: it restarts where something starts it again, and says why not elsewhere.

use crate::broker::Mosquitto;
use crate::core::{Core, slot};
use crate::player::{config, read, text};
use crate::soon;
use eg_agent::config::SlotConfig;
use eg_agent::slot::{RunningSlot, Slot, StartOptions};
use eg_proto::{
    AgentCommand, AgentOrder, CommandAck, CommandResult, Hello, PROTOCOL, Topic, decode, encode,
};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Starts a slot that is told when it restarts.
async fn start(core: &mut Core, config: SlotConfig) -> (RunningSlot, mpsc::Receiver<()>) {
    let (restarts, restarted) = mpsc::channel(1);
    let options = StartOptions { restarts: Some(restarts), ..StartOptions::default() };
    let slot = Slot::start_with(config, options, &Handle::current()).unwrap();
    let mut state = slot.watch();
    let in_time = state.wait_for(|state| state.clock.is_some());
    drop(core.during(soon(in_time)).await.unwrap());
    (slot, restarted)
}

async fn answer(core: &mut Core, id: &str, expires_us: eg_proto::Timestamp) -> CommandAck {
    let (v, id, order) = (PROTOCOL, id.to_owned(), AgentOrder::Restart);
    let name = format!("\"{id}\"");
    let command = AgentCommand { v, id, expires_us, order };
    core.publish(&Topic::AgentCommand(slot()), &encode(&command)).await;
    core.until(|core| core.last(Topic::CommandAck).is_some_and(|ack| ack.contains(&name))).await;
    decode(core.last(Topic::CommandAck).unwrap().as_bytes()).unwrap()
}

fn restarts(core: &Core) -> bool {
    let hello: Hello = decode(core.last(Topic::Hello).unwrap().as_bytes()).unwrap();
    hello.agent.unwrap().restarts
}

#[tokio::test]
async fn an_agent_that_is_started_again_answers_and_restarts() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let (_slot, mut restarted) = start(&mut core, config(broker.port, folder.path())).await;

    let late = answer(&mut core, "late", Core::now() - std::time::Duration::from_secs(1)).await;
    let none = restarted.try_recv();
    let done = answer(&mut core, "now", Core::in_future(50_000)).await;

    assert!(restarts(&core));
    assert_eq!((late.result, done.result), (CommandResult::Expired, CommandResult::Done));
    assert!(none.is_err(), "one that comes too late is not obeyed");
    soon(restarted.recv()).await.unwrap();
}

#[tokio::test]
async fn an_agent_whose_file_forbids_it_goes_on() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let config = read(&(text(broker.port, folder.path()) + "restart: false\n"));
    let (_slot, mut restarted) = start(&mut core, config).await;

    let refused = answer(&mut core, "now", Core::in_future(50_000)).await;

    assert!(!restarts(&core));
    assert_eq!(refused.result, CommandResult::Refused);
    assert!(refused.reason.unwrap().contains("restart: false"));
    assert!(restarted.try_recv().is_err());
}
