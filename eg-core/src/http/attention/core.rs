//! Items about the core itself: its journal, disk, broker, and whoever speaks to it.

use super::facts::{Facts, slot_link};
use super::item::{AttentionItem, AttentionKind as Kind, Severity};
use crate::engine::Alert;
use crate::http::disk::Space;
use eg_proto::Text;

/// Part of the disk below which somebody should look, in percents; small disks of sessions fill in a season.
const LOW_PERCENT: u64 = 5;
/// Room below which somebody should look, whatever the size of the disk.
const LOW: u64 = 500 * MEGABYTE;
/// Room below which the journal is about to stop.
const OUT: u64 = 100 * MEGABYTE;
const MEGABYTE: u64 = 1_000_000;

pub(super) fn items(facts: &Facts<'_>) -> Vec<AttentionItem> {
    let alerts = facts.state.alerts.iter().filter_map(|(alert, text)| of_alert(facts, alert, text));
    alerts.chain(facts.disk.and_then(|space| of_disk(facts, space))).collect()
}

/// Returns the item of an alert; `None` for those that slots and rooms tell themselves.
fn of_alert(facts: &Facts<'_>, alert: &Alert, text: &Text) -> Option<AttentionItem> {
    use Severity::{Failure, Note, Warning};
    let (severity, kind, of, next, link) = match alert {
        Alert::Twin(_) | Alert::Game => return None,
        Alert::Disk => (Failure, Kind::JournalRefuses, "", "next-journal", None),
        Alert::Missing => (Failure, Kind::EntriesMissing, "", "next-missing", None),
        Alert::Broker => (Failure, Kind::BrokerLost, "", "next-broker", None),
        Alert::Crowd => (Failure, Kind::Alert, "crowd", "next-crowd", Some("/#slots")),
        Alert::Beyond(slot) => {
            let link = slot_link(slot);
            let item = AttentionItem::new(
                Warning,
                Kind::Alert,
                slot.as_str(),
                text.clone(),
                facts.of_slot("next-slot", slot),
            );
            return Some(AttentionItem { slot: Some(slot.clone()), ..item.link(link) });
        }
        Alert::Client(id) => (Warning, Kind::Alert, id.as_str(), "next-client", Some("/#slots")),
        Alert::Quarantine => (Warning, Kind::Alert, "quarantine", "next-quarantine", None),
        Alert::Refusal(id) => {
            (Warning, Kind::Alert, id.as_str(), "next-refusal", Some("/#refusals"))
        }
        Alert::Compat => (Note, Kind::Alert, "compat", "next-compat", Some("/#compat")),
    };
    let item = AttentionItem::new(severity, kind, of, text.clone(), facts.say(next));
    Some(match link {
        Some(link) => item.link(link),
        None => item,
    })
}

fn of_disk(facts: &Facts<'_>, space: Space) -> Option<AttentionItem> {
    let severity = match space {
        Space { free, .. } if free < OUT => Severity::Failure,
        Space { free, .. } if free < LOW || space.percent() < LOW_PERCENT => Severity::Warning,
        Space { .. } => return None,
    };
    let free = Text::same((space.free / MEGABYTE).to_string());
    let what = facts.tell("attention-disk", [("free", &free)]);
    Some(AttentionItem::new(severity, Kind::DiskSpace, "", what, facts.say("next-disk")))
}
