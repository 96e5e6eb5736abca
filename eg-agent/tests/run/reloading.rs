use crate::agent::{Agent, PANEL};
use rustix::process::Signal;

const READER: &str = "  reader: { driver: serial-tag, config: { port: /dev/ttyUSB0 } }\n";

#[test]
fn a_changed_file_is_taken_over_on_sighup() {
    let mut agent = Agent::start();

    agent.write(&format!("{PANEL}{READER}"));
    agent.signal(Signal::HUP);
    let said = agent.logs("the file was taken over");

    assert!(said.contains("opened=\"reader\"") && said.contains("kept=1"), "{said}");
    assert!(agent.page().contains("id=\"device-reader\""));
}

#[test]
fn a_changed_file_is_taken_over_by_the_page() {
    let agent = Agent::start();

    agent.write(&format!("{}{READER}", PANEL.replace("GPIO5", "GPIO6")));
    let answer = agent.post("/reload", "");

    let swap =
        r#"{"changed":["panel"],"closed":[],"kept":[],"opened":["reader"],"slot":"slot-01"}"#;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(swap), "{answer}");
    assert!(agent.page().contains("id=\"device-reader\""));
}

#[test]
fn a_changed_file_that_is_included_is_taken_over_too() {
    let mut agent = Agent::start();
    let reader = agent.folder().join("reader.yaml");
    let device = |port| format!("driver: serial-tag\nconfig: {{ port: {port} }}\n");

    std::fs::write(&reader, device("/dev/ttyUSB0")).unwrap();
    agent.write(&format!("{PANEL}  reader: !include reader.yaml\n"));
    agent.signal(Signal::HUP);
    let opened = agent.logs("the file was taken over");
    std::fs::write(&reader, device("/dev/ttyUSB1")).unwrap();
    agent.signal(Signal::HUP);
    let changed = agent.logs("the file was taken over");
    std::fs::write(&reader, "driver: serial-tga\n").unwrap();
    let answer = agent.post("/reload", "");

    assert!(opened.contains("opened=\"reader\"") && opened.contains("kept=1"), "{opened}");
    assert!(changed.contains("changed=\"reader\"") && changed.contains("kept=1"), "{changed}");
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(answer.contains("reader.yaml:1:9: "), "{answer}");
}

#[test]
fn every_mistake_is_told_with_its_place_and_what_runs_goes_on() {
    let mut agent = Agent::start();

    agent.write(&PANEL.replace("GPIO5", "GPOI5").replace("channel: 0", "chanel: 0"));
    let answer = agent.post("/reload", "");
    agent.signal(Signal::HUP);
    let said = [agent.logs("not taken over"), agent.logs("not taken over")].concat();

    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    for place in ["slot-01.yaml:8:24: ", "slot-01.yaml:9:20: "] {
        assert!(answer.contains(place), "{place} in {answer}");
        assert!(said.contains(place), "{place} in {said}");
    }
    assert!(answer.contains("\"line\":8"), "{answer}");
    assert!(agent.page().contains("id=\"device-panel\""));
}

#[test]
fn another_sites_page_reloads_nothing() {
    let agent = Agent::start();

    agent.write(READER);
    let answer = agent.ask("POST", "/reload", "cross-site", "");

    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(agent.page().contains("id=\"device-panel\""));
}
