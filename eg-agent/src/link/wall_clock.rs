//! The slot's own idea of the date, for people; never for ordering.

use eg_proto::{Loose, Timestamp};
use std::time::{Duration, UNIX_EPOCH};

/// Returns the date now as RFC 3339, in UTC with milliseconds.
pub(super) fn now() -> Loose {
    Loose::Text(rfc3339(eg_clock::date()))
}

/// Returns the date now, in microseconds since the Unix epoch.
pub(super) fn timestamp() -> Timestamp {
    Timestamp::default() + eg_clock::date()
}

/// Writes a date, given as the time since the Unix epoch.
fn rfc3339(date: Duration) -> String {
    humantime::format_rfc3339_millis(UNIX_EPOCH + date).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_date_in_utc_to_the_millisecond() {
        let dates = [0, 951_782_399_007, 951_782_400_000, 1_795_478_400_500]
            .map(|millis| rfc3339(Duration::from_millis(millis)));

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
