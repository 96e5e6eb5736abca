//! Test that a page that has lost its core says so, and comes back by itself.

use crate::venue::Venue;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn says_loudly_that_the_core_is_gone_and_comes_back_by_itself() {
    let mut venue = Venue::open();
    let browser = venue.operator("en").await;
    browser.until("document.querySelector('#lost').checkVisibility() === false").await;

    tokio::task::block_in_place(|| venue.dark());
    browser.until("document.querySelector('#lost').checkVisibility()").await;
    let banner = browser.ask("return document.querySelector('#lost').innerText").await;
    tokio::task::block_in_place(|| venue.light());

    assert!(banner.as_str().unwrap().starts_with("Connection to the core lost"), "{banner}");
    browser.until("document.querySelector('#lost').checkVisibility() === false").await;
    browser.start_broken("Start night-vote").await;
    browser.reads("running").await;
    browser.close().await;
}
