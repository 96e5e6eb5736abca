//! An evening with two rooms and two operators, each on a page of their own and in their own language.

use crate::attention::ROOMS;
use crate::browser::Browser;
use crate::players::Players;
use crate::venue::Venue;

fn tab(room: &str) -> String {
    format!("document.getElementById('place-{room}').innerText")
}

async fn is_done(browser: &Browser, room: &str, words: &str) {
    let card = format!("document.getElementById('room-{room}').innerText.includes('{words}')");
    browser.until(&card).await;
}

#[tokio::test]
async fn two_rooms_are_run_by_two_operators_who_see_what_the_other_does() {
    let venue = Venue::of(ROOMS);
    let mut players = Players::arrive(venue.mqtt()).await;
    let (anna, claire) = (venue.operator("en").await, venue.operator("fr").await);
    claire.click("#place-quiz").await;
    claire.until("location.pathname === '/rooms/quiz'").await;

    anna.click("#begin-main button[type=submit]").await;
    anna.until("document.querySelector('#act-main-next')").await;
    anna.click("#act-main-next button[type=submit]").await;
    anna.reads("0 of 2 have voted").await;
    claire.click("#begin-quiz button[type=submit]").await;
    claire.until(&format!("{}.includes('night-vote · ')", tab("main"))).await;
    anna.until(&format!("{}.includes('buzzer · ')", tab("quiz"))).await;

    players.press("slot-01", "ada").await;
    anna.reads("1 of 2 have voted").await;
    claire.until("document.getElementById('act-quiz-pause')").await;
    claire.click("#act-quiz-pause button").await;
    is_done(&anna, "quiz", "Go on").await;
    anna.until(&format!("{}.includes('buzzer · paused')", tab("quiz"))).await;
    anna.until("document.querySelector('#act-quiz-resume button').matches('.main')").await;
    let amber = "[...document.querySelectorAll('#room-main .acts .main')]";
    anna.until(&format!("{amber}.every((it) => it.closest('dialog'))")).await;
    players.leave("slot-03").await;
    for who in [&anna, &claire] {
        who.until(&format!("/^quiz\\s+1\\s/.test({})", tab("quiz"))).await;
        who.until(&format!("!/^main\\s+1\\s/.test({})", tab("main"))).await;
    }

    anna.click("#place-main").await;
    anna.until("location.pathname === '/rooms/main'").await;
    anna.until("document.getElementById('act-main-close')").await;
    anna.click("#mode-main-night-ask-open").await;
    anna.click("#mode-main-night button[type=submit]").await;
    anna.until("document.getElementById('mode-main-night')?.ariaPressed === 'true'").await;
    claire.until("document.getElementById('mode-quiz-day').ariaPressed === 'true'").await;
    players.press("slot-02", "ada").await;
    is_done(&anna, "main", "Ada").await;
    claire.click("#places a[href='/']").await;
    is_done(&claire, "main", "Ada").await;
    is_done(&claire, "quiz", "Reprendre").await;
    claire.until("document.getElementById('mode-main-night')?.ariaPressed === 'true'").await;
    anna.close().await;
    claire.close().await;
}
