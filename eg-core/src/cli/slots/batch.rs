//! `slots batch`: secrets for cards that are prepared on a desk.

use crate::access::control::ControlRequest;
use crate::cli::identities::tell;
use crate::config::CoreConfig;
use anyhow::{Context, bail};
use eg_proto::{Secret, SlotId};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Largest number of slots of one batch.
const MOST: u32 = 999;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// First and last slot, such as `slot-01..slot-09`, or one.
    slots: String,
    /// Folder for the files, `slot-01.secret` and so on, which nobody else may read. Put each beside the outbox of its slot.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Draws, stores and adopts. A file that is there already is never overwritten.
pub(super) fn prepare(
    args: &Args,
    config: &CoreConfig,
    by: &str,
    json: bool,
) -> anyhow::Result<()> {
    let slots = named(&args.slots)?;
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("no folder {}", args.out.display()))?;
    let mut files = Vec::new();
    for slot in &slots {
        let file = args.out.join(format!("{slot}.secret"));
        let secret = Secret::from_random(rand::random());
        write(&file, &secret).with_context(|| format!("cannot write {}", file.display()))?;
        let (sha256, mosquitto) = (secret.digest(), secret.mosquitto(rand::random()));
        let request =
            ControlRequest::Enlist { slot: slot.clone(), sha256, mosquitto, by: by.to_owned() };
        if let Err(error) = tell(config, request) {
            // A secret that nobody knows would look like one that works.
            drop(std::fs::remove_file(&file));
            return Err(error);
        }
        files.push(file);
    }
    if json {
        let all = slots
            .iter()
            .zip(&files)
            .map(|(slot, file)| serde_json::json!({ "slot": slot, "file": file }));
        anstream::println!("{:#}", serde_json::Value::from_iter(all));
    } else {
        for (slot, file) in slots.iter().zip(&files) {
            anstream::println!("{slot} is adopted; its secret is in {}", file.display());
        }
    }
    Ok(())
}

/// Returns the slots of a range such as `slot-01..slot-09`.
fn named(range: &str) -> anyhow::Result<Vec<SlotId>> {
    let Some((first, last)) = range.split_once("..") else { return Ok(vec![SlotId::new(range)?]) };
    let split = |id: &str| {
        let head = id.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let number = id[head.len()..].parse::<u32>().ok();
        number.map(|number| (head, number, id.len()))
    };
    let (Some((head, from, length)), Some((same, to, _))) = (split(first), split(last)) else {
        bail!("{range:?} is no range; both ends want a number, as in slot-01..slot-09");
    };
    if head != same || to < from || to - from >= MOST {
        bail!(
            "{range:?} is no range; one name and rising numbers are wanted, {MOST} at most, as in slot-01..slot-09"
        );
    }
    let width = length - head.len();
    (from..=to).map(|number| Ok(SlotId::new(format!("{head}{number:0width$}"))?)).collect()
}

fn write(file: &Path, secret: &Secret) -> std::io::Result<()> {
    let mut open = std::fs::OpenOptions::new();
    open.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut file = open.open(file)?;
    writeln!(file, "{}", secret.expose())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_names_every_slot_with_its_zeros() {
        let names = |range| {
            named(range).map(|slots| slots.iter().map(ToString::to_string).collect::<Vec<_>>())
        };

        assert_eq!(
            names("slot-08..slot-11").unwrap(),
            ["slot-08", "slot-09", "slot-10", "slot-11"]
        );
        assert_eq!(names("poste-3").unwrap(), ["poste-3"]);
        for wrong in
            ["slot-09..slot-01", "a-1..b-2", "slot..slot", "slot-1..slot-9999", "Slot-1", "..", ""]
        {
            assert!(names(wrong).is_err(), "{wrong}");
        }
    }
}
