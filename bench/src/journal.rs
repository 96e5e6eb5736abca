//! Journals of different lengths: how long a start, a first page, a page far back and a step take, which all should take as
//! long however much the journal holds.

use crate::control::started;
use crate::figure::{Figure, Report};
use crate::process::{Process, free_ports};
use anyhow::{Context, Result, bail, ensure};
use rusqlite::Connection;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;
use tempfile::TempDir;

/// Number of entries in a session.
const SESSION: u64 = 1_000;
/// Number of times that each page is asked for; the median counts.
const ASKED: usize = 21;
/// Longest time that a core may take to answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// Measures a core with a journal of so many entries, beside one whose journal has the first number of them.
///
/// # Errors
/// When a journal cannot be made, or a core does not answer.
pub(crate) async fn run(core: &Path, lengths: &[u64], report: &mut Report) -> Result<()> {
    let mut shortest: Option<Vec<(&'static str, f64)>> = None;
    for length in lengths {
        ensure!(*length >= 2 * SESSION, "a journal has {} entries at least", 2 * SESSION);
        let measured = measured(core, *length).await?;
        let control = shortest.get_or_insert_with(|| measured.clone());
        for ((what, value), (_, control)) in measured.iter().zip(control) {
            report.add(Figure {
                workload: format!("journal, {length} entries"),
                what,
                value: *value,
                control: "shortest",
                control_value: Some(*control),
            });
        }
    }
    Ok(())
}

/// Returns what one core takes, in ms.
async fn measured(core: &Path, length: u64) -> Result<Vec<(&'static str, f64)>> {
    let folder = tempfile::tempdir()?;
    let [mqtt, websocket, api, page] = free_ports()?;
    let yaml = format!(
        "listen: 127.0.0.1\n\
         ports: {{ mqtt: {mqtt}, websocket: {websocket}, api: {api}, page: {page} }}\n\
         db: {}/eg.db\n\
         journal: {{ keep: forever }}\n\
         rooms:\n  main: {{ slots: [slot-1], game: night-vote }}\n",
        folder.path().display(),
    );
    let file = folder.path().join("core.yaml");
    fs::write(&file, yaml)?;
    // A start makes the tables, and a user.
    start(core, &folder, api).await?.0.stop().await?;
    fill(&folder.path().join("eg.db"), length)?;
    let (process, took) = start(core, &folder, api).await?;
    let mut all = vec![("start ms", took)];
    let cookie = enter(api)?;
    let sessions = length / SESSION;
    let (back, step) = (length / 2, sessions / 2);
    let entry = (step - 1) * SESSION + SESSION / 2 + 1;
    let paths = [
        ("first page ms", format!("/api/events?after={}&limit=100", length - 100)),
        ("page far back ms", format!("/api/events?after={back}&limit=100")),
        ("sessions ms", "/api/sessions".to_owned()),
        ("steps ms", format!("/api/sessions/{step}/steps?after={entry}&limit=100")),
        ("step ms", format!("/api/sessions/{step}/steps/{entry}")),
    ];
    for (what, path) in paths {
        let mut times = Vec::new();
        for _ in 0..ASKED {
            let start = started();
            request(api, "GET", &path, &cookie, "")?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        all.push((what, times[ASKED / 2]));
    }
    all.push(("RSS MB", process.rss_mb()?));
    process.stop().await?;
    Ok(all)
}

/// Starts a core and returns it with the time until it answered, in ms.
async fn start(core: &Path, folder: &TempDir, api: u16) -> Result<(Process, f64)> {
    let file = folder.path().join("core.yaml").display().to_string();
    let log = folder.path().join("core.log");
    let start = started();
    let mut process = Process::start(core, &["run", "--config", &file], &log)?;
    while request(api, "GET", "/health", "", "").is_err() {
        process.still_runs().with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
        ensure!(start.elapsed() < PATIENCE, "the core did not answer");
        sleep(Duration::from_millis(1));
    }
    Ok((process, start.elapsed().as_secs_f64() * 1e3))
}

/// Fills a journal: of ten entries six are presses in a session and one is outside of it, two follow, and one is an act.
fn fill(file: &Path, length: u64) -> Result<()> {
    let mut journal = Connection::open(file)?;
    journal.pragma_update(None, "synchronous", false)?;
    let change = journal.transaction()?;
    change.execute_batch("DELETE FROM effect; DELETE FROM seen; DELETE FROM entry;")?;
    let (length, sessions) = (i64::try_from(length)?, i64::try_from(length / SESSION)?);
    let numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)";
    let session = r#"INSERT INTO session (id, room, game, config, roster, started_us, ended_us, status)
        SELECT n, 'main', 'night-vote', '{}', '{"seats":[]}', n, n + 1, 'done' FROM n"#;
    change.execute(&format!("{numbers} {session}"), [sessions])?;
    let stream = "INSERT INTO stream (slot, boot) VALUES ('slot-1', '01KAQ8Z5V0000000000000000A')";
    change.execute(stream, [])?;
    let stream = change.last_insert_rowid();
    let entry = r#"INSERT INTO entry (id, at_us, kind, slot, session, cause, stream, seq, body) SELECT n, n * 1000,
        CASE WHEN n % 10 < 7 THEN 'event' WHEN n % 10 < 9 THEN 'note' ELSE 'act' END,
        CASE WHEN n % 10 < 7 THEN 'slot-1' END,
        CASE WHEN n % 10 <> 6 THEN min(1 + (n - 1) / 1000, ?2) END,
        CASE WHEN n % 10 IN (7, 8) THEN n - 2 END,
        CASE WHEN n % 10 < 7 THEN ?3 END, CASE WHEN n % 10 < 7 THEN n END,
        CASE WHEN n % 10 < 7 THEN '{"v":1,"boot":"01KAQ8Z5V0000000000000000A","seq":' || n || ',"device":"panel",
            "input":"a","kind":"press","t":{"core_us":' || n || ',"unc_us":300,"src":"kernel"},"sim":true,"data":{}}'
        WHEN n % 10 < 9 THEN '{"line":{"fr":"une ligne","en":"a line"}}'
        ELSE '{"name":"note","args":{},"by":"bench"}' END FROM n"#;
    let rows = (length, sessions, stream);
    change.execute(&format!("{numbers} {entry}"), rows)?;
    change.commit()?;
    Ok(())
}

/// Signs in, and returns the header that says so.
fn enter(api: u16) -> Result<String> {
    let answer = request(api, "POST", "/api/login", "", r#"{"password":"bench"}"#)?;
    let set = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = set.and_then(|set| set.split(';').next()).context("no cookie")?;
    Ok(format!("Cookie: {cookie}\r\n"))
}

/// Sends a request and returns the whole answer.
fn request(port: u16, method: &str, path: &str, header: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         {header}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).context("no HTTP answer")?;
    if status.starts_with('2') { Ok(answer) } else { bail!("{method} {path}: {answer}") }
}
