//! Test of an operator who calls the roll, overrules, undoes, and gives a hint; and of the room's display beside it.

use crate::browser::Browser;
use crate::players::Players;
use crate::venue::Venue;

const TURNOUT: &str = "document.querySelector('#view-main [role=status]')?.innerText";

#[tokio::test]
async fn a_missing_player_is_named_and_started_without_for_a_reason() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Call the roll").await;
    browser.reads("0 of 3 have answered the roll-call").await;
    players.press("slot-01", "ada").await;
    players.press("slot-02", "bob").await;
    browser.reads("2 of 3 have answered the roll-call").await;
    browser.reads("slot-03 has not pressed").await;

    browser.press("Start night-vote").await;
    browser.tab_to("at.id === 'without-own-main'").await;
    browser.types("her button is being mended").await;
    browser.keys([crate::browser::ENTER]).await;

    browser.until("document.querySelector('#deeds-main')?.innerText.includes('her button is being mended')").await;
    browser.close().await;
}

#[tokio::test]
async fn an_act_shows_what_it_changed_and_is_undone_on_the_page() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.until(&format!("{TURNOUT} === '0 of 3 have voted'")).await;
    players.press("slot-01", "ada").await;
    browser.until(&format!("{TURNOUT} === '1 of 3 have voted'")).await;
    browser.press("Excuse").await;
    browser.tab_to("at.name === 'reason' && at.form.id === 'act-main-excuse'").await;
    browser.types("gone home").await;
    browser.ask("document.querySelector('#field-main-excuse-slot').value = 'slot-02'").await;
    browser.ask("document.querySelector('#act-main-excuse').requestSubmit()").await;
    browser.until(&format!("{TURNOUT} === '1 of 2 have voted'")).await;
    browser.until("document.querySelector('#deeds-main .come')?.innerText.includes('1/2')").await;

    browser.click("#deeds-main li:first-child .asks").await;
    browser.tab_to("at.name === 'reason' && at.form.id.startsWith('undo-main-')").await;
    browser.types("she came back").await;
    browser.keys([crate::browser::ENTER]).await;

    browser.until(&format!("{TURNOUT} === '1 of 3 have voted'")).await;
    browser
        .until("document.querySelector('#deeds-main .undone')?.textContent.includes('gone home')")
        .await;
    browser.close().await;
}

#[tokio::test]
async fn the_display_follows_the_room_without_signing_in() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let operator = venue.operator("en").await;
    operator.press("Start night-vote").await;
    operator.press("Step 1: Who leaves the village?").await;
    let display = Browser::open("fr").await;

    display.go(&format!("{}/display/main", venue.page())).await;
    display.reads("Who leaves the village?").await;
    players.press("slot-01", "ada").await;
    players.press("slot-02", "ada").await;
    operator.until(&format!("{TURNOUT} === '2 of 3 have voted'")).await;
    display
        .until("document.querySelector('#display [role=status]')?.innerText.startsWith('2 ')")
        .await;
    operator.press("Give a hint").await;
    operator.tab_to("at.id === 'hint-text-main'").await;
    operator.types("Count the candles").await;
    operator.keys([crate::browser::ENTER]).await;

    display.reads("Indice : Count the candles").await;
    display.close().await;
    operator.close().await;
}
