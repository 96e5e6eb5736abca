//! `eg-agent doctor`: which step failed, and what to try.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "link/held_port.rs"]
mod held_port;

use held_port::HeldPort;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;

/// Behaviour of the other side towards a client.
#[derive(Clone, Copy)]
enum Broker {
    /// Serves it: MQTT 3.1.1, as far as one client needs it.
    Serves,
    /// Lets it in and refuses its subscription.
    RefusesSubscriptions,
    /// Wants a password (CONNACK code 4).
    WantsPassword,
    /// Wants a password of everybody but those who ask to be adopted, and answers them with this.
    Adopts(&'static str),
    /// Is something else altogether.
    IsAPage,
}

/// Listens on a free port and gives it.
fn listen(broker: Broker) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming() {
            // The client may go away at any time.
            let _ = client.and_then(|client| serve(client, broker));
        }
    });
    port
}

fn serve(mut client: TcpStream, broker: Broker) -> std::io::Result<()> {
    loop {
        let mut kind = [0];
        client.read_exact(&mut kind)?;
        if let Broker::IsAPage = broker {
            return client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
        let body = body(&mut client)?;
        match (kind[0] >> 4, broker) {
            (1, Broker::WantsPassword) => client.write_all(&[0x20, 2, 0, 4])?,
            (1, Broker::Adopts(_)) => {
                let asks = body[12..].starts_with(b"pair-slot-01");
                client.write_all(&[0x20, 2, 0, if asks { 0 } else { 5 }])?;
            }
            (1, _) => client.write_all(&[0x20, 2, 0, 0])?,
            (8, Broker::RefusesSubscriptions) => {
                client.write_all(&[0x90, 3, body[0], body[1], 0x80])?;
            }
            (8, _) => client.write_all(&[0x90, 3, body[0], body[1], 1])?,
            (3, Broker::Adopts(answer)) => {
                let topic = 2 + usize::from(u16::from_be_bytes([body[0], body[1]]));
                assert_eq!(&body[2..topic], b"eg/pair/slot-01");
                let asked = String::from_utf8_lossy(&body[topic + 2..]).into_owned();
                assert!(asked.contains("panel (button-row)"), "{asked}");
                client.write_all(&[0x40, 2, body[topic], body[topic + 1]])?;
                let topic = "eg/pair/slot-01/answer";
                let length = u8::try_from(2 + topic.len() + answer.len()).unwrap();
                client.write_all(&[0x30, length, 0, u8::try_from(topic.len()).unwrap()])?;
                client.write_all(format!("{topic}{answer}").as_bytes())?;
            }
            (3, _) => {
                let topic = 2 + usize::from(u16::from_be_bytes([body[0], body[1]]));
                client.write_all(&[0x40, 2, body[topic], body[topic + 1]])?;
                let back = [&body[..topic], &body[topic + 2..]].concat();
                client.write_all(&[0x30, u8::try_from(back.len()).unwrap()])?;
                client.write_all(&back)?;
            }
            (14, _) => return Ok(()),
            (_, _) => {}
        }
    }
}

/// Reads what follows the first byte and the length (MQTT 3.1.1, section 2.2.3).
fn body(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let (mut length, mut shift) = (0, 0);
    loop {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        length |= usize::from(byte[0] & 0x7f) << shift;
        shift += 7;
        if byte[0] < 0x80 {
            break;
        }
    }
    let mut body = vec![0; length];
    client.read_exact(&mut body)?;
    Ok(body)
}

/// Exit code and output of a doctor under this locale.
fn doctor(port: u16, locale: &str) -> (Option<i32>, String) {
    let arguments = ["doctor", "127.0.0.1", "--port", &port.to_string()];
    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    let output = agent.args(arguments).env_clear().env("LANG", locale).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn says_connected_with_the_round_trip() {
    let (code, told) = doctor(listen(Broker::Serves), "en_US.UTF-8");

    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("round trip") && told.ends_with("✓ Connected\n"), "{told}");
}

#[test]
fn says_it_in_french_where_the_locale_is() {
    let (code, told) = doctor(listen(Broker::Serves), "fr_CA.UTF-8");

    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("aller-retour") && told.ends_with("✓ Connexion réussie !\n"), "{told}");
}

#[test]
fn a_port_where_nobody_listens_is_named() {
    let free = HeldPort::take();

    let (code, told) = doctor(free.number, "C");

    assert_eq!(code, Some(1));
    let failed = format!("✗ nobody accepts a connection at 127.0.0.1:{}", free.number);
    assert!(told.contains(&failed) && told.contains("→ is the core running?"), "{told}");
}

#[test]
fn a_port_that_speaks_something_else_is_told() {
    let (code, told) = doctor(listen(Broker::IsAPage), "C");

    assert_eq!(code, Some(1));
    assert!(told.contains("✗ something accepts connections at 127.0.0.1"), "{told}");
    assert!(told.contains("is port"), "{told}");
}

#[test]
fn a_broker_that_wants_a_password_is_told() {
    let (code, told) = doctor(listen(Broker::WantsPassword), "C");

    assert_eq!(code, Some(1));
    assert!(told.contains("bad user name or password (code 4)"), "{told}");
}

#[test]
fn a_refused_subscription_is_told() {
    let (code, told) = doctor(listen(Broker::RefusesSubscriptions), "fr_FR.UTF-8");

    assert_eq!(code, Some(1));
    assert!(told.contains("✗ le broker refuse l’abonnement"), "{told}");
    assert!(told.contains("→ regardez les droits d’accès"), "{told}");
}

#[test]
fn the_core_of_a_slots_file_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slot.yaml");
    let port = listen(Broker::Serves);
    let text = format!(
        "slot: slot-01\ncore: {{ host: 127.0.0.1, port: {port} }}\nhal: sim\noutbox: {}/o.db\npage: {{ port: {} }}\ndevices: {{}}\n",
        folder.path().display(),
        HeldPort::take().number
    );
    std::fs::write(&file, text).unwrap();

    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    let output = agent.arg("doctor").arg(&file).env_clear().output().unwrap();

    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let says = format!("{} says that the core is 127.0.0.1, port {port}", file.display());
    assert!(told.contains(&says) && told.ends_with("✓ Connected\n"), "{told}");
}

/// Exit code and output of a doctor for a slot whose core answers so; without a secret where there is none.
fn adopted(answer: &'static str, secret: Option<&str>) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slot.yaml");
    let port = listen(Broker::Adopts(answer));
    let head = format!("slot: slot-01\ncore: {{ host: 127.0.0.1, port: {port} }}");
    std::fs::write(
        &file,
        format!(
            "{head}\nhal: sim\noutbox: {0}/o.db\nsecret_file: {0}/secret\npage: {{ port: {1} }}\ndevices: {{ panel: {{ driver: button-row, config: {{ inputs: [GPIO5] }} }} }}\n",
            folder.path().display(),
            HeldPort::take().number,
        ),
    )
    .unwrap();
    if let Some(secret) = secret {
        std::fs::write(folder.path().join("secret"), secret).unwrap();
    }
    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    let output = agent.arg("doctor").arg(&file).env_clear().output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

const SECRET: &str = "abcdefghijkmnpqrstuvwxyz23";

#[test]
fn a_core_that_adopted_the_slot_says_so() {
    let (code, told) = adopted(r#"{"v":1,"adopted":true,"core":"core-01"}"#, Some(SECRET));

    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("✓ the core has adopted slot-01"), "{told}");
    assert!(told.ends_with("✓ Connected\n"), "{told}");
}

#[test]
fn a_core_that_does_not_let_the_slot_in_says_why_with_its_code() {
    let code = eg_proto::pairing_code(&SECRET.parse::<eg_proto::Secret>().unwrap().digest(), None);
    for (why, said) in [
        ("unknown", "✗ the core has not adopted this slot yet"),
        ("revoked", "✗ this slot’s secret was revoked"),
        ("other_secret", "✗ the core knows another secret of this slot"),
    ] {
        let answer = format!(r#"{{"v":1,"adopted":false,"why":"{why}"}}"#).leak();

        let (exit, told) = adopted(answer, Some(SECRET));

        assert_eq!(exit, Some(1), "{told}");
        assert!(told.contains(said) && told.contains(&code), "{told}");
    }
}

#[test]
fn a_slot_without_a_secret_is_told_how_it_gets_one() {
    for (secret, cause) in [(None, "is not there"), (Some("hunter2"), "26 of a-z and 2-9")] {
        let (code, told) = adopted("", secret);

        assert_eq!(code, Some(1));
        assert!(
            told.contains("✗ this slot’s secret cannot be read") && told.contains(cause),
            "{told}"
        );
        assert!(told.contains("→ start the agent once"), "{told}");
    }
}

/// Output of a doctor for this file, as JSON.
fn examined(text: &str) -> (Option<i32>, serde_json::Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slot.yaml");
    let outbox = folder.path().join("o.db");
    std::fs::write(&file, format!("outbox: {}\n{text}", outbox.display())).unwrap();
    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    let output = agent.arg("doctor").arg(&file).arg("--json").env_clear().output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}")))
}

/// The state of each check, by its name.
fn states(report: &serde_json::Value) -> std::collections::BTreeMap<String, String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    findings.map(|finding| (text(&finding["check"]), text(&finding["state"]))).collect()
}

#[test]
fn boards_that_are_not_there_are_told_beside_a_core_that_is() {
    let port = listen(Broker::Serves);
    let page = HeldPort::take().number;
    let devices = "devices: { x: { driver: mcp23017, config: { bus: i2c-77, address: 0x20, inputs: [A0] } } }";
    let head = format!(
        "slot: slot-01\ncore: {{ host: 127.0.0.1, port: {port} }}\npage: {{ port: {page} }}\n"
    );

    let (code, report) = examined(&format!("{head}{devices}\n"));

    assert_eq!((code, &report["ok"]), (Some(1), &serde_json::Value::Bool(false)), "{report:#}");
    let states = states(&report);
    let bus = states.get("bus").or(states.get("pi-bus"));
    assert_eq!(bus.map(String::as_str), Some("bad"), "{report:#}");
    for check in ["file", "disk", "page-free", "connect", "round-trip"] {
        assert_eq!(states.get(check).map(String::as_str), Some("good"), "{check} in {report:#}");
    }
}

#[test]
fn a_file_with_mistakes_is_told_and_its_core_tried_all_the_same() {
    let port = listen(Broker::Serves);
    let head = format!("slot: slot-01\ncore: {{ host: 127.0.0.1, port: {port} }}\nhal: sim\n");

    let (code, report) = examined(&format!("{head}devices: {{ x: {{ driver: no-such }} }}\n"));

    let states = states(&report);
    assert_eq!(
        (code, states["file"].as_str(), states["connect"].as_str()),
        (Some(1), "bad", "good")
    );
    let cause = report["findings"][0]["cause"].as_str().unwrap();
    assert!(cause.contains("no driver called \"no-such\""), "{cause}");
}

#[test]
fn a_page_port_that_another_program_has_is_told() {
    let port = listen(Broker::Serves);
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let page = other.local_addr().unwrap().port();
    let head = format!("slot: slot-01\ncore: {{ host: 127.0.0.1, port: {port} }}\nhal: sim\n");

    let (code, report) = examined(&format!("{head}page: {{ port: {page} }}\ndevices: {{}}\n"));

    assert_eq!((code, states(&report)["page"].as_str()), (Some(1), "bad"), "{report:#}");
}

#[test]
fn versions_clocks_and_old_topics_of_both_sides_are_compared() {
    let answer = r#"{"v":1,"adopted":true,"core":"c","version":"9.9.0","now_us":0,"compat":false}"#;
    let port = listen(Broker::Adopts(answer));
    let page = HeldPort::take().number;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, SECRET).unwrap();
    let devices = "devices: { panel: { driver: button-row, config: { inputs: [GPIO5] } } }";
    let head = format!(
        "slot: slot-01\ncore: {{ host: 127.0.0.1, port: {port} }}\nhal: sim\ncompat: true\n"
    );
    let more = format!("secret_file: {}\npage: {{ port: {page} }}\n", secret.display());

    let (code, report) = examined(&format!("{head}{more}{devices}\n"));

    assert_eq!(code, Some(0), "{report:#}");
    let states = states(&report);
    for check in ["version", "offset", "compat"] {
        assert_eq!(
            states.get(check).map(String::as_str),
            Some("doubtful"),
            "{check} in {report:#}"
        );
    }
    assert_eq!(states["adopted"], "good");
}
