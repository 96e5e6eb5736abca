//! Order of presses, held against the truth: real cores and agents with clocks that drift, are bent, stand still and are
//! set, on links that are slow, uneven, stall and are cut.
//!
//! The truth comes from outside of the processes: a press happened between the request to the page of its slot and the
//! answer, by this machine's clock, and the core's clock is watched by pings of our own.

mod course;
mod play;
mod profile;
mod room;
mod tally;
mod watch;

use std::fs;
use std::path::Path;
use std::time::Duration;

use play::Play;
use profile::{PROFILES, Profile};
use room::{Room, core_at};
use tally::Tally;
use watch::Watch;

use crate::count::Count;
use crate::terminal::{Terminal, Tone};

/// The names of all profiles.
pub(super) fn names() -> Vec<&'static str> {
    PROFILES.iter().map(|profile| profile.name).collect()
}

/// Plays these profiles, each for so long; those that are short when none is named. How many kept what is promised.
pub(super) fn check(wanted: &[String], span: Duration, seed: u64, terminal: Terminal) -> Count {
    let is_wanted = |profile: &&Profile| match wanted {
        [] => profile.short,
        wanted => wanted.iter().any(|name| name == profile.name),
    };
    let mut count = Count::default();
    println!("{}", terminal.paint(Tone::Title, &tally::heads()));
    for profile in PROFILES.iter().filter(is_wanted) {
        let folder =
            std::env::temp_dir().join(format!("eg-net-{}-{}", std::process::id(), profile.name));
        // A play before this one may have left its folder, so that somebody looks at it.
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                println!("{}: {error}", folder.display());
            }
            Ok(()) | Err(_) => {}
        }
        let told = played(profile, span, seed, &folder);
        let kept = told.as_ref().is_ok_and(Tally::holds);
        let line = match &told {
            Ok(tally) => format!("{:16} {tally}", profile.name),
            Err(error) => format!("{:16} FAILED, seed {seed}: {error:#}", profile.name),
        };
        println!("{}", terminal.paint(if kept { Tone::Good } else { Tone::Bad }, &line));
        if kept {
            count.passed += 1;
            drop(fs::remove_dir_all(&folder));
        } else {
            count.failed += 1;
            println!("  logs and journal: {}", folder.display());
        }
    }
    count
}

fn played(profile: &Profile, span: Duration, seed: u64, folder: &Path) -> anyhow::Result<Tally> {
    let mut room = Room::open(profile, seed, folder)?;
    let watch = Watch::start(core_at());
    let rounds = Play { room: &mut room, profile, chance: seed }.rounds(span)?;
    // What still waits in an outbox comes by then.
    std::thread::sleep(Duration::from_secs(3));
    Tally::count(&rounds, &room.record()?, &watch)
}
