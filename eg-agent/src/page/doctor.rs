//! The doctor's findings about this machine, as a part of the technician's page.

use crate::config::SlotConfig;
use crate::doctor::{self, doctor_words};
use crate::library::Catalog;
use crate::survey::{KernelWires, Machine};
use eg_page::{Finding, Lang, Soundness};
use maud::{Markup, html};

/// Looks at the wires, the disk and the supply of this machine. Blocks on the buses.
pub(super) fn examine(config: &SlotConfig) -> Vec<Finding> {
    let machine = Machine::default();
    let mut found = doctor::wires(config, &Catalog::linked(), &machine, &mut KernelWires);
    found.push(doctor::storage(&config.outbox));
    found.extend(doctor::power(&machine));
    found.extend(doctor::clock(&machine));
    found
}

/// The findings, those to be mended first.
pub(super) fn findings(found: &[Finding], lang: Lang) -> Markup {
    let Ok(words) = doctor_words() else { return html! {} };
    let mut found: Vec<_> = found.iter().collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.soundness));
    let look = |soundness| match soundness {
        Soundness::Good => ("good", "✓"),
        Soundness::Doubtful => ("warn", "!"),
        Soundness::Bad => ("bad", "✗"),
    };
    html! {
        ul.log {
            @for finding in found {
                @let (tone, mark) = look(finding.soundness);
                li {
                    span.(tone) { (mark) }
                    span {
                        (finding.found(&words, lang))
                        @if let Some(cause) = finding.cause(lang) { p.small.mono { (cause) } }
                        @if let Some(advice) = finding.advice(&words, lang) { p.small { "→ " (advice) } }
                    }
                }
            }
        }
    }
}
