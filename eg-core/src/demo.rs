//! Demo: a whole room in one process — broker, core, and simulated slots whose players press like people.

mod args;
mod director;
mod folder;
mod playback;
mod player;
mod ports;
mod report;
mod seat;
mod welcome;

pub(crate) use args::Args;

use crate::clock::SteadyClock;
use crate::config::{CoreConfig, Environment, Seeds};
use crate::http::Looks;
use crate::server::Server;
use crate::server::shutdown::Signals;
use anyhow::{Context, Result};
use director::{Director, NightError};
use eg_config::Source;
use eg_game::StepResult;
use eg_proto::{RoomId, SlotId};
use folder::{Folder, JOURNAL};
use player::Pace;
use ports::Layout;
use report::{DemoReport, Events};
use seat::{DemoFolder, DemoSlot};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use welcome::{DEMO_ROOM, welcome};

/// Settings of every demo's core, with `SLOTS` in place of the slots.
const ROOM: &str = include_str!("../../configs/demo/core.yaml");
/// Number of questions in one night.
const STEPS: u32 = 3;

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
    let access = house.core().access();
    let mut seats = Vec::new();
    for number in 0..args.slots {
        let place = DemoFolder {
            number: usize::from(number),
            folder,
            mqtt: house.core().mqtt().port,
            page: layout.slot(number),
            player,
            access: &access,
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
    let mut signals = Signals::listen().context("cannot wait for signals")?;
    welcome(house, seats, Some(seed), db);
    if !args.manual {
        println!("The night begins when you open the operator's page or the display.");
    }
    tokio::select! {
        played = nights(args.manual, &director, &slots, house) => played,
        _ = signals.next() => Ok(()),
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
