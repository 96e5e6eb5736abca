//! Tests of the rights: every route, for everybody there is.

use super::closed::every_route;
use super::server::{Received, TestServer, get, post, send, with};
use crate::auth::Role;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;
use std::collections::BTreeMap;

/// Rights of a route, as this test wants them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Everybody,
    Viewer,
    GameMaster,
    /// Users of any role, and no token.
    User,
    /// Users who are operator, and no token.
    Operator,
    /// Users and tokens with the role of an operator.
    OperatorOrToken,
}

/// Rights of every route. A route that is not listed fails the test, and so does one that has gone.
const WANTED: &[(&str, &str, Wanted)] = &[
    ("get", "/health", Wanted::Everybody),
    ("post", "/api/login", Wanted::Everybody),
    ("post", "/api/logout", Wanted::Everybody),
    ("post", "/api/invitation", Wanted::Everybody),
    ("get", "/api/attention", Wanted::Viewer),
    ("get", "/metrics", Wanted::Viewer),
    ("get", "/api/mode", Wanted::Viewer),
    ("post", "/api/mode", Wanted::GameMaster),
    ("post", "/api/night/step", Wanted::GameMaster),
    ("get", "/api/payouts", Wanted::Viewer),
    ("get", "/api/account", Wanted::Viewer),
    ("post", "/api/account/password", Wanted::User),
    ("get", "/api/account/sessions", Wanted::User),
    ("post", "/api/account/sessions/{session}/end", Wanted::User),
    ("get", "/api/users", Wanted::Operator),
    ("post", "/api/users/invitations", Wanted::Operator),
    ("post", "/api/users/invitations/withdraw", Wanted::Operator),
    ("post", "/api/users/{user}/role", Wanted::Operator),
    ("post", "/api/users/{user}/password", Wanted::Operator),
    ("post", "/api/users/{user}/remove", Wanted::Operator),
    ("get", "/api/users/{user}/sessions", Wanted::Operator),
    ("post", "/api/users/{user}/sessions/{session}/end", Wanted::Operator),
    ("get", "/api/tokens", Wanted::Operator),
    ("post", "/api/tokens", Wanted::Operator),
    ("post", "/api/tokens/{token}/revoke", Wanted::Operator),
    ("get", "/api/audit", Wanted::Operator),
    ("get", "/api/slots", Wanted::Viewer),
    ("get", "/api/slots/{slot}", Wanted::Viewer),
    ("post", "/api/slots/{slot}/outputs", Wanted::GameMaster),
    ("get", "/api/slots/{slot}/panel", Wanted::Viewer),
    ("post", "/api/slots/{slot}/outputs/off", Wanted::GameMaster),
    ("post", "/api/slots/{slot}/lamps", Wanted::GameMaster),
    ("post", "/api/slots/{slot}/look", Wanted::GameMaster),
    ("post", "/api/slots/{slot}/restart", Wanted::OperatorOrToken),
    ("get", "/api/slots/pairing", Wanted::Viewer),
    ("post", "/api/slots/{slot}/adopt", Wanted::OperatorOrToken),
    ("post", "/api/slots/{slot}/revoke", Wanted::OperatorOrToken),
    ("post", "/api/slots/{slot}/label", Wanted::OperatorOrToken),
    ("get", "/api/names", Wanted::Viewer),
    ("put", "/api/slots/{slot}/name", Wanted::OperatorOrToken),
    ("put", "/api/rooms/{room}/name", Wanted::OperatorOrToken),
    ("put", "/api/rooms/{room}/players", Wanted::GameMaster),
    ("get", "/api/rooms", Wanted::Viewer),
    ("get", "/api/rooms/{room}", Wanted::Viewer),
    ("post", "/api/rooms/{room}/sessions", Wanted::GameMaster),
    ("post", "/api/rooms/{room}/acts", Wanted::GameMaster),
    ("post", "/api/rooms/{room}/roll-call", Wanted::GameMaster),
    ("post", "/api/rooms/{room}/mode", Wanted::GameMaster),
    ("post", "/api/rooms/{room}/reset", Wanted::GameMaster),
    ("post", "/api/rooms/{room}/show", Wanted::GameMaster),
    ("post", "/api/rooms/{room}/plan", Wanted::OperatorOrToken),
    ("get", "/api/rooms/{room}/settings", Wanted::GameMaster),
    ("post", "/api/rooms/{room}/settings", Wanted::OperatorOrToken),
    ("post", "/api/rooms/{room}/settings/forget", Wanted::OperatorOrToken),
    ("get", "/api/sessions", Wanted::Viewer),
    ("get", "/api/sessions.csv", Wanted::Viewer),
    ("get", "/api/sessions/{id}", Wanted::Viewer),
    ("get", "/api/sessions/{id}/acts", Wanted::Viewer),
    ("get", "/api/sessions/{id}/votes", Wanted::Viewer),
    ("get", "/api/sessions/{id}/steps", Wanted::Viewer),
    ("get", "/api/sessions/{id}/steps/{entry}", Wanted::Viewer),
    ("post", "/api/sessions/{id}/export", Wanted::GameMaster),
    ("get", "/api/backup", Wanted::OperatorOrToken),
    ("get", "/api/events", Wanted::Viewer),
    ("get", "/api/live", Wanted::Viewer),
];

/// Somebody who asks: the header, and the status of a refusal to be expected from each kind of route.
struct Asker {
    name: &'static str,
    header: Option<(&'static str, String)>,
    role: Option<Role>,
    is_user: bool,
    /// Room to which the token is limited.
    room: Option<&'static str>,
}

impl Asker {
    fn may(&self, wanted: Wanted, path: &str) -> bool {
        let Some(role) = self.role else { return wanted == Wanted::Everybody };
        let inside = |room| room == "main" && path.starts_with("/api/rooms/{room}");
        let reaches = self.room.is_none_or(inside);
        match wanted {
            Wanted::Everybody => true,
            Wanted::Viewer => reaches,
            Wanted::GameMaster => reaches && role >= Role::GameMaster,
            Wanted::User => self.is_user,
            Wanted::Operator => self.is_user && role == Role::Operator,
            Wanted::OperatorOrToken => reaches && role == Role::Operator,
        }
    }

    async fn ask(&self, api: &Router, request: Request<Body>) -> Received {
        let request = match &self.header {
            Some((name, value)) => with(request, name, value),
            None => request,
        };
        // The stream has no end: its head is enough.
        let response = tower::ServiceExt::oneshot(api.clone(), request).await.unwrap();
        let (parts, body) = response.into_parts();
        let refused = !parts.status.is_success();
        let body = if refused {
            axum::body::to_bytes(body, 1 << 20).await.unwrap()
        } else {
            [].as_slice().into()
        };
        Received { status: parts.status, headers: parts.headers, body }
    }
}

fn askers(house: &TestServer) -> Vec<Asker> {
    let mut all = Vec::new();
    let guest = |name, header| Asker { name, header, role: None, is_user: false, room: None };
    all.push(guest("nobody", None));
    all.push(guest("an invented session", Some(("cookie", "eg_session=abc".to_owned()))));
    all.push(guest("an invented token", Some(("authorization", "Bearer eg_abc".to_owned()))));
    all.push(guest("a password", Some(("authorization", "Basic b3BlcmF0b3I6eA==".to_owned()))));
    for (user, token, scoped, role) in [
        ("viewer", "viewer's token", "viewer's token of main", Role::Viewer),
        ("game master", "game master's token", "game master's token of main", Role::GameMaster),
        ("operator", "operator's token", "operator's token of main", Role::Operator),
    ] {
        let word = role.word();
        let cookie = Some(("cookie", house.user(&format!("user-{word}"), role)));
        let held = Some(role);
        all.push(Asker { name: user, header: cookie, role: held, is_user: true, room: None });
        for (name, room) in
            [(token, None), (scoped, Some("main")), ("a token of lobby", Some("lobby"))]
        {
            let made = house.token(&format!("{word}-{}", room.unwrap_or("all")), role, room);
            let header = Some(("authorization", made));
            all.push(Asker { name, header, role: held, is_user: false, room });
        }
    }
    let new = crate::auth::NewToken {
        name: "old".to_owned(),
        role: Role::Operator,
        room: None,
        life: Some(std::time::Duration::from_secs(60)),
    };
    let expired = house.context.auth.make_token(new, "operator").unwrap();
    all.push(guest("an expired token", Some(("authorization", format!("Bearer {expired}")))));
    house.clock.pass(std::time::Duration::from_secs(61));
    all
}

#[tokio::test]
async fn every_route_is_open_to_those_who_have_the_right_and_to_nobody_else() {
    let house = TestServer::new(false);
    let (api, askers) = (house.api(), askers(&house));
    let wanted: BTreeMap<_, _> =
        WANTED.iter().map(|(method, path, w)| ((*method, *path), *w)).collect();
    let mut seen = 0;

    for asker in &askers {
        let mut count = 0;
        for (method, path, request) in every_route() {
            // What ends the session that asks is looked at below.
            if path == "/api/logout" || path == "/api/games" {
                continue;
            }
            let wanted = wanted.get(&(method.as_str(), path.as_str()));
            let wanted = *wanted.unwrap_or_else(|| panic!("say who may use {method} {path}"));
            let answer = asker.ask(&api, request).await;
            let told = format!("{} asks for {method} {path}: {}", asker.name, answer.status);
            match (asker.may(wanted, &path), asker.role) {
                // A login without a password, or an invitation without a token, is refused for that.
                (true, _) => assert!(!is_denied(&answer), "{told}"),
                (false, None) => assert_eq!(answer.problem(), "not-signed-in", "{told}"),
                (false, Some(_)) => assert_eq!(answer.problem(), "not-allowed", "{told}"),
            }
            count += 1;
        }
        seen = count;
    }

    assert_eq!(seen, WANTED.len() - 1, "every listed route but logout exists");
}

fn is_denied(answer: &Received) -> bool {
    matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

#[tokio::test]
async fn the_document_tells_the_role_of_every_route() {
    let document = serde_json::to_value(crate::http::api::openapi()).unwrap();
    let wanted = |method: &str, path: &str| {
        let row = WANTED.iter().find(|(known, at, _)| (*known, *at) == (method, path));
        match row.map_or(Wanted::Viewer, |(.., wanted)| *wanted) {
            Wanted::Everybody => "everybody",
            Wanted::Viewer | Wanted::User => "viewer",
            Wanted::GameMaster => "game-master",
            Wanted::Operator | Wanted::OperatorOrToken => "operator",
        }
    };

    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert_eq!(operation["x-role"], wanted(method, path), "{method} {path}");
        }
    }
}

#[test]
fn every_operation_of_the_document_has_a_name_of_its_own() {
    let document = serde_json::to_value(crate::http::api::openapi()).unwrap();
    let methods = document["paths"].as_object().unwrap().values();
    let operations = methods.flat_map(|methods| methods.as_object().unwrap().values());
    let mut names: Vec<_> = operations.map(|it| it["operationId"].as_str().unwrap()).collect();
    let count = names.len();

    names.sort_unstable();
    names.dedup();

    assert!(count > 60, "{count} operations");
    assert_eq!(names.len(), count, "OpenAPI 3.1, Operation Object: unique among all operations");
}

#[tokio::test]
async fn the_journal_names_the_user_or_the_token_that_acts() {
    let house = TestServer::new(false);
    let (anna, token) =
        (house.user("anna", Role::GameMaster), house.token("lights", Role::GameMaster, None));
    let act = || post("/api/rooms/main/acts", &json!({"name": "extend"}));
    let first = house.signed_in().await;

    send(house.api(), with(act(), "cookie", &anna)).await;
    send(house.api(), with(act(), "authorization", &token)).await;
    send(house.api(), with(act(), "cookie", &first)).await;

    assert_eq!(*house.actors.lock().unwrap(), ["anna", "token lights", "operator"]);
}

#[tokio::test]
async fn a_token_is_heard_in_its_header_and_nowhere_else() {
    let house = TestServer::new(false);
    let header = house.token("lights", Role::Operator, None);
    let token = header.strip_prefix("Bearer ").unwrap();
    let cookie = house.signed_in().await;

    for path in [format!("/api/slots?token={token}"), format!("/api/slots?access_token={token}")] {
        assert_eq!(send(house.api(), get(&path)).await.problem(), "not-signed-in", "{path}");
    }
    let as_cookie = with(get("/api/slots"), "cookie", &format!("eg_session={token}"));
    assert_eq!(send(house.api(), as_cookie).await.problem(), "not-signed-in");
    let link = send(house.page(), get(&format!("/?token={token}"))).await;
    assert_eq!(link.headers[header::LOCATION], "/login");
    let both = with(with(get("/api/slots"), "cookie", &cookie), "authorization", "Bearer wrong");
    assert_eq!(send(house.api(), both).await.problem(), "not-signed-in", "the token decides");
    let right = with(get("/api/slots"), "authorization", &header);
    assert_eq!(send(house.api(), right).await.status, StatusCode::OK);
}
