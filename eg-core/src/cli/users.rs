//! `users`: lists, invites, removes and changes users, for anyone who may read and write the core's data.

use super::account_file::{AccountFile, by, explained, page_of};
use super::exit::{complain, finish};
use crate::auth::{Auth, Role};
use crate::clock::SteadyClock;
use anyhow::{Context, bail};
use comfy_table::{Table, presets};
use serde_json::json;
use std::io::BufRead;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    file: AccountFile,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// List the users and the invitations that wait.
    List,
    /// Invite somebody: print a link that works once, whose opener chooses a password.
    Invite {
        /// Name: 1 to 32 of a-z, 0-9, ".", "_" and "-".
        name: String,
        /// Role: each may do what the one before it may.
        #[arg(value_enum)]
        role: Role,
        /// Hours for which the link works, 1 to 720.
        #[arg(long, default_value_t = 48)]
        hours: u64,
    },
    /// Remove a user; every session of the user ends. What the user did stays in the journal.
    Remove {
        /// Name of the user.
        name: String,
    },
    /// Set a user's password: print one that is drawn or, with --stdin, take the first line of standard input. Every
    /// session of the user ends.
    Password {
        /// Name of the user.
        name: String,
        /// Read the password from standard input.
        #[arg(long)]
        stdin: bool,
    },
    /// Set a user's role.
    Role {
        /// Name of the user.
        name: String,
        /// Role from now on.
        #[arg(value_enum)]
        role: Role,
    },
}

pub(super) fn run(args: &Args) -> ExitCode {
    match args.file.path() {
        Ok(account) => finish(act(&account, args)),
        Err(problems) => complain(&problems),
    }
}

fn act(account: &std::path::Path, args: &Args) -> anyhow::Result<()> {
    let clock = Arc::new(SteadyClock::default());
    let auth = Auth::open_existing(account, clock).map_err(explained)?;
    match &args.act {
        Act::List => list(&auth, args.json),
        Act::Invite { name, role, hours } => invite(&auth, name, *role, *hours, args.json)?,
        Act::Remove { name } => {
            auth.remove(name, by())?;
            done(args.json, &format!("{name} is removed."));
        }
        Act::Password { name, stdin } => {
            let given = stdin.then(first_line).transpose()?;
            let was_given = given.is_some();
            let password = auth.reset_password(name, given, None, by())?;
            match (args.json, was_given) {
                (_, true) => done(args.json, &format!("{name} has a new password.")),
                (true, false) => anstream::println!("{}", json!({ "password": password })),
                (false, false) => anstream::println!("{password}"),
            }
        }
        Act::Role { name, role } => {
            auth.set_role(name, *role, by())?;
            done(args.json, &format!("{name} is {} now.", role.word()));
        }
    }
    Ok(())
}

fn list(auth: &Auth, json: bool) {
    let (users, invitations) = (auth.users(), auth.invitations());
    if json {
        let all = json!({ "items": users, "invitations": invitations });
        anstream::println!("{all:#}");
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(["user", "role", "sessions"]);
    for user in users {
        table.add_row([user.name, user.role.word().to_owned(), user.sessions.to_string()]);
    }
    for invited in invitations {
        table.add_row([invited.name, invited.role.word().to_owned(), "invited".to_owned()]);
    }
    anstream::println!("{table}");
}

fn invite(auth: &Auth, name: &str, role: Role, hours: u64, json: bool) -> anyhow::Result<()> {
    let life = Duration::from_secs(hours.saturating_mul(3600));
    let token = auth.invite(name, role, life, by())?;
    let link = format!("{}/invite?token={token}", page_of(auth.page()?)?);
    if json {
        anstream::println!("{}", json!({ "link": link }));
    } else {
        anstream::println!("{link}");
        anstream::eprintln!(
            "It works once, within {hours} h; whoever opens it chooses a password."
        );
    }
    Ok(())
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        bail!("wanted the password in the first line of standard input, found nothing");
    }
    Ok(password)
}

fn done(json: bool, what: &str) {
    if json {
        anstream::println!("{}", json!({ "ok": true }));
    } else {
        anstream::println!("{what}");
    }
}
