//! Tests of dialogs: they close when done or left, hand the focus back, and keep what somebody types in them.

use crate::browser::{ENTER, ESCAPE};
use crate::players::Players;
use crate::venue::Venue;

const FOCUS: &str = "document.activeElement.id";

#[tokio::test]
async fn escape_leaves_a_dialog_and_hands_the_focus_back() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Kill").await;
    browser.until("document.querySelector('#offer-main-kill').open").await;
    browser.until(&format!("{FOCUS} === 'field-main-kill-slot'")).await;

    browser.keys([ESCAPE]).await;

    browser.until("!document.querySelector('#offer-main-kill').open").await;
    browser.until(&format!("{FOCUS} === 'offer-main-kill-open'")).await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_typed_in_a_dialog_outlives_its_act_and_what_others_do() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let (one, other) = (venue.operator("en").await, venue.operator("en").await);
    one.press("Start night-vote").await;
    one.press("Step 1: Who leaves the village?").await;
    one.press("Choose for").await;
    one.tab_to("at.name === 'reason' && at.form.id === 'act-main-proxy'").await;
    one.types("they argue").await;
    other.press("Close and count").await;
    other.tab_to("at.form?.id === 'act-main-close' && at.type === 'submit'").await;
    other.keys([ENTER]).await;

    one.until("document.querySelector('#act-main-reopen')").await;

    one.until("document.querySelector('#offer-main-proxy').open").await;
    one.until("document.querySelector('#act-main-proxy [name=reason]').value === 'they argue'")
        .await;
    one.keys([ENTER]).await;
    one.until("document.querySelector('#act-main-proxy output').innerText !== ''").await;
    one.keys([ESCAPE]).await;
    one.until("!document.querySelector('#offer-main-proxy')").await;
    one.close().await;
    other.close().await;
}

#[tokio::test]
async fn a_double_click_on_what_asks_first_does_nothing_yet() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.until("document.querySelector('#offer-main-finish-open')").await;

    // The button that sends stands exactly under the second click.
    browser
        .ask(
            "const sheet = new CSSStyleSheet();
             sheet.replaceSync('#offer-main-finish [type=submit] { position: fixed; inset: 0; width: 100%; }');
             document.adoptedStyleSheets = [sheet];",
        )
        .await;
    browser.double_click("#offer-main-finish-open").await;

    browser.until("document.querySelector('#offer-main-finish').open").await;
    browser.until("!document.querySelector('[aria-busy=true]')").await;
    browser.until("document.querySelector('#session-acts-main button')").await;
    browser.close().await;
}

#[tokio::test]
async fn keys_do_the_acts_of_the_evening_unless_they_are_switched_off() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.until("document.querySelector('#start-main')").await;
    browser.types("s").await;
    browser.until("document.querySelector('#act-main-pause')").await;
    browser.types("k").await;
    browser.until("document.querySelector('#offer-main-kill').open").await;
    browser.types("?").await;
    browser.keys([ESCAPE]).await;
    browser.until("!document.querySelector('dialog[open]')").await;
    browser.types("p").await;
    browser.until("document.querySelector('#act-main-resume')").await;

    browser.types("?").await;
    browser.until("document.querySelector('#keys').open").await;
    browser.until("document.querySelector('#keys').innerText.includes('K Kill')").await;
    browser.click("#keys-on").await;
    browser.keys([ESCAPE]).await;
    browser.until("!document.querySelector('dialog[open]')").await;
    browser.types("k").await;
    browser.ask("window.seen = document.querySelector('#offer-main-kill').open").await;
    assert_eq!(browser.ask("return window.seen").await, false);

    browser.close().await;
}
