//! Tests that walk all pages: nothing is inline, and nobody is shown what their role cannot do.

use super::server::{TestServer, get, send, with};
use crate::auth::Role;
use crate::engine::read_model::{ReadModel, Room};
use crate::http::access::Rights;
use crate::http::page;
use axum::http::{StatusCode, header};
use std::sync::Arc;

/// Attributes by which a page would run scripts or carry styles that its policy forbids.
const INLINE: [&str; 6] =
    [" style=", "<style", " onclick=", " onload=", " onerror=", "javascript:"];

/// Returns the addresses of all pages that are no streams.
fn pages() -> Vec<(String, Rights)> {
    let table = page::table().into_iter().filter(|(path, ..)| !path.ends_with("/live"));
    let filled = table.map(|(path, access, _)| {
        let path = path.replace("{room}", "main").replace("{id}", "1").replace("{entry}", "1");
        let path = path.replace("{slot}", "slot-01").replace("{device}", "panel");
        (path, access)
    });
    let more = [("/docs".to_owned(), Rights::Open), ("/invite?token=x".to_owned(), Rights::Open)];
    filled.chain(more).collect()
}

fn house() -> TestServer {
    let house = TestServer::new(false);
    let room = Room {
        game: "night-vote".to_owned(),
        own_show: Some("evening".to_owned()),
        ..Room::default()
    };
    let rooms = [("main".parse().unwrap(), room)].into();
    house.state.send_replace(Arc::new(ReadModel { rooms, ..ReadModel::default() }));
    house
}

#[tokio::test]
async fn no_page_has_a_script_or_a_style_inside() {
    let house = house();
    let cookie = house.signed_in().await;
    house.token("lights", Role::Viewer, Some("main"));
    house
        .context
        .auth
        .invite("ben", Role::Viewer, std::time::Duration::from_secs(60), "operator")
        .unwrap();

    let pages = pages();
    assert!(pages.len() > 8, "{pages:?}");
    for (path, _) in pages {
        for guest in [true, false] {
            let request = if guest { get(&path) } else { with(get(&path), "cookie", &cookie) };
            let answer = send(house.page(), request).await;
            let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'self';"), "{path}: {policy}");
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
            let html = String::from_utf8(answer.body.to_vec()).unwrap().to_lowercase();
            for inline in INLINE {
                assert!(!html.contains(inline), "{path} has {inline}");
            }
            for script in html.split("<script").skip(1) {
                let (tag, rest) = script.split_once('>').unwrap();
                assert!(tag.contains(" src=\"/assets/") && rest.starts_with("</script>"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_page_is_shown_to_its_role_and_a_guest_is_led_to_the_login_page() {
    let house = house();
    let users = Role::ALL.map(|role| (role, house.user(&format!("a-{}", role.word()), role)));

    for (path, access) in pages() {
        let guest = send(house.page(), get(&path)).await;
        let (Rights::Role(least) | Rights::Person(least)) = access else { continue };
        assert_eq!(guest.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(guest.headers[header::LOCATION], "/login", "{path}");
        for (role, cookie) in &users {
            let answer = send(house.page(), with(get(&path), "cookie", cookie)).await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, *role < least, "{path} for {role:?}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn nobody_is_shown_a_form_that_their_role_may_not_send() {
    let house = house();
    for (role, wanted) in [
        (Role::Viewer, ["/api/logout"].as_slice()),
        (
            Role::GameMaster,
            &[
                "/api/logout",
                "/api/rooms/main/mode",
                "/api/rooms/main/roll-call",
                "/api/rooms/main/sessions",
                "/api/rooms/main/show",
            ],
        ),
        (
            Role::Operator,
            &[
                "/api/logout",
                "/api/rooms/main/mode",
                "/api/rooms/main/name",
                "/api/rooms/main/roll-call",
                "/api/rooms/main/sessions",
                "/api/rooms/main/show",
            ],
        ),
    ] {
        let cookie = house.user(&format!("a-{}", role.word()), role);
        let page = send(house.page(), with(get("/"), "cookie", &cookie)).await;
        let html = String::from_utf8(page.body.to_vec()).unwrap();
        let forms = html.split("data-post=\"").skip(1).map(|form| form.split('"').next().unwrap());
        let mut forms: Vec<&str> = forms.collect();
        forms.sort_unstable();
        forms.dedup();

        assert_eq!(forms, wanted, "{role:?}");
        assert_eq!(html.contains("href=\"/users\""), role == Role::Operator);
    }
}

#[tokio::test]
async fn every_page_is_french_for_a_french_reader() {
    let house = house();
    house.state.send_replace(Arc::new(page::everything_is_wrong()));
    let cookie = house.signed_in().await;
    house.token("lights", Role::Viewer, Some("main"));

    // The document of the API is in English, and settings show the keys and values of their files.
    let is_prose = |path: &str| path != "/docs" && !path.ends_with("/settings");
    for (path, _) in pages().into_iter().filter(|(path, _)| is_prose(path)) {
        let ask = with(with(get(&path), "cookie", &cookie), "accept-language", "fr");
        let html = String::from_utf8(send(house.page(), ask).await.body.to_vec()).unwrap();

        assert_eq!(page::english(&html), Vec::<String>::new(), "{path}");
    }
}
