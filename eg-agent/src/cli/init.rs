//! `init`: writes a slot's file, from a few answers or from flags.

use super::exit::{FAILED, MISTAKE, complain};
use crate::config::{Overrides, Source, read_slot, schema};
use crate::library::Catalog;
use crate::survey::{Asked, KernelWires, Machine, Survey, snippet};
use eg_discovery::{FoundCore, Network, look_around};
use eg_page::{Interview, Lang, Words};
use eg_proto::SlotId;
use std::fs::File;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// File that editors read the slot's schema from, beside the slot's.
const SCHEMA: &str = "slot.schema.json";
/// Slot of a machine whose name is no slot's.
const FIRST: &str = "slot-01";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write; slot.yaml when it is left out.
    #[arg(default_value = "slot.yaml")]
    file: PathBuf,
    /// Id of the slot; the machine's name, or slot-01, when nobody is asked.
    #[arg(long)]
    slot: Option<SlotId>,
    /// Address of the core; left out, the slot looks for it on the network.
    #[arg(long, value_name = "HOST")]
    core: Option<String>,
    /// Boards of the file.
    #[arg(long, value_enum)]
    boards: Option<Boards>,
    /// Ask nothing, at a terminal either.
    #[arg(long)]
    yes: bool,
}

/// Boards that a new file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Boards {
    /// Those that answer on the wires; simulated ones where none does.
    Scan,
    /// Simulated buttons and a lamp.
    Sim,
}

pub(super) fn init(args: &Args, catalog: &Catalog, lang: Lang) -> ExitCode {
    let words = Words::new(include_str!("init/fr.ftl"), include_str!("init/en.ftl"));
    let words = match words {
        Ok(words) => words,
        Err(error) => return failed(&error.to_string()),
    };
    let interview = Interview::new(words, lang, args.yes);
    let name = args.file.display().to_string();
    if args.file.exists() {
        return failed(&interview.tell("there-already", "file", &name));
    }
    let text = match answers(args, catalog, &interview) {
        Ok(text) => text,
        Err(why) => {
            anstream::eprintln!("{why}");
            return ExitCode::from(MISTAKE);
        }
    };
    // What was scanned has to be as good as what a person writes.
    if let Err(problems) = read_slot(Source::text(&name, text.as_str()), &Overrides::default()) {
        return complain(&problems);
    }
    let folder = args.file.parent().unwrap_or(Path::new(""));
    let editors = serde_json::to_string_pretty(&schema(catalog)).unwrap_or_default();
    if let Err(error) = write_new(&args.file, &text) {
        return failed(&format!("{name}: {error}"));
    }
    // An older schema is as good for an editor, and another file of that name is not ours.
    let _ = write_new(&folder.join(SCHEMA), &editors);
    anstream::println!("{}", interview.tell("written", "file", &name));
    anstream::println!("{}", interview.tell("next", "file", &name));
    anstream::println!("  eg-agent check {name}\n  eg-agent run {name}\n  eg-agent doctor {name}");
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
fn answers(args: &Args, catalog: &Catalog, interview: &Interview) -> Result<String, String> {
    let slot = match &args.slot {
        Some(slot) => slot.clone(),
        None => {
            let said = |said: &str| SlotId::new(said).map_err(|error| error.to_string());
            interview.ask("slot", &own_name(), said)?
        }
    };
    let core = match &args.core {
        Some(core) => core.trim().to_owned(),
        None if interview.asks() => {
            let cores = in_sight();
            let all: Vec<_> = cores.iter().map(ToString::to_string).collect();
            if !all.is_empty() {
                anstream::eprintln!("{}", interview.tell("cores-seen", "cores", &all.join(", ")));
            }
            // Of several a person chooses.
            let default = if all.len() > 1 { cores[0].address.to_string() } else { String::new() };
            interview.ask("core", &default, |said| Ok(said.to_owned()))?
        }
        None => String::new(),
    };
    let survey = || Survey::of(&Machine::default(), &mut KernelWires, catalog, Asked::Headers);
    let survey = (args.boards != Some(Boards::Sim)).then(survey);
    let found = survey.as_ref().map(boards_of).unwrap_or_default();
    let scanned = match args.boards {
        Some(Boards::Sim) => false,
        _ if found.is_empty() => {
            anstream::eprintln!("{}", interview.tell("no-boards", "file", ""));
            false
        }
        Some(Boards::Scan) => true,
        None => {
            let wrong = interview.tell("yes-or-sim", "file", "");
            let said = |said: &str| match said.to_ascii_lowercase().as_str() {
                "sim" => Ok(false),
                "yes" | "y" | "oui" | "o" => Ok(true),
                _ => Err(wrong.clone()),
            };
            anstream::eprintln!("{}", interview.tell("boards-seen", "boards", &found));
            interview.ask("boards", "yes", said)?
        }
    };
    let boards = survey.filter(|_| scanned).map(|survey| snippet(&survey));
    Ok(file(&slot, &core, boards.as_deref()))
}

/// The boards that would stand in the file, for a person.
fn boards_of(survey: &Survey) -> String {
    let chips = survey.i2c.iter().flat_map(|bus| bus.chips.iter().filter(|it| it.kernel.is_none()));
    let chips = chips.filter_map(|chip| Some(chip.likely.first()?.chip.clone()));
    let keyboards = survey.keyboards.iter().map(|found| found.keyboard.clone());
    chips.chain(keyboards).collect::<Vec<_>>().join(", ")
}

/// The name of this machine, where it can be a slot's.
fn own_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().to_ascii_lowercase();
    let numbered = name.ends_with(|last: char| last.is_ascii_digit());
    if numbered && SlotId::new(&name).is_ok() { name } else { FIRST.to_owned() }
}

fn in_sight() -> Vec<FoundCore> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let network = Network::of(Ipv4Addr::UNSPECIFIED.into());
    let seen = runtime.ok().map(|runtime| runtime.block_on(look_around(network)));
    seen.and_then(Result::ok).unwrap_or_default()
}

fn file(slot: &SlotId, core: &str, boards: Option<&str>) -> String {
    let core = match core {
        "" => {
            "# core: { host: 192.168.1.27 }   # left out: the core that announces itself is found\n"
                .to_owned()
        }
        host => format!("core: {{ host: {} }}\n", serde_json::json!(host)),
    };
    let (hal, devices) = match boards {
        Some(boards) => ("linux", boards),
        None => ("sim", SIMULATED),
    };
    format!(
        "# yaml-language-server: $schema={SCHEMA}
# The boards of this slot. `eg-agent check` tells every mistake at once, `eg-agent doctor` looks from the wire up,
# `eg-agent scan` finds boards, `eg-agent drivers` lists what they can be.
slot: {slot}

# The machine that runs eg-core. Its operator adopts this slot once, by the code that both pages show.
{core}
# `sim` runs all of this without hardware, `linux` drives the real boards, `rppal` does so on a Raspberry Pi with PWM.
hal: {hal}

# Name the inputs of each board under `inputs:`, such as `a: {{ channel: 0, active: low }}`; what is not named is not
# listened to.
{devices}"
    )
}

/// Two buttons and a lamp that nobody has to wire.
const SIMULATED: &str = "devices:
  panel:
    driver: button-row
    config: { inputs: [GPIO5, GPIO6], outputs: [GPIO18], pull: up }
    inputs:
      a: { channel: 0, active: low }
      b: { channel: 1, active: low }
    outputs:
      lamp: { channel: 0, safe: off }
";
