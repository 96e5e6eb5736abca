//! Tests of acts on the page: each is done once, one that ends something asks first, and a refusal has a reason.

use crate::browser::{Browser, ENTER, ESCAPE};
use crate::players::Players;
use crate::venue::Venue;
use serde_json::{Value, json};

/// Returns the names of the acts of the first session, as the journal has them.
async fn acts(browser: &Browser) -> Value {
    let script = "const done = arguments[0];
        fetch('/api/sessions/1/acts').then((answer) => answer.json())
          .then(({ items }) => done(items.map((act) => act.body.name)));";
    browser.ask_later(script).await
}

#[tokio::test]
async fn a_double_click_is_one_act_whatever_comes_under_the_pointer() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.until("document.querySelector('#act-main-pause button')").await;

    browser.double_click("#act-main-pause button").await;
    browser.until("document.querySelector('#act-main-resume button')").await;
    browser.until("!document.querySelector('[aria-busy=true]')").await;
    browser.press("Go on").await;
    browser.until("document.querySelector('#act-main-pause button')").await;

    assert_eq!(acts(&browser).await, json!(["start", "pause", "resume"]));
    browser.close().await;
}

#[tokio::test]
async fn killing_asks_why_and_the_form_is_shut_and_empty_afterwards() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Kill").await;
    browser.tab_to("at.name === 'reason' && at.form.id === 'act-main-kill'").await;
    browser.types("bitten").await;
    browser.keys([ENTER]).await;

    browser.until("document.querySelector('#deeds-main')?.innerText.includes('bitten')").await;
    browser.until("!document.querySelector('#offer-main-kill').open").await;
    browser.until("!document.querySelector('[aria-busy=true]')").await;
    browser.press("Kill").await;
    let why = "return document.querySelector('#act-main-kill [name=reason]').value";
    assert_eq!(browser.ask(why).await, "");
    browser.ask("document.querySelector('#act-main-kill').requestSubmit()").await;
    let invalid = "return document.querySelector('#act-main-kill').matches(':invalid')";
    assert_eq!(browser.ask(invalid).await, true);

    assert_eq!(acts(&browser).await, json!(["start", "kill"]));
    browser.close().await;
}

#[tokio::test]
async fn whom_one_is_about_to_choose_never_changes_under_ones_hand() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let (one, other) = (venue.operator("en").await, venue.operator("en").await);
    one.press("Start night-vote").await;
    one.press("Kill").await;
    other.press("Kill").await;
    let chosen = "document.querySelector('#field-main-kill-slot').value";
    one.until(&format!("{chosen} === 'slot-01'")).await;

    other.tab_to("at.name === 'reason' && at.form.id === 'act-main-kill'").await;
    other.types("bitten").await;
    other.keys([ENTER]).await;

    one.until("document.querySelector('#deeds-main')?.innerText.includes('bitten')").await;
    one.until(&format!("{chosen} === ''")).await;
    one.close().await;
    other.close().await;
}

#[tokio::test]
async fn closing_a_step_and_the_night_ask_first() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.reads("0 of 3 have voted").await;

    browser.press("Close and count").await;
    browser.until("document.querySelector('#offer-main-close').open").await;
    browser.keys([ESCAPE]).await;
    browser.until("!document.querySelector('#offer-main-close').open").await;
    browser.press("by night").await;
    browser.until("document.querySelector('#mode-main-night-ask').open").await;
    browser.keys([ESCAPE]).await;
    assert_eq!(acts(&browser).await, json!(["start", "next"]));

    browser.press("Close and count").await;
    browser.tab_to("at.form?.id === 'act-main-close' && at.type === 'submit'").await;
    browser.keys([ENTER]).await;
    browser.until("document.querySelector('#act-main-reopen')").await;
    browser.close().await;
}

#[tokio::test]
async fn a_refusal_is_read_though_its_form_is_gone() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let (one, other) = (venue.operator("en").await, venue.operator("fr").await);
    one.press("Start night-vote").await;
    one.press("Pause").await;
    other.until("document.querySelector('#act-main-resume')").await;
    // What the slower one asks for is on its way for as long as the test likes.
    other
        .ask(
            "const real = window.fetch;
             window.fetch = async (...asked) => {
               await new Promise((go) => { window.letGo = go; });
               window.fetch = real;
               return real(...asked);
             }",
        )
        .await;
    other.press("Reprendre").await;
    other.until("window.letGo").await;

    one.press("Go on").await;
    other.until("!document.querySelector('#act-main-resume')").await;
    other.ask("window.letGo()").await;

    other.until("document.querySelector('#notice').checkVisibility()").await;
    other.reads("la partie n'est pas en pause").await;
    other.press("Mettre en pause").await;
    other.until("document.querySelector('#notice').hidden").await;
    one.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_nothing_could_be_sent_is_forgotten_once_the_core_is_back() {
    let mut venue = Venue::open();
    let browser = venue.operator("fr").await;
    browser.start_broken("Démarrer night-vote").await;
    browser.until("document.querySelector('#act-main-pause')").await;
    browser.until("!document.querySelector('[aria-busy=true]')").await;

    tokio::task::block_in_place(|| venue.dark());
    browser.until("document.querySelector('#lost').checkVisibility()").await;
    browser.press("Mettre en pause").await;
    browser
        .until(
            "document.querySelector('#act-main-pause output').innerText.startsWith('Pas envoyé')",
        )
        .await;
    tokio::task::block_in_place(|| venue.light());

    browser.until("document.querySelector('#lost').hidden").await;
    browser.until("document.querySelector('#act-main-pause output').innerText === ''").await;
    browser.press("Mettre en pause").await;
    browser.until("document.querySelector('#act-main-resume')").await;
    browser.close().await;
}

#[tokio::test]
async fn the_display_of_a_room_that_is_not_there_says_so_in_two_languages() {
    let venue = Venue::open();
    let browser = Browser::open("fr").await;

    browser.go(&format!("{}/display/nope", venue.page())).await;

    browser.reads("pas de salle « nope »").await;
    browser.reads("no room called \"nope\"").await;
    assert_eq!(browser.ask("return document.body.innerText.includes('RoomId')").await, false);
    browser.close().await;
}
