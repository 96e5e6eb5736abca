//! The doctor beside a running agent, and on its page.

use crate::agent::Agent;
use std::process::Command;

#[test]
fn the_page_says_whose_it_is_and_the_doctor_knows_it_by_that() {
    let agent = Agent::start();
    let page = agent.page_port().to_string();
    let file = agent.folder().join("slot-01.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("page: {{ port: {page} }}\n{text}")).unwrap();

    let about = agent.ask("GET", "/about", "none", "");
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    let told = doctor.arg("doctor").arg(&file).env_clear().output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();

    assert!(about.contains(r#"{"slot":"slot-01","version":""#), "{about}");
    assert!(told.contains("✓ the agent of slot-01 runs, version "), "{told}");
}

#[test]
fn the_technicians_page_shows_the_findings_about_this_machine() {
    let agent = Agent::start();

    let page = agent.page();
    let found = agent.ask("GET", "/board/doctor", "none", "");

    assert!(page.contains(r#"data-src="/board/doctor""#), "{page}");
    assert!(found.contains("the boards are simulated"), "{found}");
    assert!(found.contains("events are stored in"), "{found}");
}
