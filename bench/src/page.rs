//! Page: what the operator's page costs its browser while a hundred slots send two hundred events a second, beside the
//! same page while nobody presses.

use crate::figure::{Figure, Report};
use crate::process::{Process, free_ports};
use crate::station::{Station, press};
use anyhow::{Context, Result, bail, ensure};
use eg_proto::Boot;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// Number of slots.
const SLOTS: usize = 100;
/// Time between two events of all slots together.
const PACE: Duration = Duration::from_millis(5);

const FLAGS: [&str; 6] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--window-size=1280,800",
];

/// Boards of each slot, as it says them.
const HELLO: &str = r#"{"type":"slot","version":"0.1.0","devices":[{"name":"panel","driver":"button-row",
    "inputs":["a","b","c"],"outputs":["lamp-a","lamp-b","lamp-c"]}]}"#;
const STATUS: &str = r#"{"status":"online","button_count":3,"led_count":3,"capabilities":["buttons","leds"],
    "devices":{"panel":{"state":"ready"}}}"#;

/// Measures for `seconds` without presses, and as long with them.
pub(crate) async fn run(core: &Path, seconds: u32, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let [mqtt, websocket, api, page, driver] = free_ports()?;
    let ids: Vec<String> = (1..=SLOTS).map(|n| format!("slot-{n:03}")).collect();
    let yaml = format!(
        "listen: 127.0.0.1\n\
         ports: {{ mqtt: {mqtt}, websocket: {websocket}, api: {api}, page: {page} }}\n\
         db: {}/eg.db\ncompat: true\n\
         rooms:\n  main:\n    slots: [{}]\n    game: night-vote\n    config: {{ grace: 0s }}\n",
        folder.path().display(),
        ids.join(", "),
    );
    let file = folder.path().join("core.yaml");
    fs::write(&file, yaml)?;
    let file = file.display().to_string();
    let core = Process::start(core, &["run", "--config", &file], &folder.path().join("core.log"))?;
    until_it_answers(api, "/health").await.context("the core did not come up")?;
    let mut stations = Vec::new();
    for id in &ids {
        let mut station = Station::connect(mqtt, id, None, &[])?;
        let hello: Value = serde_json::from_str(HELLO)?;
        station.publish(&format!("eg/dev/{id}/status"), b"online")?;
        station.publish(&format!("eg/dev/{id}/hello"), hello.to_string().as_bytes())?;
        let mut status: Value = serde_json::from_str(STATUS)?;
        status["device_id"] = json!(id);
        station.publish(&format!("eg/dev/{id}/input/status"), status.to_string().as_bytes())?;
        stations.push(station);
    }
    let step = r#"{"step":1,"question":"Who?","options":["a","b","c"]}"#;
    ask(api, "POST", "/api/night/step", step).await?;

    let port = format!("--port={driver}");
    let log = folder.path().join("driver.log");
    let chromedriver = Process::start(Path::new("chromedriver"), &[&port], &log)
        .context("chromedriver; on Debian it is in the package chromium-driver")?;
    until_it_answers(driver, "/status").await.context("chromedriver did not come up")?;
    let browser = Browser::open(driver).await?;
    browser.sign_in(page).await?;

    let span = Duration::from_secs(seconds.into());
    let (still, _) = browser.busy(span).await?;
    let cpu = core.cpu()?;
    let flood = tokio::spawn(async move { flood(&ids, &mut stations, span).await });
    let (busy, heap) = browser.busy(span).await?;
    let cpu = core.cpu()?.saturating_sub(cpu);
    flood.await??;
    browser.close().await?;
    chromedriver.stop().await?;
    core.stop().await?;

    let mut add = |what, value, control, control_value| {
        let workload = "Page, 100 slots, 200 events/s".to_owned();
        report.add(Figure { workload, what, value, control, control_value });
    };
    let share = |time: f64| time / span.as_secs_f64() * 100.0;
    add("main thread %", share(busy.task), "nobody presses", Some(share(still.task)));
    add("of it script %", share(busy.script), "nobody presses", Some(share(still.script)));
    add(
        "of it layout and style %",
        share(busy.layout),
        "nobody presses",
        Some(share(still.layout)),
    );
    add("heap MB", heap, "", None);
    add("core CPU %", share(cpu.as_secs_f64()), "", None);
    Ok(())
}

/// Sends an event every five milliseconds, each slot in its turn.
async fn flood(ids: &[String], stations: &mut [Station], span: Duration) -> Result<()> {
    let boot = Boot(ulid::Ulid::new());
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let events = u64::try_from(span.as_millis() / PACE.as_millis())?;
    for (number, which) in (0..events).zip((0..SLOTS).cycle()) {
        pace.tick().await;
        let topic = format!("eg/dev/{}/input/event", ids[which]);
        let press = press(boot, number / SLOTS as u64 + 1, "a")?;
        stations[which].publish(&topic, &press)?;
    }
    Ok(())
}

/// Seconds of the page's main thread.
struct Busy {
    task: f64,
    script: f64,
    layout: f64,
}

/// Browser with one tab.
struct Browser {
    port: u16,
    session: String,
}

impl Browser {
    async fn open(port: u16) -> Result<Self> {
        let options = json!({ "goog:chromeOptions": { "args": FLAGS } });
        let wanted = json!({ "capabilities": { "alwaysMatch": options } });
        let opened = ask(port, "POST", "/session", &wanted.to_string()).await?;
        let session = opened["value"]["sessionId"].as_str().context("no browser")?.to_owned();
        Ok(Self { port, session })
    }

    async fn say(&self, path: &str, body: Value) -> Result<Value> {
        let path = format!("/session/{}/{path}", self.session);
        Ok(ask(self.port, "POST", &path, &body.to_string()).await?["value"].take())
    }

    async fn devtools(&self, name: &str, params: Value) -> Result<Value> {
        self.say("goog/cdp/execute", json!({ "cmd": name, "params": params })).await
    }

    async fn sign_in(&self, page: u16) -> Result<()> {
        let address = format!("http://127.0.0.1:{page}/");
        self.say("url", json!({ "url": address })).await?;
        let script = "const done = arguments[0];
            fetch('/api/login', { method: 'POST', headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ password: 'bench' }) }).then((answer) => done(answer.ok));";
        let signed = self.say("execute/async", json!({ "script": script, "args": [] })).await?;
        ensure!(signed == true, "the password is not taken");
        self.say("url", json!({ "url": address })).await?;
        let script = "return document.querySelectorAll('.tile').length";
        let tiles = self.say("execute/sync", json!({ "script": script, "args": [] })).await?;
        ensure!(tiles == SLOTS, "the page shows {tiles} slots");
        // Processor time, not time that passed: other programs run beside this one.
        self.devtools("Performance.enable", json!({ "timeDomain": "threadTicks" })).await?;
        sleep(Duration::from_secs(3)).await;
        Ok(())
    }

    /// Returns how busy the main thread is for this time, and the heap at its end in MB.
    async fn busy(&self, span: Duration) -> Result<(Busy, f64)> {
        let before = self.metrics().await?;
        sleep(span).await;
        let after = self.metrics().await?;
        let less = |name| Ok::<_, anyhow::Error>(metric(&after, name)? - metric(&before, name)?);
        let layout = less("LayoutDuration")? + less("RecalcStyleDuration")?;
        let busy = Busy { task: less("TaskDuration")?, script: less("ScriptDuration")?, layout };
        Ok((busy, metric(&after, "JSHeapUsedSize")? / 1_048_576.0))
    }

    async fn metrics(&self) -> Result<Value> {
        Ok(self.devtools("Performance.getMetrics", json!({})).await?["metrics"].take())
    }

    async fn close(&self) -> Result<()> {
        ask(self.port, "DELETE", &format!("/session/{}", self.session), "").await?;
        Ok(())
    }
}

/// Returns one value of `Performance.getMetrics`; times are in seconds.
fn metric(all: &Value, name: &str) -> Result<f64> {
    let mut all = all.as_array().context("no metrics")?.iter();
    let found = all.find(|metric| metric["name"] == name).context("no such metric")?;
    found["value"].as_f64().context("a metric is a number")
}

async fn until_it_answers(port: u16, path: &str) -> Result<()> {
    let answered = async {
        while ask(port, "GET", path, "").await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(60), answered).await.context("no answer")
}

/// Sends a request with a JSON body and returns the answer's, null if it has none.
async fn ask(port: u16, method: &str, path: &str, body: &str) -> Result<Value> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes()).await?;
    // A driver may keep the connection open: the length says where the answer ends.
    let mut answer = Vec::new();
    let (head, body) = loop {
        let read = stream.read_buf(&mut answer).await?;
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            ensure!(read > 0, "no HTTP answer");
            continue;
        };
        let mut lengths = head.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        if read == 0 || body.len() >= lengths.next().unwrap_or(usize::MAX) {
            break (head.to_owned(), body.to_owned());
        }
    };
    if !head.split(' ').nth(1).is_some_and(|status| status.starts_with('2')) {
        bail!("{method} {path}: {head} {body}");
    }
    Ok(serde_json::from_str(&body).unwrap_or_default())
}
