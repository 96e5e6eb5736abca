//! Pictures of the pages of the past, for the eyes.
use crate::players::Players;
use crate::venue::Venue;

fn seed(db: &std::path::Path) {
    let c = rusqlite::Connection::open(db).unwrap();
    let now = 1_796_090_000_i64;
    let games = ["night-vote", "majority", "code-lock"];
    let seats = |n: i64| format!("{{\"seats\":[{}]}}", (0..n).map(|_| "{}").collect::<Vec<_>>().join(","));
    let mut x: i64 = 12345;
    let mut draw = |n: i64| { x = (x * 1103515245 + 12345) % 2147483648; (x / 65536) % n };
    let mut all = Vec::new();
    for _ in 0..260 { all.push(now - draw(340) * 86_400 - draw(9) * 3_600 - draw(3600)); }
    all.sort();
    for started in all {
        let game = games[draw(3) as usize];
        let status = ["done", "done", "done", "done", "aborted", "failed"][draw(6) as usize];
        let took = 1200 + draw(2800);
        let why = if status == "failed" { Some("the game panicked: index out of bounds") } else { None };
        c.execute("INSERT INTO session (room, game, config, roster, started_us, ended_us, status, why) VALUES (?1,?2,'{}',?3,?4,?5,?6,?7)",
            (["main", "lobby"][draw(2) as usize], game, seats(3 + draw(6)), started * 1_000_000, (started + took) * 1_000_000, status, why)).unwrap();
        let id = c.last_insert_rowid();
        c.execute("INSERT INTO figures VALUES (?1,?2,?3,?4)", (id, ["anna", "operator", "token lights"][draw(3) as usize], draw(6), if status == "done" { Some("Ada") } else { None })).unwrap();
    }
}

#[tokio::test]
async fn shots() {
    let venue = Venue::open();
    let mut players = Players::arrive(venue.mqtt()).await;
    seed(&venue.db());
    for lang in ["fr", "en"] {
        let browser = venue.operator(lang).await;
        players.press("slot-01", "ada").await;
        players.press("slot-02", "bob").await;
        for page in ["/sessions", "/statistics", "/events", "/events?view=raw", "/"] {
            for (name, w, h, scheme) in [("phone-light", 360, 1400, "light"), ("wide-dark", 1280, 1400, "dark"), ("wide-light", 1280, 1400, "light")] {
                if (lang == "en") != (scheme == "light") { continue; }
                browser.screen(w, h, scheme).await;
                browser.go(&format!("{}{page}", venue.page())).await;
                browser.until("document.readyState === 'complete'").await;
                let over = browser.ask("return [document.documentElement.scrollWidth, innerWidth]").await;
                let file = format!("/work/tgt/past/shots/{lang}-{}-{name}.png", page.replace(['/', '?', '='], "_"));
                println!("{file} {over}");
                browser.shot(&file).await;
            }
        }
        browser.close().await;
    }
}
