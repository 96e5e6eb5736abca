//! Test of an operator who gives hints from the library, and of the display that sounds and reads them.

use crate::browser::{Browser, ENTER};
use crate::venue::Venue;

/// Counts the sounds of a page, and keeps what it reads aloud.
const LISTEN: &str = "{
  const real = window.AudioContext;
  window.heard = 0;
  window.AudioContext = class extends real { constructor() { super(); window.heard += 1; } };
  speechSynthesis.speak = ({ lang, text }) => { window.said = `${lang}: ${text}`; };
}";

const STANDING: &str = "document.querySelector('#session-hints-main .standing')";

async fn display(venue: &Venue, language: &str) -> Browser {
    let display = Browser::open(language).await;
    display.go(&format!("{}/display/main", venue.page())).await;
    display.ask(LISTEN).await;
    display
}

async fn playing(venue: &Venue, language: &str, start: &str) -> Browser {
    let operator = venue.operator(language).await;
    operator.start_broken(start).await;
    operator.until("document.getElementById('offer-main-hint-open')").await;
    operator
}

#[tokio::test]
async fn a_prepared_hint_takes_three_clicks_and_every_display_reads_it_in_its_language() {
    let venue = Venue::open();
    let operator = playing(&venue, "en", "Start night-vote").await;
    let (french, english) = (display(&venue, "fr").await, display(&venue, "en").await);

    operator.click("#offer-main-hint-open").await;
    operator.until("document.querySelectorAll('#hint-library-main .choice').length === 3").await;
    operator.click("#hint-library-main section:nth-child(2) .choice").await;
    operator.click("#act-main-hint [type=submit]").await;

    french.reads("Regardez sous le tapis").await;
    english.reads("Look under the carpet").await;
    french.until("window.heard === 1 && window.said === 'fr: Regardez sous le tapis'").await;
    english.until("window.heard === 1 && window.said === 'en: Look under the carpet'").await;
    english
        .until("/[12]:[0-5][0-9]/.test(document.querySelector('.hint .ends').textContent)")
        .await;
    operator.until("document.getElementById('hint-given-main').innerText === '1 hint given'").await;
    operator.until(&format!("{STANDING}?.innerText.includes('Look under the carpet')")).await;
    operator.until("!document.querySelector('dialog[open]')").await;
    for browser in [french, english, operator] {
        browser.close().await;
    }
}

#[tokio::test]
async fn a_hint_is_found_and_given_by_keyboard_alone_and_taken_away_with_one_click() {
    let venue = Venue::open();
    let operator = playing(&venue, "fr", "Démarrer night-vote").await;
    let display = display(&venue, "fr").await;

    operator.until("!document.querySelector('dialog[open]')").await;
    operator.keys(['h']).await;
    operator.until("document.querySelector('#hint-library-main .choice')").await;
    operator.types("TAPIS").await;
    operator.keys([ENTER]).await;
    operator.until("document.activeElement.matches('#act-main-hint [type=submit]')").await;
    operator.keys([ENTER]).await;
    display.reads("Regardez sous le tapis").await;
    operator.click("#session-hints-main button").await;

    display.until("!document.querySelector('[data-hint]')").await;
    operator.until(&format!("!{STANDING}")).await;
    operator.reads("1 indice donné").await;
    for browser in [display, operator] {
        browser.close().await;
    }
}

#[tokio::test]
async fn a_text_that_was_given_before_is_offered_again_and_a_reload_sounds_nothing() {
    let venue = Venue::open();
    let operator = playing(&venue, "en", "Start night-vote").await;
    let display = display(&venue, "en").await;
    operator.keys(['h']).await;
    operator.tab_to("at.id === 'hint-text-main'").await;
    operator.types("Look behind you").await;
    operator.keys([ENTER]).await;
    display.until("window.heard === 1").await;

    display.go(&format!("{}/display/main", venue.page())).await;
    display.ask(LISTEN).await;
    operator.until("!document.querySelector('dialog[open]')").await;
    operator.click("#offer-main-hint-open").await;

    operator
        .until("[...document.querySelectorAll('#hint-library-main .choice')].at(-1)?.innerText === 'Look behind you'")
        .await;
    display.reads("Look behind you").await;
    assert_eq!(display.ask("return window.heard").await, 0);
    for browser in [display, operator] {
        browser.close().await;
    }
}
