//! `init`: writes a core's file, from a few answers or from flags.

use super::doctor::language;
use super::exit::{FAILED, MISTAKE, complain};
use super::settings::variables;
use crate::config::{CoreConfig, Environment};
use eg_config::Source;
use eg_page::{Interview, Words};
use eg_proto::RoomId;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// File that editors read the core's schema from, beside the core's.
const SCHEMA: &str = "core.schema.json";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write; core.yaml when it is left out.
    #[arg(default_value = "core.yaml")]
    file: PathBuf,
    /// Name of the room; main when nobody is asked.
    #[arg(long)]
    room: Option<RoomId>,
    /// Number of slots, called slot-01 and so on; when nobody is asked, every slot that comes plays.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=99))]
    slots: Option<u8>,
    /// Game of the room; night-vote when nobody is asked.
    #[arg(long)]
    game: Option<String>,
    /// Ask nothing, at a terminal either.
    #[arg(long)]
    yes: bool,
}

pub(super) fn init(args: &Args) -> ExitCode {
    let words = Words::new(include_str!("init/fr.ftl"), include_str!("init/en.ftl"));
    let words = match words {
        Ok(words) => words,
        Err(error) => return failed(&error.to_string()),
    };
    let interview = Interview::new(words, language(&variables()), args.yes);
    let name = args.file.display().to_string();
    if args.file.exists() {
        return failed(&interview.tell("there-already", "file", &name));
    }
    let text = match answers(args, &interview) {
        Ok(text) => text,
        Err(why) => {
            anstream::eprintln!("{why}");
            return ExitCode::from(MISTAKE);
        }
    };
    let source = Source::text(&name, text.as_str());
    if let Err(problems) = CoreConfig::from_source(&source, &Environment::default()) {
        return complain(&problems);
    }
    if let Err(error) = write_new(&args.file, &text) {
        return failed(&format!("{name}: {error}"));
    }
    let folder = args.file.parent().unwrap_or(Path::new(""));
    // An older schema is as good for an editor, and another file of that name is not ours.
    let _ = write_new(&folder.join(SCHEMA), &format!("{:#}\n", CoreConfig::schema().to_value()));
    anstream::println!("{}", interview.tell("written", "file", &name));
    anstream::println!("{}", interview.tell("next", "file", &name));
    anstream::println!("  eg-core check {name}\n  eg-core run {name}\n  eg-core doctor {name}");
    ExitCode::SUCCESS
}

fn failed(why: &str) -> ExitCode {
    anstream::eprintln!("{why}");
    ExitCode::from(FAILED)
}

fn write_new(file: &Path, text: &str) -> std::io::Result<()> {
    File::options().write(true).create_new(true).open(file)?.write_all(text.as_bytes())
}

/// Asks what the flags do not say, and makes the file of it.
fn answers(args: &Args, interview: &Interview) -> Result<String, String> {
    let room = match &args.room {
        Some(room) => room.clone(),
        None => interview
            .ask("room", "main", |said| RoomId::new(said).map_err(|error| error.to_string()))?,
    };
    let slots = match args.slots {
        None if interview.asks() => {
            let wrong = interview.tell("number", "n", "");
            let read = |said: &str| said.parse().ok().filter(|count| (1..=99).contains(count));
            Some(interview.ask("slots", "3", |said| read(said).ok_or_else(|| wrong.clone()))?)
        }
        said => said,
    };
    let known: Vec<_> = eg_game::games().into_iter().map(|game| game.kind).collect();
    let wrong = interview.tell("no-game", "games", &known.join(", "));
    let read =
        |said: &str| known.contains(&said).then(|| said.to_owned()).ok_or_else(|| wrong.clone());
    let game = match &args.game {
        Some(game) => read(game)?,
        None => interview.ask("game", crate::games::NIGHT, read)?,
    };
    Ok(file(&room, slots, &game))
}

fn file(room: &RoomId, slots: Option<u8>, game: &str) -> String {
    let slots = slots.map(|count| {
        let names: Vec<_> = (1..=count).map(|number| format!("slot-{number:02}")).collect();
        format!("slots: [{}]", names.join(", "))
    });
    let slots = slots.unwrap_or_else(|| {
        "# slots: [slot-01, slot-02]   # left out: every slot that is online".to_owned()
    });
    format!(
        "# yaml-language-server: $schema={SCHEMA}
# The room of this core. `eg-core check` tells every mistake at once, `eg-core doctor` looks at the rest, `eg-core games`
# lists the games. Everything that is not here has its default.

# The whole network: slots and phones come from there. Nobody on it can do anything without a secret that this core
# adopted, or a password. 127.0.0.1 lets in this machine alone.
listen: 0.0.0.0

# Slots whose files name no core find this one by multicast DNS; false announces nothing.
discovery: true

# The journal: one SQLite file.
db: ./data/eg.db

rooms:
  {room}:
    {slots}
    game: {game}
"
    )
}

#[cfg(test)]
mod tests;
