//! Tests of the pages about accounts: an operator invites, the invited signs in, and a session that ends closes its page.

use crate::appearance::fits;
use crate::browser::{Browser, ENTER};
use crate::venue::Venue;

/// Script that returns what the form with this id says.
fn says(form: &str) -> String {
    format!("return document.querySelector('#{form} output').textContent")
}

#[tokio::test]
async fn an_operator_invites_a_game_master_who_signs_in_and_is_signed_out_again() {
    let venue = Venue::open();
    let operator = venue.operator("en").await;
    operator.press("Users").await;
    operator.until("location.pathname === '/users'").await;
    operator.click("#invite-name").await;
    operator.types("anna").await;
    operator.keys([ENTER]).await;
    operator.until("document.querySelector('#invite output').textContent").await;
    operator.until("document.getElementById('invitation-anna')").await;
    let link = operator.ask(&says("invite")).await;

    let anna = Browser::open("fr-FR").await;
    anna.go(link.as_str().unwrap()).await;
    anna.reads("maître du jeu").await;
    fits(&anna).await;
    anna.click("#password").await;
    anna.types("long-enough").await;
    anna.keys([ENTER]).await;
    anna.until("location.pathname === '/' && document.getElementById('room-main')").await;
    anna.reads("Démarrer night-vote").await;
    operator.until("document.getElementById('user-anna')").await;
    operator.click("#user-anna > summary").await;
    operator.until("document.querySelector('#remove-anna-ask-open')").await;
    fits(&operator).await;
    operator.screen(1280, 800, "light").await;
    operator.click("#remove-anna-ask-open").await;
    operator.click("#remove-anna button[type=submit]").await;

    anna.until("location.pathname === '/login'").await;
    operator.until("!document.getElementById('user-anna')").await;
    operator.close().await;
    anna.close().await;
}

#[tokio::test]
async fn a_token_is_shown_once_and_a_password_is_changed() {
    let venue = Venue::open();
    let operator = venue.operator("en").await;
    operator.go(&format!("{}/users", venue.page())).await;
    operator.click("#token-name").await;
    operator.types("lights").await;
    operator.keys([ENTER]).await;
    operator
        .until("document.querySelector('#new-token output').textContent.startsWith('eg_')")
        .await;
    operator.until("document.getElementById('token-lights')").await;
    fits(&operator).await;

    operator.go(&format!("{}/account", venue.page())).await;
    operator.reads("this one").await;
    operator.click("#present").await;
    operator.types("correct-horse").await;
    operator.click("#new").await;
    operator.types("battery-staple").await;
    operator.keys([ENTER]).await;

    operator.reads("The password is changed.").await;
    fits(&operator).await;
    operator.close().await;
}
