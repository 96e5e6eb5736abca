//! `replay`: checks that recorded sessions still come out as they were recorded.

use super::exit::{FAILED, finish};
use crate::engine::{Difference, Replay, Replayed, replay as replay_record};
use crate::journal::{KeptSession, Reader, Record};
use anyhow::{Context, Result};
use eg_game::{RULES, games};
use serde::Serialize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Number of sessions that are looked up at a time.
const PAGE: usize = 200;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Session to replay, by its number or as an exported file; by default every session.
    what: Option<String>,
    /// Path of the journal, or of an archive of it.
    #[arg(long, env = "DB_PATH", default_value = "./data/eg.db")]
    db: PathBuf,
    /// Print a JSON array, one object for each session.
    #[arg(long)]
    json: bool,
}

/// Result of replaying one session.
#[derive(Serialize)]
struct Outcome {
    session: i64,
    room: String,
    game: String,
    /// Revision of the rules that the session was played by.
    rules: u16,
    entries: u64,
    /// Number of looks whose words or offers differ from the record, because the session was played by earlier rules.
    #[serde(skip_serializing_if = "is_none")]
    not_compared: u64,
    /// First difference from the record; `None` if everything came out as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Difference>,
    /// Version of the game then and now, if they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<(String, String)>,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Outcome {
    fn of(
        session: &KeptSession,
        entries: u64,
        replayed: Result<Replayed, Box<Difference>>,
    ) -> Self {
        let game = session.game.clone();
        Self {
            session: session.id,
            room: session.room.to_string(),
            rules: session.roster.rules(),
            entries,
            not_compared: replayed.as_ref().map_or(0, |replayed| replayed.not_compared),
            difference: replayed.err().map(|difference| *difference),
            versions: other_version(&game, session.version.clone()),
            game,
        }
    }
}

pub(super) fn replay(args: &Args) -> ExitCode {
    let outcomes = match outcomes(args) {
        Ok(outcomes) => outcomes,
        Err(error) => return finish(Err(error)),
    };
    if args.json {
        let text = serde_json::to_string_pretty(&outcomes).unwrap_or_default();
        anstream::println!("{text}");
    } else {
        outcomes.iter().for_each(tell);
        anstream::println!("{}", summary(&outcomes));
    }
    let same = outcomes.iter().all(|outcome| outcome.difference.is_none());
    if same { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

fn outcomes(args: &Args) -> Result<Vec<Outcome>> {
    match &args.what {
        None => every(&Reader::open(&args.db)?),
        Some(what) => match what.parse() {
            Ok(number) => {
                let one = one(&Reader::open(&args.db)?, number)?;
                let told = || format!("no session {number} in {}", args.db.display());
                Ok(vec![one.with_context(told)?])
            }
            Err(_) => Ok(vec![of_file(Path::new(what))?]),
        },
    }
}

fn every(journal: &Reader) -> Result<Vec<Outcome>> {
    let mut all = Vec::new();
    let mut before = i64::MAX;
    loop {
        let page = journal.sessions_before(before, PAGE)?;
        let Some(last) = page.last() else { break };
        before = last.id;
        for session in &page {
            all.extend(one(journal, session.id)?);
        }
    }
    all.reverse();
    Ok(all)
}

fn one(journal: &Reader, session: i64) -> Result<Option<Outcome>> {
    let begin = |kept: KeptSession| (kept.clone(), 0_u64, Ok(Replay::begin(kept)));
    let played = journal.play_back(session, begin, |(_, entries, replay), line| {
        *entries += 1;
        if let Ok(playing) = replay
            && let Err(difference) = playing.take(&line)
        {
            *replay = Err(difference);
        }
        if replay.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(played.map(|(kept, entries, replay)| {
        Outcome::of(&kept, entries, replay.and_then(Replay::finish))
    }))
}

fn of_file(file: &Path) -> Result<Outcome> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let record = Record::from_json(&text).with_context(|| {
        format!("{} is no exported session; wanted a session's number or its file", file.display())
    })?;
    let entries = record.entries.len() as u64;
    Ok(Outcome::of(&record.session, entries, replay_record(&record)))
}

fn other_version(game: &str, then: Option<String>) -> Option<(String, String)> {
    let now = games().into_iter().find(|entry| entry.kind == game)?.version.to_owned();
    then.filter(|then| *then != now).map(|then| (then, now))
}

fn tell(outcome: &Outcome) {
    let Outcome { session, room, game, rules, entries, not_compared, difference, versions } =
        outcome;
    match difference {
        None => {
            anstream::println!("session {session}: {game} in {room}, {entries} entries: the same")
        }
        Some(difference) => anstream::println!("{difference}"),
    }
    if *not_compared > 0 {
        anstream::println!(
            "  played by revision {rules} of the rules, today's is {RULES}: not compared are what {not_compared} \
             looks showed and offered; everything else is"
        );
    }
    if let Some((then, now)) = versions {
        anstream::println!("  recorded with {game} {then}; this core has {now}");
    }
}

fn summary(outcomes: &[Outcome]) -> String {
    let differ = outcomes.iter().filter(|outcome| outcome.difference.is_some()).count();
    let sessions = outcomes.len();
    let s = if sessions == 1 { "" } else { "s" };
    match differ {
        0 => format!("{sessions} session{s}, all as they were recorded"),
        differ => format!("{sessions} session{s}, {differ} not as recorded"),
    }
}
