//! Test of an operator who says how an input stands, sees that marked everywhere, and takes it back.

use crate::players::Players;
use crate::venue::Venue;

/// Starts a puzzle in the room, from the page.
const START: &str = "const done = arguments[0];
    const config = { when: { all: [{ on: 'slot-01/ada' }, { on: 'slot-02/ada' }] } };
    fetch('/api/rooms/main/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ game: 'combination', config, reason: 'a test' }),
    }).then((answer) => done(answer.status));";

const MARKS: [&str; 3] = ["#session-forced-main", "#slot-tile-slot-01 .pill.warn", "#troubles"];

#[tokio::test]
async fn an_input_is_forced_by_key_and_click_marked_everywhere_and_released_by_one_click() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let operator = venue.operator("en").await;
    assert_eq!(operator.ask_later(START).await, 201);
    operator.until("document.getElementById('offer-main-force-open')").await;

    operator.keys(['f']).await;
    operator.until("document.getElementById('force-main-slot-01-ada-on')").await;
    operator.click("#force-main-slot-01-ada-on button").await;

    for mark in MARKS {
        let marked = format!("document.querySelector('{mark}')?.innerText.includes('ada = On')");
        operator.until(&marked).await;
    }
    operator.until("!document.querySelector('dialog[open]')").await;
    operator.reads("slot-01/ada on: stands right").await;
    operator.click("#session-forced-main button").await;
    operator.until("!document.querySelector('#session-forced-main .standing')").await;
    operator.reads("slot-01/ada on: does not stand right").await;

    operator.click("#offer-main-force-open").await;
    operator.until("document.getElementById('force-main-slot-02-ada-on')").await;
    operator.click("#force-main-slot-02-ada-on button").await;
    operator.until("document.querySelector('#session-forced-main .standing')").await;
    players.press("slot-02", "ada").await;
    operator.until("!document.querySelector('#session-forced-main .standing')").await;
    operator.reads("is no longer forced").await;
    operator.close().await;
}
