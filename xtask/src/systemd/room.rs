//! The room in the machine: asked by its API, pressed on the slot's page, and read from the journal's file.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::machine::Machine;

/// Name of the slot, as the package's file has it.
pub(super) const SLOT: &str = "slot-01";

/// Cookies of the operator.
const COOKIES: &str = "/root/cookies";

/// What presses a button so often, a tenth of a second apart, and counts what the page took.
const PRESSES: &str = r#"#!/bin/bash
poke() { curl -fsS --retry 50 --retry-delay 1 --retry-connrefused -d "{\"down\":$1}" -H 'Content-Type: application/json' \
    http://127.0.0.1:5173/poke/panel/a >/dev/null; }
for number in $(seq "$1"); do
    poke true && sleep 0.07 && poke false && sleep 0.07 && echo "$number" >/run/pressed
done
echo end >>/run/pressed
"#;

/// Lists the presses that are in the journal, each by the start of the agent and its number in it.
pub(super) const LIST: &str = "runuser -u eg -- sqlite3 -readonly /var/lib/eg/eg.db \"select json_extract(body, '$.boot') || ' ' || \
                    json_extract(body, '$.seq') from entry where kind = 'event' and \
                    json_extract(body, '$.kind') = 'press' and json_extract(body, '$.input') = 'a'\"";

impl Machine {
    /// Asks the core as the operator.
    ///
    /// # Errors
    /// With its answer, when it refuses.
    pub(super) fn ask(&self, method: &str, path: &str, body: &str) -> anyhow::Result<Value> {
        let said = self.sh(&format!(
            "curl --silent --show-error --fail-with-body --cookie {COOKIES} --request {method} \
             --header 'Content-Type: application/json' --data '{body}' http://127.0.0.1:8000{path}"
        ))?;
        if said.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&said).with_context(|| format!("{method} {path}: {said}"))
    }

    /// Signs the operator in.
    ///
    /// # Errors
    /// When the core does not take the password.
    pub(super) fn sign_in(&self, password: &str) -> anyhow::Result<()> {
        self.sh(&format!(
            "curl --silent --show-error --fail-with-body --cookie-jar {COOKIES} --header 'Content-Type: application/json' \
             --data '{{\"password\":\"{password}\"}}' http://127.0.0.1:8000/api/login"
        ))
        .map(drop)
    }

    /// Adopts a slot as soon as it waits.
    ///
    /// # Errors
    /// When it does not come.
    pub(super) fn adopt(&self, slot: &str) -> anyhow::Result<()> {
        let waiting = format!("curl -s --cookie {COOKIES} http://127.0.0.1:8000/api/slots/pairing");
        let told: Value = serde_json::from_str(&self.until(&waiting, slot)?)?;
        let mut waiting = told["waiting"].as_array().into_iter().flatten();
        let waits = waiting.find(|one| one["id"] == slot);
        let code = waits.and_then(|one| one["code"].as_str()).context("it has no code")?;
        let body = format!("{{\"code\":\"{code}\"}}");
        self.ask("POST", &format!("/api/slots/{slot}/adopt"), &body).map(drop)?;
        self.until_slot_is_online(slot)
    }

    /// Waits until the slot of the package's file is online.
    ///
    /// # Errors
    /// When it does not come.
    pub(super) fn until_online(&self) -> anyhow::Result<()> {
        self.until_slot_is_online(SLOT)
    }

    fn until_slot_is_online(&self, slot: &str) -> anyhow::Result<()> {
        let slots = format!(
            "curl -s --cookie {COOKIES} http://127.0.0.1:8000/api/slots | python3 -c 'import json, sys; \
             print([one for one in json.load(sys.stdin)[\"items\"] if one[\"id\"] == \"{slot}\"])'"
        );
        self.until(&slots, "'presence': 'online'").map(drop)
    }

    /// Presses a button of the simulated board and lets it go.
    ///
    /// # Errors
    /// When the page refuses.
    pub(super) fn press(&self, input: &str) -> anyhow::Result<()> {
        let poke = |down: bool| {
            format!(
                "curl -fsS -H 'Content-Type: application/json' -d '{{\"down\":{down}}}' \
                 http://127.0.0.1:5173/poke/panel/{input}"
            )
        };
        self.sh(&format!("{} && sleep 0.1 && {}", poke(true), poke(false))).map(drop)
    }

    /// Begins to press so often, and does not wait for the end.
    ///
    /// # Errors
    /// When that does not start.
    pub(super) fn begin_presses(&self, number: u32) -> anyhow::Result<()> {
        self.write("/root/presses", PRESSES.trim_end())?;
        self.sh("rm -f /run/pressed; systemctl reset-failed presses 2>/dev/null; true")?;
        self.sh(&format!("systemd-run --quiet --unit=presses bash /root/presses {number}"))
            .map(drop)
    }

    /// Presses that are in the journal, each by the start of the agent and its number in it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn presses(&self) -> anyhow::Result<BTreeSet<(String, u64)>> {
        let listed = self.sh(LIST)?;
        let mut presses = BTreeSet::new();
        for line in listed.lines() {
            let (boot, number) = line.split_once(' ').context("no number")?;
            let is_new = presses.insert((boot.to_owned(), number.parse()?));
            ensure!(is_new, "{line} is in the journal twice");
        }
        Ok(presses)
    }

    /// Waits until so many presses are in the journal.
    ///
    /// # Errors
    /// With the number that there is, when it stays another.
    pub(super) fn until_pressed(&self, wanted: usize) -> anyhow::Result<()> {
        let count = format!("echo \"there are $({LIST} | wc -l)\"");
        self.until(&count, &format!("there are {wanted}\n")).map(drop)
    }

    /// Times that systemd has started a service anew by itself.
    ///
    /// # Errors
    /// When systemd does not know it.
    pub(super) fn restarts(&self, service: &str) -> anyhow::Result<u32> {
        let said = self.sh(&format!("systemctl show --property=NRestarts --value {service}"))?;
        said.trim().parse().with_context(|| said.clone())
    }
}
