//! Demo: a whole room in one process — broker, core, and simulated slots whose players press like people.

mod director;
mod playback;
mod player;
mod ports;
mod report;
mod seat;

use crate::clock::SteadyClock;
use crate::config::{CoreConfig, Environment, Seeds};
use crate::http::Looks;
use crate::server::Server;
use crate::server::shutdown::asked_to_stop;
use anyhow::{Context, Result};
use director::{Director, NightError};
use eg_config::Source;
use eg_game::StepResult;
use eg_proto::{RoomId, SlotId};
use player::Pace;
use ports::Layout;
use report::{DemoReport, Events};
use seat::{DemoFolder, DemoSlot};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::sleep;

/// Id of the demo's room.
const DEMO_ROOM: &str = "main";
/// Settings of every demo's core, with `SLOTS` in place of the slots.
const ROOM: &str = include_str!("../../configs/demo/core.yaml");
/// Name of the journal's file in the demo's folder.
const JOURNAL: &str = "eg.db";
/// Number of questions in one night.
const STEPS: u32 = 3;

/// Arguments of `eg-core demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Number of slots
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..=99))]
    slots: u16,
    /// Seed of the night: the same seed is the same night; drawn and printed when it is not given
    #[arg(long)]
    seed: Option<u64>,
    /// Keep journal and outboxes in this folder; otherwise in a temporary one
    #[arg(long)]
    data: Option<PathBuf>,
    /// Leave all presses to you, on the slots' pages
    #[arg(long)]
    manual: bool,
    /// Use this port and the next three for MQTT, WebSocket, API and operator page, and the ports from ten after it
    /// for the slots' pages
    #[arg(long, conflicts_with = "ports", value_parser = clap::value_parser!(u16).range(1..=65_400))]
    port_base: Option<u16>,
    /// Choice of ports: `usual`, or `auto` for ports that are free
    #[arg(long)]
    ports: Option<Layout>,
    /// Play one night with nobody looking, then end
    #[arg(long, group = "ends", conflicts_with = "manual")]
    once: bool,
    /// Print the result as one JSON object; only with --once or --replay
    #[arg(long, requires = "ends")]
    json: bool,
    /// Play a recorded session again: its presses on simulated boards at their recorded pace, its acts by themselves.
    /// It fails when it comes out otherwise
    #[arg(long, value_name = "FILE", group = "ends", conflicts_with_all = ["manual", "once", "slots", "seed"])]
    replay: Option<PathBuf>,
    /// Factor by which --replay shortens the pauses. The game's own timers are waited for as they are
    #[arg(long, requires = "replay", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "a number is wanted".to_owned())?;
    if (0.1..=1_000.0).contains(&speed) { Ok(speed) } else { Err("0.1 to 1000".to_owned()) }
}

/// Folder of the demo's files: one that is kept, or a temporary one that is removed with this value.
enum Folder {
    Kept(PathBuf),
    Temporary(TempDir),
}

impl Folder {
    fn open(wanted: Option<PathBuf>) -> Result<Self> {
        match wanted {
            Some(folder) => {
                let told = format!("cannot make the folder {}", folder.display());
                std::fs::create_dir_all(&folder).context(told)?;
                Ok(Self::Kept(folder))
            }
            None => Ok(Self::Temporary(tempfile::tempdir().context("no temporary folder")?)),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(folder) => folder,
            Self::Temporary(folder) => folder.path(),
        }
    }
}

/// Runs the demo until its night is over (`--once`) or somebody stops it.
///
/// # Errors
/// A port that is taken, a folder that cannot be written, or a night that does not end well.
pub(crate) fn run(args: &Args) -> Result<()> {
    let folder = Folder::open(args.data.clone())?;
    let layout = args.port_base.map_or(args.ports.unwrap_or_default(), Layout::From);
    // A night that nobody watches needs no port that anybody knows.
    let layout = if args.once && layout == Layout::Usual { Layout::Free } else { layout };
    if let Some(file) = &args.replay {
        return playback::run(args, file, layout, &folder);
    }
    let seed = args.seed.unwrap_or_else(|| u64::from(rand::random::<u16>()));
    let house = open_house(args, seed, layout, folder.path())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(fill(args, seed, layout, folder.path(), &house))
}

/// Starts the slots and their players, plays, and stops the slots.
async fn fill(args: &Args, seed: u64, layout: Layout, folder: &Path, house: &Server) -> Result<()> {
    let player = (!args.manual).then_some((seed, pace(args.once)));
    let mut seats = Vec::new();
    for number in 0..args.slots {
        let place = DemoFolder {
            number: usize::from(number),
            folder,
            mqtt: house.core().mqtt().port,
            page: layout.slot(number),
            player,
        };
        seats.push(DemoSlot::take(place).await.with_context(|| format!("slot {}", number + 1))?);
    }
    let played = play(args, seed, house, &seats, &folder.join(JOURNAL)).await;
    for seat in seats {
        seat.leave().await;
    }
    played
}

fn pace(once: bool) -> Pace {
    if once { Pace::Brisk } else { Pace::Human }
}

fn open_house(args: &Args, seed: u64, layout: Layout, folder: &Path) -> Result<Server> {
    let slots: Vec<String> = (1..=args.slots).map(|n| format!("slot-{n:02}")).collect();
    let text = ROOM.replace("SLOTS", &slots.join(", "));
    let source = Source::text("configs/demo/core.yaml", text);
    let mut config = CoreConfig::from_source(&source, &Environment::default())?;
    config.ports = layout.core();
    config.db = folder.join(JOURNAL);
    config.sessions.seeds = Seeds::From(seed);
    Server::open(&config, Arc::new(SteadyClock::default()))
        .context("the demo cannot open; --ports auto takes ports that are free")
}

/// Plays one night and reports its results (`--once`), or plays on until somebody ends the demo.
async fn play(args: &Args, seed: u64, house: &Server, seats: &[DemoSlot], db: &Path) -> Result<()> {
    let room = RoomId::new(DEMO_ROOM)?;
    let pause = if args.once { Duration::from_millis(50) } else { Duration::from_secs(6) };
    let director = Director { handle: house.handle(), room, pause };
    let slots: Vec<_> = seats.iter().map(|seat| seat.slot.clone()).collect();
    if args.once {
        director.gather(&slots).await?;
        let results = director.night(STEPS).await?;
        return tell(args.json, seed, house, seats, &results).await;
    }
    welcome(house, seats, Some(seed), db);
    if !args.manual {
        println!("The night begins when you open the operator's page or the display.");
    }
    tokio::select! {
        played = nights(args.manual, &director, &slots, house) => played,
        () = asked_to_stop() => Ok(()),
    }
}

/// Plays night after night while somebody watches, until a person plays one or the core stops.
async fn nights(manual: bool, director: &Director, slots: &[SlotId], house: &Server) -> Result<()> {
    director.gather(slots).await?;
    let mut looks = house.audience().looks();
    let mut opened = 0;
    if manual {
        return std::future::pending().await;
    }
    loop {
        let watched = |looks: &Looks| looks.open > 0 || looks.opened > opened;
        if looks.wait_for(watched).await.is_err() {
            return Ok(());
        }
        let played = director.night(STEPS).await;
        opened = looks.borrow().opened;
        match played {
            Ok(_) => sleep(director.pause).await,
            Err(NightError::Refused(why)) => {
                eprintln!("The night is yours now: {why}");
                break;
            }
            Err(NightError::Stopped) => return Ok(()),
        }
    }
    std::future::pending().await
}

/// Waits until every numbered event is stored, and prints the results of the night.
async fn tell(
    json: bool,
    seed: u64,
    house: &Server,
    seats: &[DemoSlot],
    results: &[StepResult],
) -> Result<()> {
    let mut sent = 0;
    for seat in seats {
        let mut slot = seat.watch();
        let settled = slot.wait_for(|slot| slot.outbox.waiting == 0).await?;
        sent += settled.outbox.taken;
    }
    let result = results.last().context("a night without a step")?;
    let events = Events::new(sent, house.handle().state().counts);
    let lost = events.lost;
    if json {
        println!("{}", serde_json::to_string(&DemoReport { seed, result, results, events })?);
    } else {
        for result in results {
            println!("step {}: {}", result.step, result.why.en);
        }
        println!("{sent} events, {lost} lost");
    }
    anyhow::ensure!(lost == 0, "{lost} events were lost");
    Ok(())
}

/// Prints the addresses of the core and the slots.
fn welcome(house: &Server, seats: &[DemoSlot], seed: Option<u64>, db: &Path) {
    let at = house.addresses();
    let seed = seed.map(|seed| format!(" (seed {seed})")).unwrap_or_default();
    println!("EG is running a room of {} simulated slots{seed}.\n", seats.len());
    println!("  operator  http://{}/?token={}", at.page, house.login_token());
    println!("  display   http://{}/display/{}", at.page, DEMO_ROOM);
    for seat in seats {
        println!("  {:<8}  http://{}/", seat.slot.as_str(), seat.page);
    }
    println!("  API       http://{}/docs", at.api);
    println!("  MQTT      {}:{}", at.mqtt.host, at.mqtt.port);
    if let Some(websocket) = at.websocket {
        println!("  WebSocket ws://{websocket}/mqtt");
    }
    println!(
        "\nThe operator's link signs one browser in. For another: eg-core login-link --db {}",
        db.display()
    );
    if let Some(password) = house.drawn_password() {
        println!("Or with the password, {password}, on http://{}/login", at.page);
    }
    println!("Ctrl-C ends the room.");
}
