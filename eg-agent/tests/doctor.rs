//! `eg-agent doctor`: which step failed, and what to try.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

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
            (1, _) => client.write_all(&[0x20, 2, 0, 0])?,
            (8, Broker::RefusesSubscriptions) => {
                client.write_all(&[0x90, 3, body[0], body[1], 0x80])?;
            }
            (8, _) => client.write_all(&[0x90, 3, body[0], body[1], 1])?,
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

/// Reads what follows the first byte and the length; these packets are shorter than 128 bytes.
fn body(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0];
    client.read_exact(&mut length)?;
    let mut body = vec![0; usize::from(length[0])];
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
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();

    let (code, told) = doctor(free, "C");

    assert_eq!(code, Some(1));
    let failed = format!("✗ nobody accepts a connection at 127.0.0.1:{free}");
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
    let text = format!("slot: slot-01\ncore: {{ host: 127.0.0.1, port: {port} }}\ndevices: {{}}\n");
    std::fs::write(&file, text).unwrap();

    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    let output = agent.arg("doctor").arg(&file).env_clear().output().unwrap();

    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let says = format!("{} says that the core is 127.0.0.1, port {port}", file.display());
    assert!(told.contains(&says) && told.ends_with("✓ Connected\n"), "{told}");
}
