//! Statistics: figures of sessions by game and month, made of the list of sessions alone.

use crate::journal::SessionCount;
use serde::Serialize;
use std::collections::BTreeMap;

/// Number of hours of a day.
pub(super) const HOURS: usize = 24;

/// Sums over some sessions that are over.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Sums {
    /// Number of sessions.
    pub(super) sessions: u64,
    /// Number of them that came to their end.
    pub(super) done: u64,
    /// Number of them that were called off.
    pub(super) aborted: u64,
    /// Number of them whose game failed.
    pub(super) failed: u64,
    /// Median of the time that those took that came to their end, in µs; null if none did.
    pub(super) median_us: Option<i64>,
    /// Number of hints in the sessions whose hints were counted.
    pub(super) hints: i64,
    /// Number of sessions whose hints were counted.
    pub(super) counted: u64,
}

impl Sums {
    /// Returns the number of hints that a session had on average; `None` if those of none were counted.
    pub(super) fn hints_per_session(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
        (self.counted > 0).then(|| self.hints as f64 / self.counted as f64)
    }
}

/// Statistics of one game, or of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct GameStatistics {
    /// Sums over all months.
    pub(super) all: Sums,
    /// Sums of each month that had a session, by month as `2026-11`.
    pub(super) months: BTreeMap<String, Sums>,
    /// Number of sessions that began in each hour of the day.
    pub(super) hours: [u64; HOURS],
}

/// Statistics of a list of sessions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Statistics {
    /// Statistics of all games together.
    pub(super) all: GameStatistics,
    /// Statistics of each game, by its kind.
    pub(super) games: BTreeMap<String, GameStatistics>,
}

impl Statistics {
    /// Counts sessions.
    pub(super) fn of(sessions: &[SessionCount]) -> Self {
        let mut by_game: BTreeMap<String, Vec<&SessionCount>> = BTreeMap::new();
        for session in sessions {
            by_game.entry(session.game.clone()).or_default().push(session);
        }
        let games = by_game.into_iter().map(|(game, of)| (game, GameStatistics::of(&of))).collect();
        Self { all: GameStatistics::of(&sessions.iter().collect::<Vec<_>>()), games }
    }

    /// Returns every month from the first to the last with a session, also those without any.
    pub(super) fn months(&self) -> Vec<String> {
        let months = &self.all.months;
        let ends = months.keys().next().zip(months.keys().next_back());
        let number = |month: &str| {
            let (year, month) = month.split_once('-')?;
            Some(year.parse::<u32>().ok()? * 12 + month.parse::<u32>().ok()?.checked_sub(1)?)
        };
        let ends = ends.and_then(|(first, last)| number(first).zip(number(last)));
        let Some((first, last)) = ends else { return months.keys().cloned().collect() };
        (first..=last).map(|at| format!("{:04}-{:02}", at / 12, at % 12 + 1)).collect()
    }
}

impl GameStatistics {
    fn of(sessions: &[&SessionCount]) -> Self {
        let mut by_month: BTreeMap<String, Vec<&SessionCount>> = BTreeMap::new();
        let mut hours = [0; HOURS];
        for session in sessions {
            by_month.entry(session.month.clone()).or_default().push(session);
            if let Some(hour) = hours.get_mut(session.hour) {
                *hour += 1;
            }
        }
        let months = by_month.into_iter().map(|(month, of)| (month, sum(&of))).collect();
        Self { all: sum(sessions), months, hours }
    }

    /// Returns the hour in which most sessions began, with their number; the first of several; `None` without any.
    pub(super) fn busiest(&self) -> Option<(usize, u64)> {
        let most = self.hours.iter().copied().max().filter(|most| *most > 0)?;
        self.hours.iter().position(|count| *count == most).map(|hour| (hour, most))
    }
}

fn sum(sessions: &[&SessionCount]) -> Sums {
    let with = |status: &str| sessions.iter().filter(|it| it.status == status).count() as u64;
    let times = sessions.iter().filter(|it| it.status == "done").map(|it| it.took_us).collect();
    let counted = sessions.iter().filter_map(|it| it.hints);
    Sums {
        sessions: sessions.len() as u64,
        done: with("done"),
        aborted: with("aborted"),
        failed: sessions.len() as u64 - with("done") - with("aborted"),
        median_us: median(times),
        hints: counted.clone().sum(),
        counted: counted.count() as u64,
    }
}

/// Returns the value in the middle: half of the values are no greater, half are no smaller.
fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some(lower + (upper - lower) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn session() -> impl Strategy<Value = SessionCount> {
        let status = prop::sample::select(vec!["done", "aborted", "failed"]);
        let game = prop::sample::select(vec!["buzzer", "majority", "casino"]);
        let month = (2024_u32..2027, 1_u32..=12).prop_map(|(y, m)| format!("{y}-{m:02}"));
        let hints = prop::option::of(0_i64..9);
        (game, status, month, 0..HOURS, 0_i64..4_000_000_000, hints).prop_map(
            |(game, status, month, hour, took_us, hints)| SessionCount {
                game: game.to_owned(),
                status: status.to_owned(),
                month,
                hour,
                took_us,
                hints,
            },
        )
    }

    fn agrees(all: &Sums, parts: &[&Sums]) {
        let sum = |of: fn(&Sums) -> u64| parts.iter().map(|part| of(part)).sum::<u64>();
        assert_eq!(all.sessions, sum(|it| it.sessions));
        assert_eq!(all.done, sum(|it| it.done));
        assert_eq!(all.aborted, sum(|it| it.aborted));
        assert_eq!(all.failed, sum(|it| it.failed));
        assert_eq!(all.counted, sum(|it| it.counted));
        assert_eq!(all.hints, parts.iter().map(|part| part.hints).sum::<i64>());
        assert_eq!(all.sessions, all.done + all.aborted + all.failed);
    }

    proptest! {
        #[test]
        fn the_sums_of_games_months_and_hours_agree(sessions in prop::collection::vec(session(), 0..60)) {
            let statistics = Statistics::of(&sessions);

            prop_assert_eq!(statistics.all.all.sessions, sessions.len() as u64);
            let games: Vec<_> = statistics.games.values().map(|game| &game.all).collect();
            agrees(&statistics.all.all, &games);
            for game in statistics.games.values().chain([&statistics.all]) {
                agrees(&game.all, &game.months.values().collect::<Vec<_>>());
                prop_assert_eq!(game.hours.iter().sum::<u64>(), game.all.sessions);
                prop_assert_eq!(game.busiest().is_some(), game.all.sessions > 0);
            }
        }

        #[test]
        fn every_month_with_a_session_is_among_the_months(sessions in prop::collection::vec(session(), 0..40)) {
            let statistics = Statistics::of(&sessions);
            let months = statistics.months();

            prop_assert!(months.is_sorted());
            prop_assert!(statistics.all.months.keys().all(|month| months.contains(month)));
            prop_assert!(months.len() <= 36);
        }

        #[test]
        fn half_of_the_values_are_no_greater_than_the_median(values in prop::collection::vec(-1_000_i64..1_000, 1..50)) {
            let middle = median(values.clone()).unwrap();
            let below = values.iter().filter(|value| **value <= middle).count();
            let above = values.iter().filter(|value| **value > middle).count();

            prop_assert!(below * 2 >= values.len() && above * 2 <= values.len());
        }
    }

    #[test]
    fn only_sessions_that_came_to_their_end_have_a_usual_length() {
        let of = |status: &str, took_us| SessionCount {
            game: "buzzer".to_owned(),
            status: status.to_owned(),
            month: "2026-11".to_owned(),
            hour: 20,
            took_us,
            hints: None,
        };

        let statistics = Statistics::of(&[of("done", 60), of("done", 30), of("aborted", 1)]);

        assert_eq!(statistics.all.all.median_us, Some(45));
        assert_eq!(statistics.all.all.hints_per_session(), None);
        assert_eq!(statistics.all.busiest(), Some((20, 3)));
    }
}
