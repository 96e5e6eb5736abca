//! Tests of the page of one slot: what it tells, and every output tried from it.

use crate::players::Players;
use crate::venue::Venue;
use serde_json::json;

#[tokio::test]
async fn a_slot_is_opened_from_the_list_and_shows_its_inputs_live() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;

    browser.press("slot-01").await;
    browser.until("location.pathname === '/slots/slot-01'").await;
    browser.reads("not known yet").await;
    players.press("slot-01", "ada").await;

    browser.until("[...document.querySelectorAll('#slot-inputs .light')].some((light) => light.innerText.includes('ada') && light.innerText.includes('at rest'))").await;
    players.leave("slot-01").await;
    browser.reads("slot-01 is offline").await;
    browser.until("document.querySelector('#slot-head .pill.bad')").await;
    assert_eq!(
        browser.ask("return document.querySelectorAll('#slot-outputs form').length").await,
        json!(0)
    );
    browser.close().await;
}

#[tokio::test]
async fn every_lamp_is_tried_and_tells_what_it_was_told() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.go(&format!("{}/slots/slot-02", venue.page())).await;
    let says = |told: &str| {
        format!("document.querySelector('#state-panel-lamp-a')?.innerText.includes('{told}')")
    };

    browser.press("Test").await;
    browser.until(&says("pulse of 300 ms, by operator")).await;
    browser.press("On").await;
    browser.until(&says("last: On, by operator")).await;
    browser.press("Pulse").await;
    browser.until(&says("pulse of 1000 ms")).await;
    browser.press("Lamps one by one").await;
    browser.until("document.querySelector('#lamps-stop')").await;
    browser.until(&says("pulse of 700 ms")).await;
    browser.until("!document.querySelector('#lamps-stop')").await;

    browser.press("All off").await;
    browser.tab_to("at.form?.id === 'all-off' && at.type === 'submit'").await;
    browser.keys([crate::browser::ENTER]).await;
    browser.until(&says("last: Off, by operator")).await;
    browser.close().await;
}

#[tokio::test]
async fn the_page_fits_a_phone_in_french() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("fr").await;
    browser.screen(320, 640, "dark").await;

    browser.go(&format!("{}/slots/slot-03", venue.page())).await;

    browser.reads("Lampes une par une").await;
    assert_eq!(
        browser.ask("return document.documentElement.scrollWidth <= 320").await,
        json!(true)
    );
    let small = "return [...document.querySelectorAll('main button, main a, main summary')]
        .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 44).map((it) => it.innerText)";
    assert_eq!(browser.ask(small).await, json!([]));
    browser.close().await;
}
