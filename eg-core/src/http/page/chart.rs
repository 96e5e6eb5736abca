//! Charts as SVG: bars and lines, drawn here. Their colours come from the style sheet, so that they follow light and dark; what
//! they show stands in a table beside them.

use maud::{Markup, html};

/// Width and height of a chart, in its own units: about one pixel each on a phone.
const SIZE: (f64, f64) = (320.0, 170.0);
/// Space around the plot: for the scale at the left, and for the names of columns below.
const LEFT: f64 = 56.0;
const BELOW: f64 = 26.0;
const ABOVE: f64 = 12.0;
/// Largest number of names below the columns.
const NAMES: usize = 4;

/// Column of a chart.
pub(super) struct ChartColumn {
    /// Name of the column, for the scale below.
    pub(super) name: String,
    /// Words that a pointer over the column is told.
    pub(super) told: String,
    /// Values that stand on each other, in the order of the chart's tones; `None` leaves a gap in a line.
    pub(super) values: Vec<Option<f64>>,
}

/// Chart with a title.
pub(super) struct Chart {
    /// Id of the chart on its page.
    pub(super) id: String,
    /// Title, read aloud as the name of the picture.
    pub(super) title: String,
    /// Sentence that tells what the picture shows.
    pub(super) told: String,
    /// Tones of the values: classes of the style sheet.
    pub(super) tones: &'static [&'static str],
    pub(super) columns: Vec<ChartColumn>,
    /// Formats a value of the scale.
    pub(super) scale: fn(f64) -> String,
}

impl Chart {
    /// Renders the values as columns of bars that stand on each other.
    pub(super) fn bars(&self) -> Markup {
        let most = self.most(|values| values.iter().flatten().sum());
        let width = self.step() * 0.72;
        self.frame(most, &html! {
            @for (place, column) in self.columns.iter().enumerate() {
                @let left = self.middle(place) - width / 2.0;
                g {
                    title { (column.told) }
                    // The whole column answers to a pointer, however low its bar.
                    rect.ground x=(at(self.middle(place) - self.step() / 2.0)) y=(at(ABOVE))
                        width=(at(self.step())) height=(at(depth())) {}
                    @for (tone, bottom, value) in stacked(self.tones, &column.values) {
                        @let height = value / most * depth();
                        rect class=(tone) x=(at(left)) y=(at(height_of(bottom + value, most))) width=(at(width))
                            height=(at(height)) rx="1.5" {}
                    }
                }
            }
        })
    }

    /// Renders the first value of each column as a line with a dot for each.
    pub(super) fn line(&self) -> Markup {
        let most = self.most(|values| values.first().copied().flatten().unwrap_or_default());
        let tone = self.tones.first().copied().unwrap_or_default();
        let dots: Vec<_> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| {
                let value = column.values.first().copied().flatten();
                (column, value.map(|value| (self.middle(place), height_of(value, most))))
            })
            .collect();
        let runs = dots.split(|(_, dot)| dot.is_none());
        self.frame(most, &html! {
            @for run in runs.filter(|run| run.len() > 1) {
                @let places = run.iter().filter_map(|(_, dot)| *dot);
                @let path: Vec<_> = places.map(|(x, y)| format!("{},{}", at(x), at(y))).collect();
                polyline.path.(tone) points=(path.join(" ")) {}
            }
            @for (column, dot) in &dots {
                @if let Some((x, y)) = dot {
                    g { title { (column.told) } circle class=(tone) cx=(at(*x)) cy=(at(*y)) r="4" {} }
                }
            }
        })
    }

    /// Draws title, scale and names around a plot.
    fn frame(&self, most: f64, plot: &Markup) -> Markup {
        let Self { id, title, told, columns, scale, .. } = self;
        let (width, height) = SIZE;
        let every = columns.len().div_ceil(NAMES).max(1);
        html! {
            figure.chart {
                figcaption id=(format!("{id}-title")) { (title) }
                svg viewBox=(format!("0 0 {width} {height}")) role="img" aria-labelledby=(format!("{id}-title"))
                    aria-describedby=(format!("{id}-told")) {
                    @for share in [0.0, 0.5, 1.0] {
                        @let y = height_of(share * most, most);
                        line.grid x1=(at(LEFT)) x2=(at(width)) y1=(at(y)) y2=(at(y)) {}
                        text x=(at(LEFT - 6.0)) y=(at(y + 5.0)) text-anchor="end" { (scale(share * most)) }
                    }
                    (plot)
                    @for (place, column) in columns.iter().enumerate().step_by(every) {
                        text x=(at(self.middle(place))) y=(at(height - 6.0)) text-anchor="middle" { (column.name) }
                    }
                }
                p.soft.small id=(format!("{id}-told")) { (told) }
            }
        }
    }

    /// Returns the upper end of the scale: a round number that no value exceeds, and that can be halved.
    fn most(&self, of: impl Fn(&[Option<f64>]) -> f64) -> f64 {
        let most = self.columns.iter().map(|column| of(&column.values)).fold(0.0, f64::max);
        round_up(most)
    }

    /// Returns the width of a column with its gap.
    #[expect(clippy::cast_precision_loss, reason = "a chart has some tens of columns")]
    fn step(&self) -> f64 {
        (SIZE.0 - LEFT) / self.columns.len().max(1) as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "a chart has some tens of columns")]
    fn middle(&self, place: usize) -> f64 {
        LEFT + self.step() * (place as f64 + 0.5)
    }
}

/// Returns the height of the plot.
fn depth() -> f64 {
    SIZE.1 - ABOVE - BELOW
}

/// Returns where a value stands, from above.
fn height_of(value: f64, most: f64) -> f64 {
    ABOVE + depth() * (1.0 - value / most)
}

/// Returns the parts of a column that have a height: tone, sum of those below, and value.
fn stacked(tones: &[&'static str], values: &[Option<f64>]) -> Vec<(&'static str, f64, f64)> {
    let mut bottom = 0.0;
    let mut parts = Vec::new();
    for (tone, value) in tones.iter().zip(values) {
        let value = value.unwrap_or_default();
        if value > 0.0 {
            parts.push((*tone, bottom, value));
        }
        bottom += value;
    }
    parts
}

/// Returns the next of 2, 4, 10, 20, 40, 100, … that is no smaller.
fn round_up(most: f64) -> f64 {
    let mut end = 2.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(60) {
        if end >= most {
            break;
        }
        end *= factor;
    }
    end
}

/// Formats a coordinate.
fn at(place: f64) -> String {
    format!("{place:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[&[Option<f64>]]) -> String {
        let column = |values: &&[Option<f64>]| ChartColumn {
            name: "x".to_owned(),
            told: "y".to_owned(),
            values: values.to_vec(),
        };
        let columns = values.iter().map(column).collect();
        let scale = |value| format!("{value}");
        let told = String::new();
        let chart = Chart {
            id: "c".to_owned(),
            title: "t".to_owned(),
            told,
            tones: &["a", "b"],
            columns,
            scale,
        };
        chart.bars().into_string() + &chart.line().into_string()
    }

    #[test]
    fn a_scale_ends_at_a_round_number_that_can_be_halved() {
        let ends = [0.0, 1.0, 3.0, 5.0, 11.0, 41.0, 1_001.0].map(round_up);

        assert_eq!(ends, [2.0, 2.0, 4.0, 10.0, 20.0, 100.0, 2_000.0]);
    }

    #[test]
    fn parts_without_a_height_are_not_drawn_and_a_gap_parts_the_line() {
        let drawn = chart(&[
            &[Some(1.0), Some(0.0)],
            &[Some(1.0), None],
            &[None, Some(2.0)],
            &[Some(2.0), None],
            &[Some(1.0), None],
        ]);

        assert_eq!(drawn.matches("<rect class=\"a\"").count(), 4);
        assert_eq!(drawn.matches("<rect class=\"b\"").count(), 1);
        assert_eq!(drawn.matches("<polyline").count(), 2);
        assert_eq!(drawn.matches("<circle").count(), 4);
    }

    #[test]
    fn a_chart_without_columns_is_drawn_too() {
        assert!(chart(&[]).contains("<svg"));
    }
}
