//! Test of a night, played by an operator who has a keyboard and no mouse.

use crate::players::Players;
use crate::venue::Venue;

const TURNOUT: &str = "document.querySelector('#view-main [role=status]')?.innerText";

/// Returns a script for the votes of an option, as the tally shows them.
fn votes(option: &str) -> String {
    format!(
        "[...document.querySelectorAll('#view-main .tally li')]
           .find((bar) => bar.querySelector('.label').innerText === '{option}')?.querySelector('.num').innerText"
    )
}

#[tokio::test]
async fn a_night_is_played_by_keyboard_and_seen_without_a_reload() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.ask("window.neverReloaded = true").await;
    browser.reads("3 of 3 online").await;

    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.until(&format!("{TURNOUT} === '0 of 3 have voted'")).await;
    players.press("slot-01", "ada").await;
    browser.until(&format!("{TURNOUT} === '1 of 3 have voted'")).await;
    browser.until(&format!("{} === '1'", votes("Ada"))).await;
    players.press("slot-02", "bob").await;
    players.press("slot-02", "ada").await;
    browser.until(&format!("{} === '2' && {} === '0'", votes("Ada"), votes("Bob"))).await;
    players.press("slot-03", "bob").await;

    browser
        .until(
            "document.querySelector('#view-main .tally .won .label')?.innerText.startsWith('Ada')",
        )
        .await;
    browser
        .until("document.querySelector('#events').innerText.includes('carries with 2 votes of 3')")
        .await;
    assert_eq!(browser.ask("return window.neverReloaded").await, true);
    browser.close().await;
}

#[tokio::test]
async fn typed_text_and_focus_survive_what_changes_around_them() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Ask a question").await;
    browser.tab_to("at.name === 'args.question'").await;
    browser.types("Who is ").await;

    players.press("slot-01", "ada").await;
    players.leave("slot-03").await;
    browser.reads("2 of 3 online").await;
    browser.until("document.querySelector('#events').innerText.includes('slot-01')").await;
    browser.types("lying?").await;

    let at =
        browser.ask("return [document.activeElement.name, document.activeElement.value]").await;
    assert_eq!(at[0], "args.question");
    assert!(at[1].as_str().unwrap().ends_with("Who is lying?"), "{at}");
    browser.close().await;
}

#[tokio::test]
async fn an_act_that_cannot_be_says_why_beside_its_button() {
    let venue = Venue::open();
    let browser = venue.operator("en").await;
    browser.start_broken("Start night-vote").await;
    browser.press("Ask a question").await;
    browser.tab_to("at.name === 'args.options'").await;
    browser.ask("document.activeElement.value = ''").await;
    browser.types("only one").await;

    browser.press("Ask a question").await;

    browser.until("document.querySelector('#act-main-open output').innerText !== ''").await;
    browser.close().await;
}

#[tokio::test]
async fn the_mode_and_an_output_are_set_by_keyboard() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;

    browser.press("by night").await;
    browser.until("document.querySelector('#mode-main-night').ariaPressed === 'true'").await;
    browser.go(&format!("{}/slots/slot-02", venue.page())).await;
    browser.press("On").await;
    browser
        .until("document.querySelector('#state-panel-lamp-a')?.innerText.includes('last: On')")
        .await;
    browser.go(&venue.page()).await;

    browser.until("document.querySelector('#events').innerText.includes('lamp-a')").await;
    browser.close().await;
}
