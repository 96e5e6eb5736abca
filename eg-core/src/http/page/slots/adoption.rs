//! Adoption of slots: who waits, who was refused, who comes without a secret, and what the operator does about them.

use crate::access::{Adopted, Refusal, RefusalKind, Waiting};
use crate::auth::Role;
use crate::engine::read_model::{ReadModel, Slot};
use crate::http::context::Context;
use crate::http::page::ask::Ask;
use crate::http::page::text::Localizer;
use eg_proto::{NotAdopted, Presence, SlotId};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Number of refusals that the page lists; all are in the API.
const REFUSALS: usize = 8;

/// Standing of the room's slots with their secrets, for one rendering.
#[derive(Default)]
pub(in crate::http::page) struct Adoption {
    pub(in crate::http::page) adopted: BTreeMap<SlotId, Adopted>,
    pub(in crate::http::page) waiting: BTreeMap<SlotId, Waiting>,
    /// Latest first.
    pub(in crate::http::page) refusals: Vec<Refusal>,
    /// Clients of the old contract come in without a password.
    pub(in crate::http::page) compat: bool,
    /// The reader may adopt, name and revoke.
    pub(in crate::http::page) manages: bool,
}

impl Adoption {
    /// Reads who is adopted, waits, and was refused now.
    pub(in crate::http::page) fn now(context: &Context, reader: Option<Role>) -> Self {
        let access = &context.access;
        Self {
            adopted: access.adopted(),
            waiting: access.waiting(),
            refusals: access.refusals(),
            compat: context.compat,
            manages: reader == Some(Role::Operator),
        }
    }

    /// Returns the standing of these slots alone; who waits and who was refused belongs to no room.
    pub(in crate::http::page) fn of_slots(&self, state: &ReadModel) -> Self {
        let known = self.adopted.iter().filter(|(id, _)| state.slots.contains_key(*id));
        let adopted = known.map(|(id, adopted)| (id.clone(), adopted.clone())).collect();
        let Self { compat, manages, .. } = *self;
        Self { adopted, compat, manages, ..Self::default() }
    }

    /// Returns `true` for a slot that speaks without a secret.
    fn is_guest(&self, id: &SlotId, slot: &Slot) -> bool {
        self.compat && slot.presence == Presence::Online && !self.adopted.contains_key(id)
    }

    /// Renders what stands above the tiles: the switch for the old contract, and whoever waits.
    pub(super) fn above(&self, voice: Localizer<'_>, state: &ReadModel) -> Markup {
        let guests: Vec<_> =
            state.slots.iter().filter(|(id, slot)| self.is_guest(id, slot)).collect();
        html! {
            @if self.compat {
                div #compat .note.bad.tight {
                    p { strong { (voice.say("compat-on")) } " " (voice.say("compat-means")) }
                    @if !guests.is_empty() {
                        p.small { (voice.say("compat-guests")) }
                        div.seats.small {
                            @for (id, slot) in guests { span.pill.bad { (id) " " (slot.version) } }
                        }
                    }
                }
            }
            @if !self.waiting.is_empty() {
                div #waiting .tight role="status" aria-label=(voice.say("waiting")) {
                    h3 { (voice.say("waiting")) }
                    p.small.soft { (voice.say("waiting-help")) }
                    div.tiles {
                        @for (id, waiting) in &self.waiting { (waits(voice, id, waiting, self.manages)) }
                    }
                }
            }
        }
    }

    /// Renders what stands below the tiles: slots that are adopted and were never heard of, and whoever was refused.
    pub(super) fn below(&self, voice: Localizer<'_>, state: &ReadModel) -> Markup {
        let unheard: Vec<_> =
            self.adopted.iter().filter(|(id, _)| !state.slots.contains_key(*id)).collect();
        let told = self.refusals.iter().filter(|one| !self.is_told_above(one));
        let refusals: Vec<_> = told.take(REFUSALS).collect();
        html! {
            @if !unheard.is_empty() {
                div #unheard .tight {
                    h3 { (voice.say("adopted-unheard")) }
                    div.tiles {
                        @for (id, adopted) in unheard {
                            section.tile id=(format!("adopted-{id}")) aria-label=(id) {
                                strong { (id) }
                                (identity(voice, id, adopted, self.manages))
                            }
                        }
                    }
                }
            }
            @if !refusals.is_empty() {
                div #refusals .tight {
                    h3 { (voice.say("refusals")) }
                    ul.items.small { @for one in refusals { (refused(voice, one)) } }
                }
            }
        }
    }

    /// Returns `true` for a slot that tries its secret while it waits.
    fn is_told_above(&self, one: &Refusal) -> bool {
        let waits = self.waiting.contains_key(one.client.as_str());
        waits
            && match one.why {
                RefusalKind::Unknown | RefusalKind::Revoked | RefusalKind::OtherSecret => true,
                RefusalKind::NoSecret
                | RefusalKind::Copied
                | RefusalKind::TakenId
                | RefusalKind::Publish
                | RefusalKind::Subscribe
                | RefusalKind::Will
                | RefusalKind::Full => false,
            }
    }

    /// Renders the card of a slot on the slot's own page: who waits under its name, and the acts on its secret.
    pub(super) fn of_page(&self, voice: Localizer<'_>, id: &SlotId, slot: &Slot) -> Markup {
        html! {
            @if let Some(waiting) = self.waiting.get(id) { (waits(voice, id, waiting, self.manages)) }
            @match self.adopted.get(id) {
                Some(adopted) => (card(voice, id, adopted, self.manages)),
                None if self.is_guest(id, slot) => p.note.bad.small { (voice.say("guest")) },
                None => p.soft.small { (voice.say("not-adopted")) },
            }
        }
    }
}

/// Renders a slot that waits, with its code and the button that adopts it.
fn waits(voice: Localizer<'_>, id: &SlotId, waiting: &Waiting, manages: bool) -> Markup {
    let Waiting { code, machine, version, boards, why, since, .. } = waiting;
    let address = format!("/api/slots/{id}/adopt");
    let sent = html! { input type="hidden" name="code" value=(code); };
    let (tone, told) = match why {
        NotAdopted::OtherSecret => ("warn", Some("waits-other-secret")),
        NotAdopted::Revoked => ("bad", Some("waits-revoked")),
        NotAdopted::Unknown | NotAdopted::Full | NotAdopted::Other => ("warn", None),
    };
    html! {
        section.tile id=(format!("waiting-{id}")) aria-label=(id) {
            div.row {
                strong { (id) }
                span.grow {}
                span.pill.(tone) { (voice.say("waits")) }
            }
            p.big.mono { (code) }
            p.soft.small {
                (machine)
                @if !version.is_empty() { " · " (version) }
                " · " time data-at=(since.0 / 1_000) data-keep {}
            }
            @if !boards.is_empty() { p.small { (boards.join(", ")) } }
            @if let Some(told) = told { p.note.(tone).small { (voice.say(told)) } }
            @if manages { @match why {
                NotAdopted::Unknown | NotAdopted::Full | NotAdopted::Other => {
                    form.inline id=(format!("adopt-{id}")) data-post=(address) {
                        (sent)
                        button.main type="submit" aria-label=(voice.with("adopt-slot", "slot", id)) { (voice.say("adopt")) }
                        output {}
                    }
                }
                NotAdopted::OtherSecret => (Ask {
                    id: format!("replace-{id}"),
                    label: voice.say("replace"),
                    means: "replace-means",
                    post: &address,
                    fields: sent,
                    key: None,
                }.show(voice)),
                NotAdopted::Revoked => (Ask {
                    id: format!("readopt-{id}"),
                    label: voice.say("adopt-again"),
                    means: "adopt-again-means",
                    post: &address,
                    fields: sent,
                    key: None,
                }.show(voice)),
            } }
        }
    }
}

/// Renders the acts on an adopted slot, shut until somebody opens them.
fn identity(voice: Localizer<'_>, id: &SlotId, adopted: &Adopted, manages: bool) -> Markup {
    html! {
        details.act id=(format!("identity-{id}")) {
            summary.small { (voice.say("identity")) }
            (card(voice, id, adopted, manages))
        }
    }
}

/// Renders who adopted a slot, and the end of its right.
fn card(voice: Localizer<'_>, id: &SlotId, adopted: &Adopted, manages: bool) -> Markup {
    let Adopted { machine, label, at, by, .. } = adopted;
    html! {
        p.soft.small {
            (voice.with("adopted-by", "by", by)) " · " time data-at=(at.0 / 1_000) data-keep {}
            @if !machine.is_empty() { " · " (machine) }
            @if !label.is_empty() { " · " (label) }
        }
        @if manages {
            (Ask {
                id: format!("revoke-{id}"),
                label: voice.say("revoke"),
                means: "revoke-means",
                post: &format!("/api/slots/{id}/revoke"),
                fields: html! {},
                key: None,
            }.show(voice))
        }
    }
}

fn refused(voice: Localizer<'_>, one: &Refusal) -> Markup {
    let Refusal { client, why, topic, address, other, count, last, .. } = one;
    let (tone, key) = match why {
        RefusalKind::NoSecret => ("warn", "refused-no-secret"),
        RefusalKind::Unknown => ("warn", "refused-unknown"),
        RefusalKind::Revoked => ("bad", "refused-revoked"),
        RefusalKind::OtherSecret => ("bad", "refused-other-secret"),
        RefusalKind::Copied => ("bad", "refused-copied"),
        RefusalKind::TakenId => ("bad", "refused-taken-id"),
        RefusalKind::Publish => ("bad", "refused-publish"),
        RefusalKind::Subscribe => ("warn", "refused-subscribe"),
        RefusalKind::Will => ("bad", "refused-will"),
        RefusalKind::Full => ("warn", "refused-full"),
    };
    let other = other.map_or_else(String::new, |other| other.to_string());
    let blanks = [("topic", topic.as_str().into()), ("other", other.into())];
    html! {
        li {
            span.(tone) { strong { (client) } " " (voice.words.tell(voice.lang, key, blanks)) }
            span.soft {
                " · " (address) " · " (voice.words.tell(voice.lang, "times", [("n", (*count).into())]))
                " · " time data-at=(last.0 / 1_000) data-keep {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
