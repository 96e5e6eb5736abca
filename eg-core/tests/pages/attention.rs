//! Tests of what is in sight wherever the operator looks: rooms, health, and what needs attention.

use crate::appearance::fits;
use crate::browser::Browser;
use crate::players::Players;
use crate::venue::Venue;
use serde_json::json;

pub(crate) const ROOMS: &str = r#"
ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }
rooms:
  main:
    slots: [slot-01, slot-02]
    game: night-vote
    config: { grace: 0s, steps: [{ question: "Who leaves the village?", options: [Ada, Bob] }] }
  quiz: { slots: [slot-03], game: buzzer }
"#;

/// Script that pretends that nobody sees the page, or that somebody does again.
fn hides(hidden: bool) -> String {
    format!(
        "Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }});
         document.dispatchEvent(new Event('visibilitychange'));"
    )
}

/// Waits until the window tells of one alarm by its title, its icon and its health figure.
async fn tells_one_alarm(browser: &Browser) {
    browser.until("document.title.startsWith('(!1) ')").await;
    browser.until("document.querySelector('link[rel=icon]').href.endsWith('/eg-bad.svg')").await;
    browser.until("document.querySelector('#health .pill.bad').innerText === '2 of 3 slots'").await;
}

#[tokio::test]
async fn a_slot_that_dies_in_a_question_is_told_by_title_icon_figure_list_and_aloud() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.reads("Nothing needs attention").await;
    assert_eq!(browser.ask("return document.title").await, "Operator · EG");
    browser.press("Start night-vote").await;
    browser.press("Step 1: Who leaves the village?").await;
    browser.reads("0 of 3 have voted").await;
    browser.ask("scrollTo(0, 1e6)").await;

    players.leave("slot-03").await;

    tells_one_alarm(&browser).await;
    browser.until("document.querySelector('#health').getBoundingClientRect().top >= 0").await;
    let said = "document.getElementById('said-alarms').innerText";
    browser.until(&format!("{said} === 'slot-03 is lost: nothing is heard of it. Power? Network cable? Then start it again.'")).await;
    browser.until("document.querySelector('#attention a').pathname === '/slots/slot-03'").await;
    fits(&browser).await;
    browser.close().await;
}

#[tokio::test]
async fn a_hidden_page_follows_the_health_alone() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.reads("Nothing needs attention").await;

    browser.ask(&hides(true)).await;
    players.leave("slot-03").await;

    tells_one_alarm(&browser).await;
    let listed = "return document.querySelector('#attention').innerText";
    assert!(browser.ask(listed).await.as_str().unwrap().contains("Nothing needs attention"));
    browser.ask(&hides(false)).await;
    browser.reads("slot-03 is lost").await;
    browser.close().await;
}

#[tokio::test]
async fn seven_pages_of_one_browser_load_and_tell_a_trouble_where_no_websocket_passes() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.without_websockets().await;
    browser.go(&venue.page()).await;
    browser.ask(&hides(true)).await;
    for _ in 1..7 {
        browser.tab("about:blank").await;
        browser.without_websockets().await;
        browser.go(&venue.page()).await;
        browser.reads("Nothing needs attention").await;
        browser.ask(&hides(true)).await;
    }
    browser.ask(&hides(false)).await;

    players.leave("slot-03").await;

    browser.reads("slot-03 is lost").await;
    for number in 0..7 {
        browser.back_to(number).await;
        tells_one_alarm(&browser).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn each_room_has_a_tab_that_says_what_it_does_and_whether_it_needs_somebody() {
    let venue = Venue::of(ROOMS);
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    let tab = |room: &str| format!("document.getElementById('place-{room}').innerText");
    browser.until(&format!("{} .includes('idle')", tab("quiz"))).await;

    players.leave("slot-03").await;
    browser.until(&format!("/^quiz\\s+1\\s+idle$/.test({})", tab("quiz"))).await;
    browser.until(&format!("!{}.includes('1')", tab("main"))).await;

    browser.click("#place-main").await;
    browser.until("location.pathname === '/rooms/main'").await;
    browser.press("Start night-vote").await;
    browser.until(&format!("{}.includes('night-vote · ')", tab("main"))).await;
    let seen = browser
        .ask("return [...document.querySelectorAll('[id^=room-], .tile')].map((it) => it.id)")
        .await;
    assert_eq!(seen, json!(["room-main", "slot-tile-slot-01", "slot-tile-slot-02"]));
    assert_eq!(browser.ask("return document.title").await, "(!1) Room main · EG");
    fits(&browser).await;
    browser.close().await;
}

#[tokio::test]
async fn the_switches_for_sound_and_notification_are_remembered() {
    let venue = Venue::open();
    let browser = venue.operator("en").await;

    browser.click("#alarm-sound").await;
    browser.go(&venue.page()).await;

    browser.until("document.getElementById('alarm-sound').checked").await;
    browser.until("!document.getElementById('alarm-notice').checked").await;
    browser.close().await;
}
