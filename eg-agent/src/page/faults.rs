//! Faults of a simulated board: a button for each, held down while it lasts.

use super::view::View;
use crate::slot::DeviceView;
use eg_hal::Span;
use eg_hal::sim::{BusFault, Fault};
use maud::{Markup, html};

/// The faults of one board; nothing on a real one.
pub(super) fn faults(view: &View<'_>, device: &DeviceView) -> Markup {
    let faults = view.inputs.map(|inputs| inputs.faults(&device.name)).unwrap_or_default();
    let wrong = faults.iter().filter(|(_, on)| *on).count();
    html! {
        @if !faults.is_empty() {
            details id=(format!("faults-{}", device.name)) {
                summary {
                    (view.say("faults"))
                    @if wrong > 0 { " " span.pill.warn { (view.with("faults-now", "n", wrong)) } }
                }
                div.row { @for (fault, on) in &faults { (button(view, fault, *on)) } }
            }
        }
    }
}

/// One that lasts is switched on and off; another one happens with each press.
fn button(view: &View<'_>, fault: &Fault, on: bool) -> Markup {
    let pressed = fault.lasts().then_some(on);
    html! {
        form.inline data-post="/fault" {
            input type="hidden" name="fault" value=(fault);
            input type="hidden" name="on" value=(!on) data-as="json";
            button type="submit" title=(fault) aria-pressed=[pressed] { (told(view, fault)) }
            output {}
        }
    }
}

/// A fault in the words of a person.
fn told(view: &View<'_>, fault: &Fault) -> String {
    let say = |key: &str, thing: &dyn ToString, how: String| {
        let blanks = [("thing", thing.to_string().into()), ("how", how.into())];
        view.words.tell(view.lang, key, blanks)
    };
    let count = |key: &str, thing: &dyn ToString, n: usize| {
        view.words.tell(view.lang, key, [("thing", thing.to_string().into()), ("n", n.into())])
    };
    let ill = |thing: &dyn ToString, fault: &BusFault| match fault {
        BusFault::Nacks(times) => count("fault-nacks", thing, *times as usize),
        BusFault::Vanishes => say("fault-vanishes", thing, String::new()),
        BusFault::ShortReads(bytes) => count("fault-reads", thing, *bytes),
        BusFault::Slow(per_byte) => say("fault-slow", thing, Span::from(*per_byte).to_string()),
    };
    match fault {
        Fault::Stuck(line, true) => say("fault-stuck-high", line, String::new()),
        Fault::Stuck(line, false) => say("fault-stuck-low", line, String::new()),
        Fault::Bounces(line, bounce) => {
            say("fault-bounces", line, Span::from(bounce.span).to_string())
        }
        Fault::Loses(line, edges) => count("fault-loses", line, *edges as usize),
        Fault::Chip(bus, address, fault) => ill(&format!("{bus}/{address:#04x}"), fault),
        Fault::SpiChip(slot, fault) => ill(slot, fault),
        Fault::BrownOut(bus, address) => {
            say("fault-browns-out", &format!("{bus}/{address:#04x}"), String::new())
        }
        Fault::SpiBrownOut(slot) => say("fault-browns-out", slot, String::new()),
        Fault::Unplugged(port) => say("fault-unplugged", port, String::new()),
        Fault::Dribbles(port, bytes) => count("fault-reads", port, *bytes),
        Fault::RollsOver(port, keys) => count("fault-rolls-over", port, *keys),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Overrides, Source, read_slot};
    use crate::simulated_inputs::SimulatedInputs;
    use crate::state::{Generation, SlotStatus};
    use eg_hal::Moment;
    use eg_hal::sim::Bench;
    use eg_page::{Lang, Words};
    use eg_proto::Boot;
    use std::sync::Arc;

    const SLOT: &str = "\
slot: slot-01
core: { host: 127.0.0.1 }
hal: sim
devices:
  panel: { driver: button-row, config: { inputs: [GPIO5] } }
  expander: { driver: pcf8574, config: { bus: i2c-1, inputs: [P0] } }
  shift: { driver: hc165, config: { select: spi0.0 } }
  reader: { driver: serial-tag, config: { port: /dev/ttyUSB0 } }
  keys: { driver: evdev-keys, config: { keyboard: /dev/input/event0, keys: [A] } }
";

    #[test]
    fn every_fault_is_on_the_page_in_both_languages_and_comes_and_goes() {
        let config = read_slot(Source::text("slot.yaml", SLOT), &Overrides::default());
        let config = Arc::new(config.unwrap_or_else(|problems| panic!("{problems}")));
        let slot_status = SlotStatus::new(config.slot.clone(), Boot(ulid::Ulid(1)), true);
        let inputs =
            SimulatedInputs::new(Arc::clone(&config), Bench::virtual_time(), slot_status.clone())
                .unwrap();
        slot_status.set_devices(
            config.devices.iter().map(|device| (device, Generation::default())),
            Moment(0),
        );
        let words = Words::new(include_str!("fr.ftl"), include_str!("en.ftl")).unwrap();
        let mut verbs = std::collections::BTreeSet::new();
        let state = slot_status.read().clone();

        for (device, config) in state.devices.iter().zip(&config.devices) {
            for fault in &config.faults {
                verbs.insert(fault.to_string().split(' ').nth(1).unwrap().to_owned());
                inputs.fail(fault, true).unwrap();
                let on = inputs.faults(&device.name).contains(&(fault.clone(), true));
                for lang in [Lang::Fr, Lang::En] {
                    let (state, inputs) = (&state, Some(&inputs));
                    let view = View {
                        words: &words,
                        lang,
                        state,
                        inputs,
                        panel: None,
                        reloads: false,
                        file: false,
                    };
                    let html = faults(&view, device).into_string();
                    assert!(html.contains(&format!("value=\"{fault}\"")), "{fault}: {html}");
                    assert!(!html.contains("fault-"), "{fault} has no words: {html}");
                }
                inputs.fail(fault, false).unwrap();
                let off = inputs.faults(&device.name).contains(&(fault.clone(), false));
                assert_eq!((on, off), (fault.lasts(), true), "{fault}");
            }
        }

        let all = Fault::WORDS.map(|words| words.split(' ').nth(1).unwrap().to_owned());
        assert_eq!(verbs, all.into());
    }
}
