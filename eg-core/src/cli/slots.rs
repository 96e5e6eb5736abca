//! `slots`: says who may speak as which slot, on a running core or on its file.

mod batch;

use super::account_file::by;
use super::exit::{complain, finish};
use super::identities::tell;
use super::settings::read;
use crate::access::control::{ControlRequest, Listed};
use crate::config::CoreConfig;
use clap::Subcommand;
use eg_proto::SlotId;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Path of the core's YAML file, which names the journal.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Path of the journal, when it is not where the YAML file, DB_PATH or the default say.
    #[arg(long, value_name = "FILE", conflicts_with = "config", global = true)]
    db: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the slots that are adopted, and those that wait for it.
    List,
    /// Adopt a slot that waits. A card that had its id before is refused from then on.
    Adopt {
        /// Id of the slot.
        slot: SlotId,
        /// Code on the slot's page, to be sure that it is the one that waits.
        #[arg(long)]
        code: Option<String>,
    },
    /// Take a slot's right away, and cut its connection.
    Revoke {
        /// Id of the slot.
        slot: SlotId,
    },
    /// Give an adopted slot a name for people; an empty one takes it away.
    Label {
        /// Id of the slot.
        slot: SlotId,
        /// Name, of 64 characters at most.
        label: String,
    },
    /// Draw secrets for cards that are prepared on a desk: one file a slot, which is adopted already.
    Batch(batch::Args),
}

pub(super) fn slots(args: &Args) -> ExitCode {
    let mut config = match read(args.config.as_deref()) {
        Ok(config) => config,
        Err(problems) => return complain(&problems),
    };
    if let Some(db) = &args.db {
        config.db.clone_from(db);
    }
    finish(carry_out_here(args, &config))
}

fn carry_out_here(args: &Args, config: &CoreConfig) -> anyhow::Result<()> {
    let by = by();
    match &args.what {
        What::List => {
            let listed = tell(config, ControlRequest::List)?.unwrap_or_default();
            list(&listed, args.json);
        }
        What::Adopt { slot, code } => {
            tell(config, ControlRequest::Adopt { slot: slot.clone(), code: code.clone(), by })?;
            done(args.json, slot, "adopted");
        }
        What::Revoke { slot } => {
            tell(config, ControlRequest::Revoke { slot: slot.clone(), by })?;
            done(args.json, slot, "revoked");
        }
        What::Label { slot, label } => {
            tell(config, ControlRequest::Label { slot: slot.clone(), label: label.clone(), by })?;
            done(args.json, slot, "named");
        }
        What::Batch(batch) => batch::prepare(batch, config, &by, args.json)?,
    }
    Ok(())
}

fn done(json: bool, slot: &SlotId, word: &str) {
    match json {
        true => anstream::println!("{}", serde_json::json!({ "slot": slot, "done": word })),
        false => anstream::println!("{slot} is {word}."),
    }
}

fn list(listed: &Listed, json: bool) {
    if json {
        anstream::println!("{:#}", serde_json::json!(listed));
        return;
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["slot", "", "code", "machine", ""]);
    let waiting = listed.waiting.iter().map(|slot| ("waits", slot));
    for (word, slot) in waiting.chain(listed.adopted.iter().map(|slot| ("adopted", slot))) {
        table.add_row([slot.slot.as_str(), word, &slot.code, &slot.machine, &slot.note]);
    }
    anstream::println!("{table}");
    if listed.waiting.is_empty() && listed.adopted.is_empty() {
        anstream::println!("No slot is adopted, and none waits.");
    }
}
