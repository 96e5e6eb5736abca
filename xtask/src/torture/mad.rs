//! A slot that has gone mad, under a name that nobody compares: whatever it sends, the others are not to be hurt.

use std::net::SocketAddr;
use std::time::Duration;

use super::mqtt::Client;
use super::plan::{Chance, Kind, SLOTS};
use super::slots;

/// Start of a tag's number that no hand presses. Found in the journal, it is a ghost.
pub(super) const FORGED: &str = "DEAD";

/// Settings of a mad slot.
#[derive(Clone, Debug)]
pub(super) struct Mad {
    pub(super) broker: SocketAddr,
    /// Secret of the slot; `None` where none is asked for.
    pub(super) secret: Option<String>,
    /// The broker is to keep slots apart: it also speaks in the names of others.
    pub(super) forges: bool,
}

impl Mad {
    /// Goes mad in one way. What the broker refuses was refused.
    pub(super) fn act(&self, kind: Kind, chance: u64) -> anyhow::Result<()> {
        let own = slots::name(SLOTS);
        let login = self.secret.as_deref().map(|secret| (own.as_str(), secret));
        let mut client = Client::connect(self.broker, &own, login)?;
        let mut chance = Chance::new(chance);
        let boot = boot(&mut chance);
        let topic = format!("eg/dev/{own}/input/event");
        match kind {
            Kind::Flood => {
                for seq in 1..=2_000 {
                    client.publish(&topic, event(&boot, seq, "A0FF").as_bytes(), false)?;
                }
            }
            Kind::Gaps => {
                for seq in (2..=1_000).step_by(2).chain([u64::MAX - 2, u64::MAX - 1, 1 << 63]) {
                    client.publish(&topic, event(&boot, seq, "A0FF").as_bytes(), false)?;
                }
            }
            Kind::Deep => {
                let deep = format!("{}0{}", "[".repeat(126), "]".repeat(126));
                let ask = format!(
                    "{{\"op\":\"wallet_get\",\"req_id\":\"x\",\"tag_uid\":\"AA\",\"x\":{deep}}}"
                );
                client.publish(&format!("eg/dev/{own}/ask"), ask.as_bytes(), false)?;
                let event = event(&boot, 1, "A0FF")
                    .replace("\"data\":{", &format!("\"x\":{deep},\"data\":{{"));
                client.publish(&topic, event.as_bytes(), false)?;
            }
            Kind::Boards => {
                let boards: Vec<String> = (0..500)
                    .map(|number| {
                        format!(
                            "\"board-{number}-{}\":{{\"state\":\"ready\"}}",
                            chance.below(1_000)
                        )
                    })
                    .collect();
                let status = format!(
                    "{{\"status\":\"online\",\"device_id\":\"{own}\",\"devices\":{{{}}}}}",
                    boards.join(",")
                );
                client.publish(&format!("eg/dev/{own}/input/status"), status.as_bytes(), true)?;
            }
            Kind::Garbage => garbage(&mut client, &own, &mut chance)?,
            Kind::Poison => self.poison(&mut client, &own, &boot)?,
            Kind::Kill
            | Kind::Term
            | Kind::Stop
            | Kind::Blackout
            | Kind::Silence
            | Kind::Cut
            | Kind::Freeze
            | Kind::Slow
            | Kind::SlowDisk
            | Kind::FailingDisk
            | Kind::FullDisk
            | Kind::Clock
            | Kind::Twin
            | Kind::Update => {}
        }
        Ok(())
    }

    /// Leaves retained what must never be done again with a connection, and clears what it has left as itself.
    fn poison(&self, client: &mut Client, own: &str, boot: &str) -> anyhow::Result<()> {
        for number in 0..SLOTS {
            let slot = slots::name(number);
            let forged = event(boot, 1, FORGED);
            let late = Duration::from_secs(3_600);
            let expires = (eg_clock::date() + late).as_micros();
            let command = format!(
                "{{\"id\":\"forged-{boot}\",\"expires_us\":{expires},\"device\":\"panel\",\"output\":\"lock\",\"set\":\"on\"}}"
            );
            let said = |what: &str| format!("eg/dev/{slot}/{what}");
            client.publish(&said("cmd"), command.as_bytes(), true)?;
            let led = b"{\"index\":1,\"state\":true}";
            client.publish(&said("input/cmd/led"), led, true)?;
            let tag = format!("{{\"action\":\"simulate_rfid\",\"tag_uid\":\"{FORGED}\"}}");
            client.publish(&said("input/cmd/test"), tag.as_bytes(), true)?;
            if self.forges {
                client.publish(&said("input/event"), forged.as_bytes(), true)?;
                let ack = format!("{{\"boot\":\"{boot}\",\"seq\":{}}}", u64::MAX);
                client.publish(&said("input/ack"), ack.as_bytes(), false)?;
                client.publish(&said("status"), b"offline", true)?;
            }
        }
        client.publish(&format!("eg/dev/{own}/input/status"), b"", true)
    }
}

/// Draws the number of a start of an agent.
pub(super) fn boot(chance: &mut Chance) -> String {
    let letters = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut letter = || char::from(letters[usize::try_from(chance.below(32)).unwrap_or(0)]);
    format!("01{}", (0..24).map(|_| letter()).collect::<String>())
}

/// Writes an event of a reader.
pub(super) fn event(boot: &str, seq: u64, uid: &str) -> String {
    let now = eg_clock::date().as_micros();
    format!(
        "{{\"v\":1,\"boot\":\"{boot}\",\"seq\":{seq},\"device\":\"reader-1\",\"input\":\"tag\",\"kind\":\"tag\",\
         \"t\":{{\"core_us\":{now},\"unc_us\":500,\"src\":\"kernel\"}},\"late\":false,\"sim\":true,\
         \"data\":{{\"uid\":\"{uid}\"}}}}"
    )
}

/// Arbitrary bytes on each topic, and then bytes that are no packet at all.
pub(super) fn garbage(client: &mut Client, own: &str, chance: &mut Chance) -> anyhow::Result<()> {
    let kinds = [
        "status",
        "hello",
        "input/status",
        "input/event",
        "clock/ping",
        "cmd/ack",
        "ask",
        "input/leds",
    ];
    for _ in 0..100 {
        let kind = kinds[usize::try_from(chance.below(kinds.len() as u64)).unwrap_or(0)];
        let length = chance.below(4_000);
        let bytes: Vec<u8> = (0..length).map(|_| chance.below(256) as u8).collect();
        client.publish(&format!("eg/dev/{own}/{kind}"), &bytes, false)?;
    }
    client.publish(&format!("eg/dev/{own}/hello"), &vec![b' '; 250_000], false)?;
    let bytes: Vec<u8> = (0..300).map(|_| chance.below(256) as u8).collect();
    client.raw(&bytes)
}
