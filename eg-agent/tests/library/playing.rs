//! The whole way: a crate made outside EG, its library in a running agent, a press, its event at the core.

mod scaffold {
    use crate::broker::{Mosquitto, free_port};
    use crate::core::Core;
    use crate::files::Folder;
    use crate::guest::{KIND, library};
    use eg_proto::EventKind;
    use rustix::process::{Pid, Signal, kill_process};
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use tokio::sync::oneshot;

    /// The agent, as a slot runs it.
    struct Agent(Child);

    impl Agent {
        /// Starts it; the receiver hears when its page is there.
        fn run(slot: &Path, page: u16) -> (Self, oneshot::Receiver<()>) {
            let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
            agent.arg("run").arg(slot).args(["--page-port", &page.to_string()]);
            let mut agent = agent.stderr(Stdio::piped()).spawn().unwrap();
            let lines = BufReader::new(agent.stderr.take().unwrap()).lines();
            let (running, ready) = oneshot::channel();
            std::thread::spawn(move || {
                let mut running = Some(running);
                for line in lines.map_while(Result::ok) {
                    if line.contains("running")
                        && let Some(running) = running.take()
                    {
                        let _ = running.send(());
                    }
                }
            });
            (Self(agent), ready)
        }

        /// Asks it to end, as systemd does, and tells whether it did so well.
        fn stop(mut self) -> bool {
            let id = Pid::from_raw(i32::try_from(self.0.id()).unwrap()).unwrap();
            kill_process(id, Signal::TERM).unwrap();
            self.0.wait().unwrap().success()
        }
    }

    impl Drop for Agent {
        fn drop(&mut self) {
            drop(self.0.kill());
            drop(self.0.wait());
        }
    }

    /// Presses a button on the slot's page, or lets it go.
    fn press(page: u16, button: &str, down: bool) {
        let hand = format!("{{\"down\":{down}}}");
        let mut stream = TcpStream::connect(("127.0.0.1", page)).unwrap();
        let request = format!(
            "POST /poke/{button} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{hand}",
            hand.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }

    #[tokio::test]
    async fn a_driver_from_outside_is_loaded_and_its_press_arrives_at_the_core() {
        let (broker, folder, page) = (Mosquitto::start(), Folder::new(), free_port());
        let slot = format!(
            "slot: slot-01\ncore: {{ host: 127.0.0.1, port: {} }}\nhal: sim\noutbox: {}/outbox.db\n\
             plugins: [ file: {} ]\ndevices:\n  box:\n    driver: {KIND}\n    config: {{ bus: i2c-1 }}\n    \
             inputs: {{ a: {{ channel: 2, active: low, lockout: 1ms, release: 1ms }} }}\n",
            broker.port,
            folder.path().display(),
            library().display()
        );
        let slot = folder.file("slot.yaml", slot);
        let mut core = Core::start(broker.port).await;

        let (agent, running) = Agent::run(&slot, page);
        core.during(running).await.unwrap();
        core.until(|core| {
            let mut stored = core.stored.values().flatten();
            stored.any(|event| matches!(event.kind, EventKind::Snapshot { .. }))
        })
        .await;
        press(page, "box/a", true);
        core.until(|core| core.presses() == 1).await;
        press(page, "box/a", false);
        core.until(|core| core.releases() == 1).await;

        let ended = core.during(tokio::task::spawn_blocking(move || agent.stop())).await;
        assert!(ended.unwrap());
        let events: Vec<_> = core.stored.values().flatten().collect();
        assert!(events.iter().all(|event| event.device.as_str() == "box" && event.sim));
    }
}
