//! The slot's own idea of the date, for people; never for ordering.

use eg_proto::{Loose, Timestamp};

/// Now, as RFC 3339 in UTC with milliseconds.
pub(super) fn now() -> Loose {
    let date = eg_clock::date();
    let seconds = i64::try_from(date.as_secs()).unwrap_or(i64::MAX);
    Loose::Text(rfc3339(seconds, date.subsec_millis()))
}

/// Now, in microseconds since the Unix epoch.
pub(super) fn timestamp() -> Timestamp {
    Timestamp::default() + eg_clock::date()
}

/// Seconds since the Unix epoch as a date of the Gregorian calendar, counted from a 1 March so that the leap day comes
/// last (H. Hinnant, "chrono-compatible low-level date algorithms").
fn rfc3339(seconds: i64, millis: u32) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_calendar() {
        let dates = [(0, 0), (951_782_399, 7), (951_782_400, 0), (1_795_478_400, 500)]
            .map(|(seconds, millis)| rfc3339(seconds, millis));

        assert_eq!(
            dates,
            [
                "1970-01-01T00:00:00.000Z",
                "2000-02-28T23:59:59.007Z",
                "2000-02-29T00:00:00.000Z",
                "2026-11-24T00:00:00.500Z",
            ]
        );
    }
}
