//! A core that runs in this process, as somebody on its network meets it.

use eg_config::Source;
use eg_core::clock::SteadyClock;
use eg_core::config::{CoreConfig, Environment};
use eg_core::http::{Pages, PagesOptions};
use eg_core::server::Core;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

/// Nobody is kept waiting for longer by bytes that can be answered or refused.
const HANGS: Duration = Duration::from_secs(20);
const PASSWORD: &str = "fuzzing-all-night";

/// Ways into a core.
#[derive(Clone)]
struct Doors {
    api: SocketAddr,
    mqtt: SocketAddr,
    cookie: String,
}

/// The core that runs: its doors, its pages, itself and its folder.
static OPEN: Mutex<Option<(Doors, Pages, Core, TempDir)>> = Mutex::new(None);

/// Ends the core that targets have started, and removes its folder.
pub fn close() {
    drop(OPEN.lock().unwrap_or_else(PoisonError::into_inner).take());
}

/// Starts a core at the first call.
fn doors() -> Doors {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let (doors, ..) = open.get_or_insert_with(|| {
        let folder = tempfile::tempdir().unwrap();
        let yaml = "ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }\nrooms:\n  main: { slots: [slot-01, slot-02] }\n";
        let source = Source::text("core.yaml", yaml);
        let mut config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
        config.db = folder.path().join("eg.db");
        let clock = Arc::new(SteadyClock::default());
        let core = Core::start(&config, clock.clone()).unwrap();
        let mqtt = SocketAddr::from(([127, 0, 0, 1], core.mqtt().port));
        let (listen, password) = (config.listen, Some(PASSWORD.to_owned()));
        let options =
            PagesOptions { listen, api: 0, page: 0, compat: false, hosts: Vec::new(), tls: None, proxies: Vec::new(), password, displays: Default::default() };
        let account = folder.path().join("account.db");
        let pages =
            Pages::start(options, &account, core.handle(), core.journal(), core.access(), clock)
                .unwrap();
        let api = pages.api();
        let login = format!("{{\"password\":\"{PASSWORD}\"}}");
        let answer = request(api, "POST /api/login HTTP/1.1", "", login.as_bytes());
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|line| line.split(';').next()).unwrap_or_default().to_owned();
        assert!(!cookie.is_empty(), "no session: {answer}");
        (Doors { api, mqtt, cookie }, pages, core, folder)
    });
    doors.clone()
}

/// Sends the bytes, and reads until the other side has ended.
///
/// # Panics
/// When it does not end: somebody is hung up on.
fn exchange(at: SocketAddr, bytes: &[u8], ends: bool) -> Vec<u8> {
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(HANGS)).unwrap();
    stream.set_write_timeout(Some(HANGS)).unwrap();
    // Whoever refuses the beginning does not read the rest.
    let _ = stream.write_all(bytes);
    if ends {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
            panic!("{at} hangs on {:?}", String::from_utf8_lossy(bytes))
        }
        // It hung up on what it would not hear.
        Ok(_) | Err(_) => answer,
    }
}

/// Takes whatever a client sends to the broker's port: CONNECT as it is read before the library, and the packets after it.
///
/// An input is a byte that says how it begins, with a right CONNECT or without, and the bytes that follow.
pub(crate) fn door(input: &[u8]) {
    let Some((begins, rest)) = input.split_first() else { return };
    // Whoever waits to be adopted is let in.
    let connect: &[u8] = match begins % 3 {
        0 => b"",
        1 => b"\x10\x2a\0\x04MQTT\x04\xc2\0\x3c\0\x0cpair-slot-01\0\x07pairing\0\x07pairing",
        _ => b"\x10\x2b\0\x04MQTT\x05\xc2\0\x3c\0\0\x0cpair-slot-01\0\x07pairing\0\x07pairing",
    };
    exchange(doors().mqtt, &[connect, rest].concat(), true);
}

/// Takes a request to the API, with or without a session: its line, its headers, and its body.
///
/// An input is a byte of flags (1: signed in, 2: the bytes are sent as they are), the line and the headers up to an empty
/// line, and the body.
pub(crate) fn http(input: &[u8]) {
    let Some((flags, rest)) = input.split_first() else { return };
    let Doors { api, cookie, .. } = doors();
    if flags & 2 != 0 {
        exchange(api, rest, true);
        return;
    }
    let place = rest.windows(2).position(|two| two == b"\n\n");
    let (head, body) = match place {
        Some(place) => (&rest[..place], &rest[place + 2..]),
        None => (rest, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    let (line, headers) = head.split_once('\n').unwrap_or((&head, ""));
    // A stream is never over, and what is no request is refused at once.
    if line.contains("live") || line.contains("logout") {
        return;
    }
    let own: String = headers.lines().map(|line| format!("{line}\r\n")).collect();
    let session = if flags & 1 != 0 { format!("Cookie: {cookie}\r\n") } else { String::new() };
    let answer = request(api, line, &format!("{own}{session}"), body);
    let status = answer.split(' ').nth(1).unwrap_or_default();
    assert!(!status.starts_with("500"), "{line}: {answer}");
}

fn request(at: SocketAddr, line: &str, headers: &str, body: &[u8]) -> String {
    let head = format!(
        "{line}\r\n{headers}Host: {at}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let answer = exchange(at, &[head.as_bytes(), body].concat(), false);
    String::from_utf8_lossy(&answer).into_owned()
}
