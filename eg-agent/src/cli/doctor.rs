//! `doctor`: tries the connection to the core step by step, and says which step failed and what to try.

mod adoption;
mod probe;
mod target;

use super::exit::{FAILED, complain, finish};
use super::sources::Environment;
use crate::config::CoreAddress;
use crate::pairing::PinnedAuthority;
use anyhow::Context;
use eg_mqtt::{SharedAuthority, Trust};
use eg_page::{Lang, Words};
use probe::{Failure, Probe, Step, failed};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use target::Identity;

/// Number of messages that are sent around to measure the way.
const ROUNDS: usize = 9;

pub(super) fn doctor(said: Option<&str>, port: Option<u16>, environment: &Environment) -> ExitCode {
    let target = target::target(said, port, environment, Path::new(target::FOLDER));
    let (core, file, slot) = match target {
        Ok(target) => (target.core, target.file, target.slot),
        Err(problems) => return complain(&problems),
    };
    let Some(report) = Report::new(language(environment), &core.host, core.port) else {
        return ExitCode::from(FAILED);
    };
    if let Some(file) = file {
        report.passed(Step::Read, &file.display().to_string());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime.context("cannot start the runtime") {
        Ok(runtime) => runtime,
        Err(error) => return finish(Err(error)),
    };
    match runtime.block_on(examine(&core, slot.as_ref(), &report)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report.failed(&failure);
            ExitCode::from(FAILED)
        }
    }
}

/// The language of the locale, as POSIX looks for it (Base Definitions, 8.2).
fn language(environment: &Environment) -> Lang {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| environment.get(name).filter(|value| !value.is_empty()));
    said.and_then(|locale| Lang::from_code(locale)).unwrap_or_default()
}

async fn examine(
    core: &CoreAddress,
    slot: Option<&Identity>,
    report: &Report<'_>,
) -> Result<(), Failure> {
    let addresses = probe::resolve(&core.host, core.port).await?;
    report.passed(Step::Resolve, &addresses[0].ip().to_string());
    let address = probe::connect(&addresses).await?;
    report.passed(Step::Connect, "");
    let core = CoreAddress { host: address.ip().to_string(), ..*core };
    let trust = trust(&core, slot)?;
    let asked = match slot {
        Some(slot) => Some(adoption::ask(&core, trust.clone(), slot).await),
        None => None,
    };
    let asked = match (asked, slot) {
        (Some(Ok(trip)), Some(slot)) => {
            report.passed(Step::Asked, "");
            report.passed(Step::Adopted, slot.slot.as_str());
            report.measured(&mut [trip]);
            return Ok(());
        }
        (Some(Err(failure)), _) if failure.step.is_of_a_core() => {
            report.passed(Step::Asked, "");
            return Err(failure);
        }
        (asked, _) => asked.and_then(Result::err),
    };
    // A core of before adoption, or a broker that lets everybody in.
    let mut probe = match Probe::attach(&core, trust).await {
        Err(Failure { step: Step::Password, cause }) => {
            return Err(asked.unwrap_or(Failure { step: Step::Password, cause }));
        }
        attached => attached?,
    };
    report.passed(Step::Mqtt, "");
    report.passed(Step::Subscribe, "");
    let mut trips = Vec::new();
    for round in 0..ROUNDS {
        trips.push(probe.send_around(round).await?);
    }
    report.passed(Step::Publish, "");
    report.measured(&mut trips);
    probe.leave().await;
    Ok(())
}

/// Returns the rule by which the core is believed under TLS: the authority that the slot has pinned or, before that, the
/// one that the core shows.
fn trust(core: &CoreAddress, slot: Option<&Identity>) -> Result<Option<Trust>, Failure> {
    if !core.tls {
        return Ok(None);
    }
    let pinned = slot.map(|slot| PinnedAuthority::beside(slot.secret.path())).transpose();
    let pinned = pinned.map_err(|error| failed(Step::Secret)(error.to_string()))?;
    let pinned = pinned.map(|own| own.pinned().clone()).filter(|own| own.get().is_some());
    Ok(Some(pinned.map_or_else(|| Trust::FirstUse(SharedAuthority::default()), Trust::Pinned)))
}

/// Output of the command, in one language.
struct Report<'a> {
    words: Words,
    lang: Lang,
    host: &'a str,
    port: u16,
}

impl<'a> Report<'a> {
    fn new(lang: Lang, host: &'a str, port: u16) -> Option<Self> {
        let words = Words::new(include_str!("doctor/fr.ftl"), include_str!("doctor/en.ftl"));
        let words = words.inspect_err(|error| anstream::eprintln!("{error}")).ok()?;
        Some(Self { words, lang, host, port })
    }

    fn tell(&self, key: &str, more: &str) -> String {
        let place = format!("{}:{}", self.host, self.port);
        let (address, topic) =
            if more.is_empty() { (place.as_str(), probe::TOPICS) } else { (more, more) };
        let blanks = [
            ("host", self.host.into()),
            ("port", self.port.to_string().into()),
            ("address", address.into()),
            ("topic", topic.into()),
            ("cause", more.into()),
        ];
        self.words.tell(self.lang, key, blanks)
    }

    fn passed(&self, step: Step, more: &str) {
        anstream::println!("\u{1b}[32m✓\u{1b}[0m {}", self.tell(step.key(), more));
    }

    fn failed(&self, failure: &Failure) {
        let key = failure.step.key();
        anstream::println!("\u{1b}[31m✗\u{1b}[0m {}", self.tell(&format!("failed-{key}"), ""));
        if let Some(cause) = &failure.cause {
            anstream::println!("  {}", self.tell("because", cause));
        }
        anstream::println!("\u{1b}[36m→\u{1b}[0m {}", self.tell(&format!("try-{key}"), ""));
    }

    fn measured(&self, trips: &mut [Duration]) {
        trips.sort_unstable();
        let millis = |trip: Option<&Duration>| {
            let trip = trip.copied().unwrap_or_default();
            format!("{:.2}", trip.as_secs_f64() * 1_000.0)
        };
        let blanks = [
            ("median", millis(trips.get(trips.len() / 2)).into()),
            ("worst", millis(trips.last()).into()),
            ("count", trips.len().to_string().into()),
        ];
        let trip = self.words.tell(self.lang, "round-trip", blanks);
        let done = self.words.say(self.lang, "done");
        anstream::println!("\u{1b}[32m✓\u{1b}[0m {trip}");
        anstream::println!("\u{1b}[1;32m✓ {done}\u{1b}[0m");
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, Lang, Report, language};

    fn said(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn speaks_french_where_the_locale_does() {
        let languages = [
            &[("LANG", "fr_CA.UTF-8")][..],
            &[("LANG", "en_US.UTF-8"), ("LC_ALL", "fr_FR.UTF-8")],
            &[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "fr")],
            &[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")],
            &[("LANG", "de_DE.UTF-8")],
            &[],
        ]
        .map(|pairs| language(&said(pairs)));

        assert_eq!(languages, [Lang::Fr, Lang::Fr, Lang::Fr, Lang::En, Lang::En, Lang::En]);
    }

    #[test]
    fn has_the_same_words_in_both_languages() {
        assert!(Report::new(Lang::Fr, "core", 1883).is_some());
    }
}
