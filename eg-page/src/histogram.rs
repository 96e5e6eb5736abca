//! Histogram of times, drawn on the server: a bar for each doubling from 16 µs to 16 s.

use crate::Lang;
use crate::press_times::span;
use eg_proto::{Spread, Text};
use maud::{Markup, html};

/// Width of a bar and the gap after it.
const BAR: usize = 16;
/// Height of the highest bar.
const HIGH: u64 = 64;
/// Height under the bars, for the times.
const FOOT: u64 = 18;
/// Bars of which the times stand below.
const MARKS: [usize; 4] = [1, 6, 11, 16];

/// Draws a distribution of times under this name.
pub fn histogram(lang: Lang, name: &str, spread: &Spread) -> Markup {
    let most = spread.octaves.iter().copied().max().unwrap_or(0).max(1);
    let width = Spread::OCTAVES * BAR;
    let view = format!("0 0 {width} {}", HIGH + FOOT);
    let bars = spread.octaves.iter().take(Spread::OCTAVES).enumerate();
    html! {
        svg.histogram viewBox=(view) role="img" aria-label=(name) {
            @for (octave, count) in bars.filter(|(_, count)| **count > 0) {
                @let high = height(*count, most);
                rect x=(octave * BAR + 1) y=(HIGH - high) width=(BAR - 2) height=(high) fill="currentColor" {
                    title { (lang.of(&between(octave))) ": " (count) }
                }
            }
            path d=(format!("M0 {HIGH}H{width}")) stroke="currentColor" {}
            @for octave in MARKS {
                text x=(octave * BAR) y=(HIGH + FOOT - 3) font-size="13" text-anchor="middle" fill="currentColor" {
                    (lang.of(&span(begin_us(octave))))
                }
            }
        }
    }
}

/// Returns the height of a bar: one time among many is seen too.
fn height(count: u64, most: u64) -> u64 {
    let high = u128::from(count) * u128::from(HIGH) / u128::from(most);
    u64::try_from(high).unwrap_or(HIGH).max(1)
}

fn begin_us(octave: usize) -> u64 {
    if octave == 0 { 0 } else { Spread::end_us(octave - 1) }
}

fn between(octave: usize) -> Text {
    let (begin, end) = (span(begin_us(octave)), span(Spread::end_us(octave)));
    if octave + 1 == Spread::OCTAVES {
        return Text::new(format!("plus de {}", begin.fr), format!("more than {}", begin.en));
    }
    Text::new(format!("{} à {}", begin.fr, end.fr), format!("{} to {}", begin.en, end.en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_doubling_with_a_time_has_a_bar_that_tells_how_many() {
        let spread = Spread { n: 43, octaves: vec![0, 42, 1], ..Spread::default() };

        let en = histogram(Lang::En, "press → here", &spread).into_string();
        let fr = histogram(Lang::Fr, "appui → ici", &spread).into_string();

        assert_eq!(en.matches("<rect").count(), 2, "{en}");
        assert!(en.contains("32 µs to 64 µs: 42") && en.contains("height=\"64\""), "{en}");
        assert!(fr.contains("64 µs à 128 µs: 1"), "{fr}");
    }

    #[test]
    fn numbers_of_any_size_stay_within_the_drawing() {
        let spread = Spread { octaves: vec![u64::MAX; 1_000], ..Spread::default() };

        let html = histogram(Lang::En, "", &spread).into_string();

        assert_eq!(html.matches("height=\"64\"").count(), Spread::OCTAVES);
        assert!(html.contains("more than 8.3 s"), "{html}");
    }
}
