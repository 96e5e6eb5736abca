//! Chromium without a window, controlled through its driver.

use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// Code of WebDriver for the Enter key, which has no character.
pub(crate) const ENTER: char = '\u{E007}';
pub(crate) const TAB: char = '\u{E004}';
pub(crate) const ESCAPE: char = '\u{E00C}';

/// Browser with an empty profile.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser whose first language is `language`.
    pub(crate) async fn open(language: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver; on Debian it is in the package chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let port = port.expect("chromedriver says which port it took");
        std::thread::spawn(move || lines.for_each(drop));
        let folder = format!("--user-data-dir={}", profile.path().display());
        let spoken = format!("--accept-lang={language}");
        let flags: Vec<&str> = FLAGS.into_iter().chain([folder.as_str(), &spoken]).collect();
        let wanted = json!({ "goog:chromeOptions": { "args": flags } });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(serde_json::from_value(wanted).unwrap())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        let patience = TimeoutConfiguration::new(Some(Duration::from_secs(20)), None, None);
        client.update_timeouts(patience).await.unwrap();
        Self { client, driver, _profile: profile }
    }

    pub(crate) async fn go(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Runs a script in the page and returns its result.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Runs a script in the page and returns the value that it hands to its last argument.
    pub(crate) async fn ask_later(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.unwrap()
    }

    /// Waits until a condition holds in the page, for about a minute at most.
    pub(crate) async fn until(&self, condition: &str) {
        let script = format!(
            "const done = arguments[0], start = performance.now();
             const look = () => {{
               if ({condition}) done(true);
               else if (performance.now() - start > 250) done(false);
               else setTimeout(look, 20);
             }};
             look();"
        );
        for _ in 0..240 {
            // While the browser goes from one page to another there is nobody to ask.
            let held = self.client.execute_async(&script, Vec::new()).await;
            if held.is_ok_and(|held| held == Value::Bool(true)) {
                return;
            }
        }
        let page = self.ask("return document.body.innerText").await;
        panic!("this never held: {condition}\n{page}");
    }

    /// Waits until the page's text contains this one.
    pub(crate) async fn reads(&self, text: &str) {
        self.until(&format!("document.body.innerText.includes({})", Value::from(text))).await;
    }

    /// Types into the element that has the focus.
    pub(crate) async fn keys(&self, keys: impl IntoIterator<Item = char>) {
        let mut typed = KeyActions::new("keyboard".to_owned());
        for value in keys {
            typed = typed.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(typed).await.unwrap();
    }

    /// Presses a key and keeps it down.
    pub(crate) async fn hold(&self, value: char) {
        let down = KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value });
        self.client.perform_actions(down).await.unwrap();
    }

    /// Releases a key that is held.
    pub(crate) async fn let_go(&self, value: char) {
        let up = KeyActions::new("keyboard".to_owned()).then(KeyAction::Up { value });
        self.client.perform_actions(up).await.unwrap();
    }

    /// Clicks an element.
    pub(crate) async fn click(&self, selector: &str) {
        let found = self.client.find(fantoccini::Locator::Css(selector)).await;
        found.unwrap().click().await.unwrap();
    }

    /// Clicks an element twice, as fast as a practised hand.
    pub(crate) async fn double_click(&self, selector: &str) {
        let element = self.client.find(fantoccini::Locator::Css(selector)).await.unwrap();
        let mouse = MouseActions::new("mouse".to_owned());
        let button = MOUSE_BUTTON_LEFT;
        let twice = mouse
            .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
            .then(PointerAction::Down { button })
            .then(PointerAction::Up { button })
            .then(PointerAction::Pause { duration: std::time::Duration::from_millis(120) })
            .then(PointerAction::Down { button })
            .then(PointerAction::Up { button });
        self.client.perform_actions(twice).await.unwrap();
    }

    /// Opens another tab and goes there.
    pub(crate) async fn tab(&self, address: &str) {
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
        self.go(address).await;
    }

    /// Goes to the tab that was opened as number `place`, from 0.
    pub(crate) async fn back_to(&self, place: usize) {
        let tab = self.client.windows().await.unwrap().swap_remove(place);
        self.client.switch_to_window(tab).await.unwrap();
    }

    pub(crate) async fn types(&self, text: &str) {
        self.keys(text.chars()).await;
    }

    /// Waits until there is an element, `at`, that fulfils a condition, and goes forward by Tab until it has the focus.
    pub(crate) async fn tab_to(&self, condition: &str) {
        let all = "[...document.querySelectorAll('*')]";
        self.until(&format!("{all}.some((at) => {condition})")).await;
        let there = format!("const at = document.activeElement; return Boolean({condition})");
        for _ in 0..150 {
            if self.ask(&there).await == Value::Bool(true) {
                return;
            }
            self.keys([TAB]).await;
        }
        panic!("Tab never came to {condition}");
    }

    /// Goes to the button, summary or link with these words, and presses Enter.
    pub(crate) async fn press(&self, words: &str) {
        let words = Value::from(words);
        let condition =
            format!("at.matches('button, summary, a') && at.innerText.trim() === {words}");
        self.tab_to(&condition).await;
        self.keys([ENTER]).await;
    }

    /// Starts a session by the button with these words, although something is broken: the page asks why.
    pub(crate) async fn start_broken(&self, words: &str) {
        self.press(words).await;
        self.tab_to("at.name === 'reason'").await;
        self.types("a test").await;
        self.keys([ENTER]).await;
    }

    /// Sets the size of the screen, and the preference for light or dark.
    pub(crate) async fn screen(&self, width: u32, height: u32, scheme: &'static str) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Lets no page that this tab opens from now on use WebSockets.
    pub(crate) async fn without_websockets(&self) {
        let source =
            json!({"source": "window.WebSocket = class { constructor() { throw new Error(); } };"});
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source).await;
    }

    /// Keeps a picture of the page in the folder that the variable `PICTURES` names, if it names one.
    pub(crate) async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("PICTURES") {
            let png = self.client.screenshot().await.unwrap();
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).unwrap();
        }
    }

    /// Becomes a touch screen of this size.
    pub(crate) async fn touch(&self, width: u32, height: u32) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": true});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let touch = json!({"enabled": true, "maxTouchPoints": 1});
        self.devtools("Emulation.setTouchEmulationEnabled", touch).await;
    }

    /// Asks pages for no motion.
    pub(crate) async fn still(&self) {
        let features = json!({"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Runs a command of the DevTools protocol, and returns its answer.
    pub(crate) async fn devtools(&self, name: &'static str, params: Value) -> Value {
        self.client.issue_cmd(DevTools(json!({"cmd": name, "params": params}))).await.unwrap()
    }

    pub(crate) async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that fails leaves the browser open; its driver takes it along.
        let pid = rustix::process::Pid::from_child(&self.driver);
        if rustix::process::kill_process(pid, rustix::process::Signal::TERM).is_ok() {
            drop(self.driver.wait());
        }
    }
}

/// Command of the DevTools protocol, sent by way of the driver.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}
