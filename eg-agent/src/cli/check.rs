//! `check`: what is wrong with a file, before it is run.

use super::exit::{MISTAKE, complain};
use super::sources::read;
use crate::config::{Overrides, SlotConfig};
use crate::pairing::PinnedAuthority;
use eg_config::{KeyPath, Problems};
use eg_proto::{Secret, SecretDigest, pairing_code};
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) fn check(
    files: &[PathBuf],
    overrides: Result<Overrides, Problems>,
    json: bool,
) -> ExitCode {
    let slots = read(files, &overrides).and_then(with_secrets);
    if json {
        let problems = slots.err().unwrap_or_default();
        let text = serde_json::to_string_pretty(&problems).unwrap_or_default();
        anstream::println!("{text}");
        return if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(MISTAKE) };
    }
    match slots {
        Ok(slots) => {
            slots.iter().for_each(|(slot, secret)| praise(slot, secret.as_ref()));
            ExitCode::SUCCESS
        }
        Err(problems) => complain(&problems),
    }
}

/// Reads the secrets of these slots, without drawing any.
///
/// # Errors
/// Each file that holds something else, or cannot be read.
fn with_secrets(slots: Vec<SlotConfig>) -> Result<Vec<(SlotConfig, Option<Secret>)>, Problems> {
    let mut problems = Problems::default();
    let mut all = Vec::new();
    for slot in slots {
        match slot.secret.read() {
            Ok(secret) => all.push((slot, secret)),
            Err(error) => {
                let path = KeyPath::from(["secret_file"]);
                problems.push(slot.source.problem_at(&path, error.to_string()));
            }
        }
    }
    problems.or(all)
}

fn praise(slot: &SlotConfig, secret: Option<&Secret>) {
    let inputs: usize = slot.devices.iter().map(|device| device.inputs.len()).sum();
    let outputs: usize = slot.devices.iter().map(|device| device.outputs.len()).sum();
    anstream::println!(
        "{}: {} is well formed: {}, {}, {}",
        slot.source.name(),
        slot.slot,
        many(slot.devices.len(), "device"),
        many(inputs, "input"),
        many(outputs, "output"),
    );
    if slot.core.is_looked_for() {
        anstream::println!("  it names no core, which is looked for on the network");
    }
    let file = slot.secret.path().display();
    match secret {
        None => anstream::println!("  its secret will be drawn at the first start, into {file}"),
        Some(secret) => {
            anstream::println!("  its secret is in {file}{}", shown(slot, secret));
        }
    }
    if slot.secret.is_open_to_others() {
        anstream::println!(
            "  others than its owner may read that file; `run` changes that, as does chmod 600"
        );
    }
}

/// Returns what the operator's page shows for a secret; under TLS the code is made of the core's authority too.
fn shown(slot: &SlotConfig, secret: &Secret) -> String {
    let (digest, code) =
        (secret.digest(), |code| format!("; the operator's page shows {code} for it"));
    if !slot.core.tls {
        return code(pairing_code(&digest, None));
    }
    match PinnedAuthority::beside(slot.secret.path()) {
        Ok(own) => match own.pinned().get() {
            Some(authority) => {
                code(pairing_code(&digest, Some(&SecretDigest::of(authority.der()))))
            }
            None => "; its code is known once the core has shown its authority".to_owned(),
        },
        Err(error) => format!("; {error}"),
    }
}

fn many(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
