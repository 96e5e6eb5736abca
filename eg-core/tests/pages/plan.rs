//! Tests of the plan of the slots: dragged once and kept, moved by keyboard, filtered, with live lights.

use crate::browser::Browser;
use crate::players::Players;
use crate::venue::Venue;
use serde_json::json;

const RIGHT: char = '\u{E014}';
const DOWN: char = '\u{E015}';
const DELETE: char = '\u{E017}';

/// Returns a condition: the slot stands in this place.
fn stands(slot: &str, place: &str) -> String {
    format!("document.querySelector('.plan #slot-tile-{slot}')?.dataset.place === '{place}'")
}

/// Drags a slot to the middle of a place of its room's plan.
async fn drag(browser: &Browser, slot: &str, (x, y): (u32, u32)) {
    let script = format!(
        "const tile = document.querySelector('#slot-tile-{slot}'), plan = document.querySelector('#plan-main');
         tile.scrollIntoView();
         const [from, to] = [tile.getBoundingClientRect(), plan.getBoundingClientRect()];
         const wide = parseFloat(getComputedStyle(plan).gridTemplateColumns), high = parseFloat(getComputedStyle(plan).gridAutoRows);
         const send = (type, clientX, clientY) => tile.dispatchEvent(new PointerEvent(type,
           {{ bubbles: true, cancelable: true, pointerId: 1, pointerType: 'touch', button: 0, clientX, clientY }}));
         tile.setPointerCapture = () => {{}};
         send('pointerdown', from.x + 20, from.y + 20);
         const [endX, endY] = [to.x + (wide + 4) * {x} + wide / 2, to.y + (high + 4) * {y} + high / 2];
         send('pointermove', endX, endY);
         send('pointerup', endX, endY);"
    );
    browser.ask(&script).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_is_dragged_once_and_stands_there_after_a_reload_and_a_restart() {
    let mut venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;

    browser.press("Arrange").await;
    drag(&browser, "slot-02", (3, 1)).await;
    browser.until(&stands("slot-02", "3,1")).await;
    browser.press("Arrange").await;
    browser.go(&venue.page()).await;
    browser.until(&stands("slot-02", "3,1")).await;
    let listed = "return document.querySelectorAll('.grid .slot').length";
    assert_eq!(browser.ask(listed).await, json!(2));
    tokio::task::block_in_place(|| {
        venue.dark();
        venue.light();
    });
    browser.until("document.querySelector('#lost').hidden").await;

    browser.go(&venue.page()).await;
    browser.until(&stands("slot-02", "3,1")).await;
    browser.close().await;
}

#[tokio::test]
async fn a_slot_is_moved_by_the_arrow_keys_and_keeps_the_focus() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Arrange").await;
    let on_it = "at.closest('[data-slot]')?.dataset.slot === 'slot-01'";

    browser.tab_to(on_it).await;
    browser.keys([RIGHT]).await;
    browser.until(&stands("slot-01", "0,0")).await;
    browser.until("document.activeElement.closest('#slot-tile-slot-01')").await;
    browser.keys([RIGHT, RIGHT, DOWN]).await;
    browser.until(&stands("slot-01", "2,1")).await;
    browser
        .until("document.querySelector('#slot-moved').textContent === 'slot-01: column 3, row 2'")
        .await;
    browser.until("document.activeElement.closest('#slot-tile-slot-01')").await;
    browser.keys([DELETE]).await;

    browser.until("document.querySelector('.grid #slot-tile-slot-01')").await;
    browser.reads("Arrange").await;
    browser.close().await;
}

#[tokio::test]
async fn trouble_stands_first_lights_are_live_and_a_filter_leaves_what_fits() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.reads("3 of 3 online").await;

    players.leave("slot-03").await;
    browser.until("document.querySelector('.grid .slot')?.id === 'slot-tile-slot-03'").await;
    players.hold("slot-01", "ada").await;
    browser.until("document.querySelector('#slot-tile-slot-01 .dots .on')").await;
    browser.click("#slot-filter").await;
    browser.types("offline").await;

    let seen = "[...document.querySelectorAll('.slot')].filter((tile) => tile.checkVisibility()).map((tile) => tile.dataset.slot).join()";
    browser.until(&format!("{seen} === 'slot-03'")).await;
    players.leave("slot-02").await;
    browser.until(&format!("{seen} === 'slot-02,slot-03'")).await;
    browser.close().await;
}
