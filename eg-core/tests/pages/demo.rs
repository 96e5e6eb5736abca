//! Tests of the demo as a stranger meets it: its printed addresses, its login link, and hands on the pages of two
//! slots.

use crate::browser::Browser;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Demo in which only the browser presses.
pub(crate) struct Demo {
    process: Child,
    pub(crate) operator: String,
    pub(crate) slots: Vec<String>,
}

impl Demo {
    fn start() -> Self {
        Self::of(2)
    }

    pub(crate) fn of(slots: usize) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_eg-core"))
            .args(["demo", "--manual", "--slots", &slots.to_string(), "--ports", "auto"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut address = |name: &str| {
            let said =
                lines.find_map(|line| line.ok()?.trim().strip_prefix(name).map(str::to_owned));
            said.expect("the demo says where it is").trim().to_owned()
        };
        let operator = address("operator");
        let slots = (1..=slots).map(|slot| address(&format!("slot-{slot:02}"))).collect();
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, operator, slots }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        if rustix::process::kill_process(pid, rustix::process::Signal::TERM).is_ok() {
            drop(self.process.wait());
        }
    }
}

#[tokio::test]
async fn buttons_pressed_on_slot_pages_decide_what_the_operator_asked() {
    let demo = Demo::start();
    let browser = Browser::open("en").await;
    browser.go(&demo.operator).await;
    browser.reads("2 of 2 online").await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Which door? · Quelle porte ?").await;
    browser.reads("0 of 2 have voted").await;

    browser.go(&demo.slots[0]).await;
    browser.reads("Which door?").await;
    browser.reads("simulated board").await;
    // A press that is on its way would be lost with the page.
    browser.hold('2').await;
    browser.until("document.querySelector('#input-panel-b').ariaPressed === 'true'").await;
    browser.let_go('2').await;
    browser.until("document.querySelector('#input-panel-b').ariaPressed === 'false'").await;
    browser.go(&demo.slots[1]).await;
    browser.reads("Which door?").await;
    browser.click("#input-panel-b").await;
    browser.reads("Result of step 1").await;
    browser.go(demo.operator.split("/?").next().unwrap()).await;

    browser.reads("\"B\" carries with 2 votes of 2").await;
    browser.close().await;
}

#[tokio::test]
async fn a_button_lights_while_it_is_held_and_a_tag_is_read() {
    let demo = Demo::start();
    let browser = Browser::open("fr").await;
    browser.go(&demo.slots[0]).await;
    browser.reads("en ligne").await;

    browser.hold('1').await;
    browser.until("document.querySelector('#input-panel-a').ariaPressed === 'true'").await;
    browser.let_go('1').await;
    browser.until("document.querySelector('#input-panel-a').ariaPressed === 'false'").await;
    browser.press("Présenter").await;

    browser
        .until("document.querySelector('#device-reader .tile').innerText.includes('04A37C91')")
        .await;
    browser.close().await;
}
