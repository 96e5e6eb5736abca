//! The way to the core, step by step, and what both sides have to agree on.

use super::adoption;
use super::printer::Printer;
use super::probe::{self, Failure, Probe, Step, failed};
use super::target::{Identity, Target};
use crate::config::CoreAddress;
use crate::pairing::PinnedAuthority;
use eg_mqtt::{SharedAuthority, Trust};
use eg_page::Finding;
use eg_proto::PairAnswer;
use std::time::Duration;

/// Number of messages that are sent around to measure the way.
const ROUNDS: usize = 9;
/// Difference of the clocks of two machines that people begin to notice in logs and certificates.
const OFFSET: Duration = Duration::from_secs(2);

/// Tries the connection, and tells each step.
pub(super) async fn examine(target: &Target, report: &mut Printer) {
    let tried = Steps { core: &target.core, report: &mut *report }.all(target).await;
    if let Err(Failure { step, cause }) = tried {
        let finding = with_place(Finding::bad(step.key()), &target.core, "");
        report.tell(match cause {
            Some(cause) => finding.because(cause),
            None => finding,
        });
    }
}

/// Fills in the words that the steps have: where the core is, and what was found.
fn with_place(finding: Finding, core: &CoreAddress, more: &str) -> Finding {
    let place = format!("{}:{}", core.host, core.port);
    let (address, topic) = if more.is_empty() { (&*place, probe::TOPICS) } else { (more, more) };
    let finding = finding.with("host", &core.host).with("port", core.port);
    finding.with("address", address).with("topic", topic)
}

struct Steps<'a> {
    core: &'a CoreAddress,
    report: &'a mut Printer,
}

impl Steps<'_> {
    fn passed(&mut self, step: Step, more: &str) {
        self.report.tell(with_place(Finding::good(step.key()), self.core, more));
    }

    async fn all(mut self, target: &Target) -> Result<(), Failure> {
        let addresses = probe::resolve(&self.core.host, self.core.port).await?;
        self.passed(Step::Resolve, &addresses[0].ip().to_string());
        let address = probe::connect(&addresses).await?;
        self.passed(Step::Connect, "");
        let core = CoreAddress { host: address.ip().to_string(), ..*self.core };
        let slot = target.slot.as_ref();
        let trust = trust(&core, slot)?;
        let asked = match slot {
            Some(slot) => Some((adoption::ask(&core, trust.clone(), slot).await, slot)),
            None => None,
        };
        let asked = match asked {
            Some((Ok(asked), slot)) => {
                self.passed(Step::Asked, "");
                agreements(&asked.answer, asked.took, slot)
                    .into_iter()
                    .for_each(|finding| self.report.tell(finding));
                asked.check(trust.as_ref())?;
                self.passed(Step::Adopted, slot.slot.as_str());
                self.measured(&mut [asked.took]);
                return Ok(());
            }
            Some((Err(failure), _)) => Some(failure),
            None => None,
        };
        // A core of before adoption, or a broker that lets everybody in.
        let mut probe = match Probe::attach(&core, trust).await {
            Err(Failure { step: Step::Password, cause }) => {
                return Err(asked.unwrap_or(Failure { step: Step::Password, cause }));
            }
            attached => attached?,
        };
        self.passed(Step::Mqtt, "");
        self.passed(Step::Subscribe, "");
        let mut trips = Vec::new();
        for round in 0..ROUNDS {
            trips.push(probe.send_around(round).await?);
        }
        self.passed(Step::Publish, "");
        self.measured(&mut trips);
        probe.leave().await;
        Ok(())
    }

    fn measured(&mut self, trips: &mut [Duration]) {
        trips.sort_unstable();
        let millis = |trip: Option<&Duration>| {
            let trip = trip.copied().unwrap_or_default();
            format!("{:.2}", trip.as_secs_f64() * 1_000.0)
        };
        let finding = Finding::good("round-trip");
        let finding = finding.with("median", millis(trips.get(trips.len() / 2)));
        self.report.tell(finding.with("worst", millis(trips.last())).with("count", trips.len()));
    }
}

/// Compares what both sides say of themselves; an earlier core says nothing.
fn agreements(answer: &PairAnswer, took: Duration, slot: &Identity) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(core) = &answer.version {
        let own = env!("CARGO_PKG_VERSION");
        let release =
            |version: &str| version.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
        let same = release(core) == release(own);
        let finding = if same { Finding::good("version") } else { Finding::doubtful("version") };
        found.push(finding.with("own", own).with("core", core));
    }
    if let Some(now) = answer.now_us {
        let here = i64::try_from(eg_clock::all().date.as_micros()).unwrap_or(i64::MAX);
        let half = i64::try_from(took.as_micros() / 2).unwrap_or_default();
        let offset = Duration::from_micros(now.0.saturating_add(half).abs_diff(here));
        let close = offset < OFFSET;
        let finding = if close { Finding::good("offset") } else { Finding::doubtful("offset") };
        found.push(finding.with("offset", format!("{:.2}", offset.as_secs_f64())));
    }
    if slot.compat && answer.compat == Some(false) {
        found.push(Finding::doubtful("compat"));
    }
    found
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
