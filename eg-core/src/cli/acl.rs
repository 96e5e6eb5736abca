//! `acl`: prints who may publish and subscribe to which topic.

use super::config_file::ConfigFile;
use super::exit::complain;
use super::settings::read;
use crate::access::Acl;
use crate::access::matrix::{Right, Who, matrix};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    file: ConfigFile,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
}

pub(super) fn print(args: &Args) -> ExitCode {
    let config = match read(args.file.path()) {
        Ok(config) => config,
        Err(problems) => return complain(&problems),
    };
    let rows = matrix(&Acl::new(config.topics));
    if args.json {
        anstream::println!("{:#}", serde_json::json!(rows));
        return ExitCode::SUCCESS;
    }
    anstream::println!(
        "P: may publish, also retained and as a will. S: may subscribe. slot-01 and slot-02 are adopted, slot-09 waits.\n"
    );
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    let heads = Who::ALL.map(|who| match who {
        Who::Nobody => "no secret",
        Who::Guest => "guest (compat)",
        Who::Pairing => "slot-09 (waits)",
        Who::Slot => "slot-01",
        Who::Other => "slot-02",
        Who::Revoked => "revoked",
        Who::Core => "core",
    });
    table.set_header(["topic"].into_iter().chain(heads));
    for row in rows {
        let letters = row.rights.iter().map(|Right { publish, subscribe, .. }| {
            let letter = |may: bool, letter| if may { letter } else { "·" };
            format!("{} {}", letter(*publish, "P"), letter(*subscribe, "S"))
        });
        table.add_row([row.topic.clone()].into_iter().chain(letters));
    }
    anstream::println!("{table}");
    ExitCode::SUCCESS
}
