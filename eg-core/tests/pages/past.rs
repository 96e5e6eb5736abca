//! Tests of what has been: events in words, statistics, and the journal as a file.

use crate::browser::{Browser, ENTER};
use crate::players::Players;
use crate::venue::Venue;

/// Condition that the list of events shows a text to the reader.
fn shows(text: &str) -> String {
    format!("document.querySelector('#events').innerText.includes('{text}')")
}

async fn choose(browser: &Browser, field: &str, value: &str) {
    let choose = format!(
        "const field = document.querySelector('#events-filter [name={field}]'); field.value = '{value}';
         field.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    );
    browser.ask(&choose).await;
}

#[tokio::test]
async fn events_are_told_in_words_filtered_and_paused() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    players.press("slot-01", "ada").await;
    players.press("slot-02", "bob").await;
    browser.until(&shows("slot-01 pressed ada for 0.")).await;
    browser.until(&shows("slot-02 pressed bob for 0.")).await;

    choose(&browser, "slot", "slot-02").await;
    browser.until(&format!("!{}", shows("slot-01 pressed"))).await;
    browser.until(&shows("slot-02 pressed bob")).await;
    choose(&browser, "slot", "").await;
    choose(&browser, "kind", "refused").await;
    browser.reads("Nothing of the latest fits.").await;
    choose(&browser, "kind", "").await;

    browser.press("Hold the list").await;
    players.press("slot-03", "ada").await;
    // What is not of the list goes on meanwhile.
    browser.until("document.querySelector('#counts').innerText.startsWith('6 stored')").await;
    browser.until(&format!("!{}", shows("slot-03 pressed"))).await;
    browser.keys([ENTER]).await;
    browser.until(&shows("slot-03 pressed ada for 0.")).await;
    browser.until(&shows("slot-01 pressed ada for 0.")).await;
    browser.close().await;
}

#[tokio::test]
async fn the_journal_is_searched_in_words_and_raw() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("fr").await;
    players.press("slot-01", "ada").await;
    players.press("slot-02", "bob").await;
    browser.until(&shows("slot-02 a appuyé sur bob pendant 0,")).await;

    choose(&browser, "slot", "slot-02").await;
    browser.press("Chercher dans le journal").await;

    browser.until("location.pathname === '/events' && location.search.includes('slot-02')").await;
    browser.reads("a appuyé sur bob").await;
    browser.until("!document.querySelector('main .log').innerText.includes('slot-01')").await;
    browser.press("Brut, pour les auteurs").await;
    browser.reads("panel/bob press").await;
    browser.reads("panel/bob release").await;
    browser.close().await;
}

#[tokio::test]
async fn the_months_figures_stand_in_pictures_and_in_a_table() {
    let venue = Venue::open();
    let _players = Players::arrive(venue.mqtt()).await;
    let browser = venue.operator("en").await;
    browser.press("Start night-vote").await;
    browser.reads("Step 1: Who leaves the village?").await;
    browser.ask("fetch('/api/rooms/main/acts', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'abort', reason: 'a test' }) })").await;
    browser.until(&shows("called the session off")).await;

    browser.go(&format!("{}/statistics", venue.page())).await;

    browser.reads("0 done, 1 called off, 0 failed.").await;
    browser.press("Figures as a table").await;
    let row = "return document.querySelector('#game-night-vote tbody tr').innerText";
    let row = browser.ask(row).await;
    assert!(row.as_str().unwrap().contains("\t1\t0\t1\t0\t"), "{row}");
    browser.close().await;
}

#[tokio::test]
async fn an_operator_takes_the_journal_away() {
    let venue = Venue::open();
    let browser = venue.operator("en").await;
    browser.go(&format!("{}/sessions", venue.page())).await;
    browser.reads("Download the journal").await;

    let taken = "const [done] = arguments;
        fetch(document.querySelector('#backup').href).then(async (answer) => done([answer.status,
            new TextDecoder().decode((await answer.arrayBuffer()).slice(0, 15))]))";
    let taken = browser.ask_later(taken).await;

    assert_eq!(taken, serde_json::json!([200, "SQLite format 3"]));
    browser.go(&format!("{}/audit", venue.page())).await;
    browser.reads("downloaded the journal").await;
    browser.close().await;
}
