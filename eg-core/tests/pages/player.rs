//! Tests of the players' page of a slot: fingers on it, and what it answers.

use crate::browser::Browser;
use crate::screen::{Screen, act, start};
use crate::venue::Venue;
use eg_core::engine::command::{Command, NewName};
use serde_json::json;

const SECRET: &str = "hidden";
const OPEN: &str = "live";

/// Venue with a vote that takes a minute, and the page of a slot that votes, on a touch panel of 800 × 480.
async fn voting(language: &str, secrecy: &str) -> (Venue, Screen, Browser) {
    let venue = Venue::open();
    let screen = Screen::open(&venue).await;
    let browser = Browser::open(language).await;
    browser.screen(800, 480, "light").await;
    browser.go(&screen.address()).await;
    browser.until("document.querySelector('#life').classList.contains('good')").await;
    venue.ask(start("night-vote", json!({ "secrecy": secrecy, "timeout": "60s" }))).await;
    let question = json!({ "question": "Who leaves?", "options": ["Anna", "Ben"] });
    venue.ask(act("open", question)).await;
    browser.reads("Who leaves?").await;
    (venue, screen, browser)
}

/// The option with these words.
fn option(words: &str) -> String {
    format!(
        "[...document.querySelectorAll('.option')].find((it) => it.innerText.includes('{words}'))"
    )
}

#[tokio::test]
async fn a_finger_chooses_and_the_screen_says_what_counts_and_how_long_there_is() {
    let (_venue, screen, browser) = voting("en", OPEN).await;
    assert_eq!(browser.ask("return document.querySelectorAll('a, header').length").await, 0);
    browser.until("/^(1:00|0:5\\d)$/.test(document.querySelector('.time strong').innerText)").await;

    browser.click(".options > li:nth-child(2) > .option").await;

    browser.reads("You chose Ben").await;
    browser.until(&format!("{}.matches('.chosen')", option("Ben"))).await;
    browser.reads("Input Status: online").await;
    browser.close().await;
    screen.close().await;
}

#[tokio::test]
async fn the_screen_calls_people_by_their_names() {
    let (venue, screen, browser) = voting("en", OPEN).await;
    let question = json!({ "question": "Does slot-01 leave?", "options": ["slot-01", "slot-09"] });
    let players = [("slot-01".parse().unwrap(), "Anna".to_owned())].into();

    venue.ask(act("close", json!({}))).await;
    venue.ask(act("open", question)).await;
    venue.ask(Command::Name(NewName::Players { room: "main".parse().unwrap(), players })).await;

    browser.reads("Does Anna leave?").await;
    browser.until(&option("Anna")).await;
    browser.until("document.querySelector('#seat').innerText === 'Anna · slot-01'").await;
    browser.click(".options > li:nth-child(1) > .option").await;
    browser.reads("You chose Anna").await;
    browser.close().await;
    screen.close().await;
}

#[tokio::test]
async fn a_secret_choice_leaves_the_screen_and_still_counts() {
    let (_venue, screen, browser) = voting("fr", SECRET).await;

    browser.click(".options > li:nth-child(1) > .option").await;

    browser.reads("Vous avez choisi Anna").await;
    browser.reads("Votre choix compte").await;
    let left = browser.ask("return document.body.innerHTML.includes('Vous avez choisi')").await;
    assert_eq!(left, false);
    assert_eq!(browser.ask("return document.querySelectorAll('.chosen').length").await, 0);
    let looks = "return new Set([...document.querySelectorAll('.option')].map((it) => {
        const { borderColor, backgroundColor, outlineStyle } = getComputedStyle(it);
        return [borderColor, backgroundColor, outlineStyle].join();
    })).size";
    assert_eq!(browser.ask(looks).await, 1, "no option looks unlike the others");
    browser.close().await;
    screen.close().await;
}

#[tokio::test]
async fn whoever_sits_out_is_told_so_and_never_that_their_choice_counts() {
    let (venue, screen, browser) = voting("en", OPEN).await;
    browser.click(".options > li:nth-child(1) > .option").await;
    browser.reads("You chose Anna").await;
    venue.ask(act("excuse", json!({ "slot": "slot-01" }))).await;

    browser.reads("You sit out for now.").await;
    browser.until("!document.querySelector('.chosen')").await;
    browser.until("!document.body.innerText.includes('Your choice counts')").await;
    browser.click(".options > li:nth-child(2) > .option").await;
    browser.until("!document.querySelector('.reply').innerText.includes('You chose')").await;
    browser.close().await;
    screen.close().await;
}

#[tokio::test]
async fn what_does_not_count_is_told_with_the_reason() {
    let (venue, screen, browser) = voting("en", OPEN).await;
    venue.ask(act("pause", json!({}))).await;
    browser.reads("Presses do not count now").await;
    venue.ask(act("resume", json!({}))).await;
    browser.reads("Who leaves?").await;
    screen.press("d");
    browser.reads("d is not an option").await;
    venue.ask(act("close", json!({}))).await;
    browser.until("document.querySelector('.verdict') || document.querySelector('.says')").await;

    screen.press("a");

    browser.reads("Too late").await;
    browser.close().await;
    screen.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_while_the_core_is_away_is_kept_and_counted_when_it_is_back() {
    let (mut venue, screen, browser) = voting("fr", OPEN).await;
    tokio::task::block_in_place(|| venue.dark());
    browser.reads("Le jeu s’absente un instant").await;

    browser.click(".options > li:nth-child(2) > .option").await;
    browser.reads("Ben : gardé, sera compté").await;
    tokio::task::block_in_place(|| venue.light());

    browser.reads("Vous avez choisi Ben").await;
    browser.close().await;
    screen.close().await;
}

/// Pictures of every scene, in both languages, light and dark, for people to look at: `PICTURES=/tmp/pictures`.
#[tokio::test]
async fn everything_fits_a_small_panel_and_a_wall_in_both_languages() {
    for language in ["fr", "en"] {
        let (venue, screen, browser) = voting(language, OPEN).await;
        let room = format!("{}/display/main?lang={language}", venue.page());
        for (name, address) in [("slot", screen.address()), ("display", room)] {
            venue
                .ask(act("hint", json!({ "slot": "slot-01", "text": "Regardez sous la table" })))
                .await;
            venue.ask(act("hint", json!({ "text": "Count the candles" }))).await;
            browser.go(&address).await;
            browser.until("document.querySelector('.hint')").await;
            for (width, height) in [(800, 480), (320, 480), (1920, 1080), (1080, 1920)] {
                for scheme in ["light", "dark"] {
                    browser.screen(width, height, scheme).await;
                    let over = browser.ask(CUT).await;
                    assert_eq!(over, json!([]), "{name} {width} × {height} {language}");
                    browser.picture(&format!("{name}-{width}x{height}-{scheme}-{language}")).await;
                }
            }
        }
        browser.close().await;
        screen.close().await;
    }
}

/// Script that returns the texts that do not fit the screen.
const CUT: &str = r#"
    const texts = [...document.querySelectorAll(".scene :is(p, span, strong, .option)")];
    return texts.filter((it) => {
      const { left, top, right, bottom } = it.getBoundingClientRect();
      return left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
    }).map((it) => it.innerText);
"#;
