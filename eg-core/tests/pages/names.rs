//! Tests of names: given in place, pasted as a list, and seen wherever the slot was.

use crate::browser::{Browser, ENTER, ESCAPE};
use crate::players::Players;
use crate::venue::Venue;

const PASTE: &str = "const list = new DataTransfer();
    list.setData('text/plain', 'Anna\\nBen O’Neill\\n李小龙\\nnobody');
    document.querySelector('#player-main-slot-01').dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: list, bubbles: true, cancelable: true }));";

#[tokio::test]
async fn who_plays_is_pasted_seen_on_every_page_and_cleared_by_one_press() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let (browser, display) = (venue.operator("en").await, Browser::open("fr").await);
    browser.press("Who plays tonight").await;
    browser.until("document.querySelector('#players-main').open").await;
    browser.ask(PASTE).await;
    browser.keys([ENTER]).await;
    browser.until("!document.querySelector('#players-main').open").await;
    browser
        .until(
            "document.querySelector('#names-main').innerText.includes('Anna, Ben O’Neill, 李小龙')",
        )
        .await;

    browser.press("Call the roll").await;
    display.go(&format!("{}/display/main", venue.page())).await;

    display.reads("Ben O’Neill").await;
    display.until("!document.body.innerText.includes('slot-0')").await;
    browser.until("document.querySelector('#roll-call-main').innerText.includes('Anna')").await;
    browser.until("document.querySelector('#slot-tile-slot-01').innerText.includes('Anna')").await;
    browser.press("Clear the names").await;
    browser.click("#players-clear-main button[type=submit]").await;
    display.reads("slot-01").await;
    browser.until("!document.querySelector('#players-clear-main')").await;
    browser.close().await;
    display.close().await;
}

#[tokio::test]
async fn a_slot_and_a_room_are_renamed_where_they_stand() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    let tile = "document.querySelector('#slot-tile-slot-02').innerText";
    browser.go(&format!("{}/slots/slot-02", venue.page())).await;

    browser.click("#rename-slot-slot-02-open").await;
    browser.types("left table").await;
    browser.keys([ENTER]).await;
    browser.reads("left table").await;
    browser.go(&venue.page()).await;
    browser.until(&format!("{tile}.includes('left table') && {tile}.includes('slot-02')")).await;
    browser.click("#rename-room-main-open").await;
    browser.types("The crypt").await;
    browser.keys([ESCAPE]).await;
    browser.until("!document.querySelector('#rename-room-main').open").await;
    browser.until("document.activeElement.id === 'rename-room-main-open'").await;
    browser.until("document.querySelector('#room-main h2').innerText.includes('Room main')").await;
    browser.click("#rename-room-main-open").await;
    browser.keys([ENTER]).await;

    browser.until("document.querySelector('#room-main h2').innerText.includes('The crypt')").await;
    browser.until("document.querySelector('#place-main').innerText.includes('The crypt')").await;
    browser.until("document.querySelector('#slots').innerText.includes('left table')").await;
    browser.close().await;
}
