//! Test of the room's clock and of the checklist before a session, as the operator sees them.

use crate::browser::ENTER;
use crate::players::Players;
use crate::venue::Venue;

const ROOM: &str = r#"
ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }
rooms:
  main:
    slots: [slot-01, slot-02, slot-03]
    game: night-vote
    duration: 60m
    reset: [Close the safe]
    config: { steps: [{ question: "Who leaves?", options: [Ada, Bob] }] }
"#;

const LEFT: &str = "document.querySelector('#clock-main [data-left]')?.innerText";

#[tokio::test]
async fn the_clock_counts_down_and_more_time_is_given_by_a_key() {
    let venue = Venue::of(ROOM);
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("☐ Close the safe").await;
    browser.until("document.querySelector('#reset-main [aria-pressed=true]')").await;
    browser.until("document.querySelector('#begin-main form button')").await;
    browser.types("s").await;
    browser.until(&format!("{LEFT}?.startsWith('59:') || {LEFT} === '1:00:00'")).await;

    browser.types("t").await;
    browser.tab_to("at.name === 'reason' && at.form.id === 'act-main-time'").await;
    browser.types("a late start").await;
    browser.keys([ENTER]).await;

    browser.until(&format!("{LEFT}?.startsWith('1:04:') || {LEFT} === '1:05:00'")).await;
    browser.types("p").await;
    browser.until("document.querySelector('#clock-main [data-tone=rests]')").await;
    browser.close().await;
}

#[tokio::test]
async fn a_start_asks_when_a_line_is_open() {
    let venue = Venue::of(ROOM);
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("fr").await;

    browser.press("Démarrer night-vote").await;

    browser.until("document.querySelector('#start-ask-main').open").await;
    browser.reads("Pas encore remis en place").await;
    browser.until("!document.querySelector('#act-main-pause')").await;
    browser.close().await;
}
