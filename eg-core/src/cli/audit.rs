//! `audit`: prints who did what to accounts and slots, for anyone who may read the core's data.

use super::account_file::{AccountFile, explained};
use super::exit::{complain, finish};
use crate::audit::AuditRecord;
use crate::auth::Auth;
use crate::clock::SteadyClock;
use comfy_table::{Table, presets};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    file: AccountFile,
    /// Largest number of records.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// Number below which the list begins: that of the last record of the page before.
    #[arg(long, value_name = "NUMBER")]
    before: Option<i64>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn print(args: &Args) -> ExitCode {
    match args.file.path() {
        Ok(account) => finish(list(&account, args)),
        Err(problems) => complain(&problems),
    }
}

fn list(account: &Path, args: &Args) -> anyhow::Result<()> {
    let clock = Arc::new(SteadyClock::default());
    let auth = Auth::open_existing(account, clock).map_err(explained)?;
    let records = auth.trail(args.before.unwrap_or(i64::MAX), args.limit)?;
    if args.json {
        anstream::println!("{:#}", json!({ "items": records }));
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["", "time", "who", "from", "act", "about", ""]);
    for record in records {
        let time = time(record.at.0);
        let AuditRecord { id, by, address, act, about, mut detail, count, .. } = record;
        if count > 1 {
            detail = format!("{detail} × {count}");
        }
        table.add_row([id.to_string(), time, by, address, act, about, detail]);
    }
    anstream::println!("{table}");
    Ok(())
}

/// Formats a time in UTC: `2026-11-30T21:53:33Z`.
fn time(micros: i64) -> String {
    let since = Duration::from_micros(u64::try_from(micros).unwrap_or_default());
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since).to_string()
}
