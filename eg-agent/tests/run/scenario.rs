use crate::agent::{Agent, file_of};
use std::process::Command;

fn steps(steps: &[&str]) -> String {
    steps.iter().fold("steps:\n".to_owned(), |text, step| format!("{text}  - {step}\n"))
}

#[test]
fn a_scenario_presses_buttons_and_breaks_lines() {
    let course = steps(&[
        "at 10ms press panel/a for 40ms",
        "at 200ms press panel/a for 40ms",
        "after 60ms fault GPIO5 bounces 3ms",
    ]);

    let mut agent = Agent::with_scenario(&format!("name: two presses\n{course}until: 500ms\n"));
    let over = agent.logs("the scenario is over");
    // A snapshot of the start, two presses, two releases. The boards' threads may still be at it.
    let page = agent.page_with("5 events wait for the core.");

    assert!(over.contains("name=\"two presses\""), "{over}");
    assert!(page.contains("GPIO5 bounces for 3ms") && page.contains("1 now"), "{page}");
}

#[test]
fn every_mistake_of_a_scenario_is_told_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let slot = file_of(&folder);
    let scenario = folder.path().join("scenario.yaml");
    let wrong = ["at 1s press panel/b", "at 2s press pannel/a", "at 3s pres panel/a"];
    let mut said = Vec::new();
    for step in wrong {
        std::fs::write(&scenario, steps(&[step])).unwrap();
        let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
        agent.env_clear().arg("run").arg(&slot).arg("--scenario").arg(&scenario);
        let output = agent.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{step}");
        said.push(String::from_utf8(output.stderr).unwrap());
    }

    assert!(
        said[0].contains("scenario.yaml:2:5: steps[0]: panel has no input called \"b\""),
        "{said:?}"
    );
    assert!(said[1].contains("did you mean \"panel\"?"), "{said:?}");
    assert!(said[2].contains("did you mean \"press\"?"), "{said:?}");
}

#[test]
fn faults_come_and_go_by_the_page() {
    let agent = Agent::start();
    let pressed = |on: bool| format!("title=\"GPIO5 stuck low\" aria-pressed=\"{on}\"");

    let before = agent.page();
    let done = agent.post("/fault", r#"{"fault":"GPIO5 stuck low","on":true}"#);
    let during = agent.page();
    agent.post("/fault", r#"{"fault":"GPIO5 stuck low","on":false}"#);
    let after = agent.page();
    let unknown = agent.post("/fault", r#"{"fault":"i2c-1/0x20 vanishes","on":true}"#);
    let no_fault = agent.post("/fault", r#"{"fault":"GPIO5 stuk low","on":true}"#);

    assert!(done.starts_with("HTTP/1.1 204"), "{done}");
    assert!(before.contains(&pressed(false)) && after.contains(&pressed(false)), "{before}");
    assert!(during.contains(&pressed(true)), "{during}");
    assert!(unknown.starts_with("HTTP/1.1 409") && unknown.contains("no chip called"), "{unknown}");
    assert!(no_fault.contains("did you mean \\\"stuck\\\"?"), "{no_fault}");
}
