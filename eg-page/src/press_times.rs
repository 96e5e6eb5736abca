//! Table of the times that presses of a slot took, which the slot page and the operator page show.

use crate::Lang;
use eg_proto::{Latency, Spread, Text};
use maud::{Markup, html};

/// Width of a bar of a histogram.
const BAR: usize = 6;
/// Height of the highest bar.
const HIGH: u64 = 24;

/// Renders the times that presses of a slot took, a line for each stage that was measured.
pub fn press_times(lang: Lang, latency: &Latency) -> Markup {
    let say = |fr: &'static str, en: &'static str| if lang == Lang::Fr { fr } else { en };
    let stage = |name: &str| match name {
        "sent" => say("appui → parti", "press → sent"),
        "acked" => say("parti → enregistré", "sent → stored"),
        _ => say("appui → lampe", "press → lamp"),
    };
    let stages = latency.stages().into_iter().filter(|(_, spread)| spread.n > 0);
    html! {
        div.scroll tabindex="0" {
            table.spreads {
                tr {
                    th { (say("16 µs à 16 s, par doublement", "16 µs to 16 s, by doubling")) }
                    th { (say("nombre", "number")) } th { (say("moitié", "half")) } th { "95 %" } th { "99 %" }
                    th { (say("pire", "worst")) }
                }
                @for (name, spread) in stages {
                    tr {
                        th scope="row" { (stage(name)) (bars(stage(name), spread)) }
                        td { (spread.n) }
                        @for us in [spread.p50_us, spread.p95_us, spread.p99_us, spread.max_us] {
                            td { (lang.of(&span(us))) }
                        }
                    }
                }
            }
        }
    }
}

/// Draws the octaves of a distribution as bars.
fn bars(name: &str, spread: &Spread) -> Markup {
    let most = spread.octaves.iter().copied().max().unwrap_or(0).max(1);
    let bar = |(octave, count): (usize, &u64)| {
        // One among many is seen too.
        let high = u64::try_from(u128::from(*count) * u128::from(HIGH) / u128::from(most));
        let high = high.unwrap_or(HIGH).max(u64::from(*count > 0));
        format!("M{} {HIGH}v-{high}h{}v{high}z", octave * BAR, BAR - 1)
    };
    let path: String = spread.octaves.iter().take(Spread::OCTAVES).enumerate().map(bar).collect();
    let (width, view) = (Spread::OCTAVES * BAR, format!("0 0 {} {HIGH}", Spread::OCTAVES * BAR));
    html! {
        svg width=(width) height=(HIGH) viewBox=(view) role="img" aria-label=(name) {
            path d=(path) fill="currentColor" {}
        }
    }
}

/// Formats a time with two or three digits: `820 µs`, `12.3 ms`, `1.5 s`.
pub fn span(us: u64) -> Text {
    let tenths = |value: u64, unit: &str| {
        let (whole, tenth) = (value / 10, value % 10);
        Text::new(format!("{whole},{tenth} {unit}"), format!("{whole}.{tenth} {unit}"))
    };
    match us {
        0..1_000 => Text::new(format!("{us} µs"), format!("{us} µs")),
        1_000..1_000_000 => tenths(us / 100, "ms"),
        _ => tenths(us / 100_000, "s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latency(octaves: Vec<u64>) -> Latency {
        let n = octaves.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let sent =
            Spread { n, p50_us: 820, p95_us: 12_345, p99_us: 1_500_000, max_us: u64::MAX, octaves };
        Latency { sent, ..Latency::default() }
    }

    #[test]
    fn a_stage_that_was_measured_has_a_line_in_the_language_of_the_page() {
        let fr = press_times(Lang::Fr, &latency(vec![0, 100, 1])).into_string();
        let en = press_times(Lang::En, &latency(vec![0, 100, 1])).into_string();

        for told in ["appui → parti", "820 µs", "12,3 ms", "1,5 s", "M6 24v-24h5v24z", "M12 24v-1h"]
        {
            assert!(fr.contains(told), "{told}: {fr}");
        }
        assert!(en.contains("press → sent") && en.contains("12.3 ms"), "{en}");
        assert!(!en.contains("lamp"), "nothing was answered: {en}");
    }

    #[test]
    fn numbers_of_a_stranger_stay_within_the_drawing() {
        let html = press_times(Lang::En, &latency(vec![u64::MAX; 1_000])).into_string();

        assert_eq!(html.matches("v-24h5v24z").count(), Spread::OCTAVES, "{html}");
    }
}
