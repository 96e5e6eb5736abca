//! Tables as CSV (RFC 4180), safe to open in a spreadsheet.

use std::fmt::Write;
use std::time::{Duration, UNIX_EPOCH};

/// Media type of a CSV file.
pub(super) const MEDIA_TYPE: &str = "text/csv; charset=utf-8; header=present";

/// Mark by which spreadsheets know that a file is UTF-8.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Writes one row at the end of a text. A field that a spreadsheet would take for a formula gets an apostrophe in front,
/// except numbers.
pub(super) fn write_row<'a>(text: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (place, field) in fields.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        let is_formula = field
            .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
            && field.parse::<i64>().is_err();
        let field = if is_formula { format!("'{field}") } else { field.to_owned() };
        match field.contains([',', ';', '"', '\r', '\n']) {
            true => {
                // Writing to a text cannot fail.
                let _ = write!(text, "\"{}\"", field.replace('"', "\"\""));
            }
            false => text.push_str(&field),
        }
    }
    text.push_str("\r\n");
}

/// Formats a time, µs since the Unix epoch, in UTC: `2026-11-30T21:53:33Z`.
pub(super) fn time(micros: i64) -> String {
    let since = Duration::from_micros(u64::try_from(micros).unwrap_or_default());
    UNIX_EPOCH
        .checked_add(since)
        .map(|at| humantime::format_rfc3339_seconds(at).to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(fields: &[&str]) -> String {
        let mut text = String::new();
        write_row(&mut text, fields.iter().copied());
        text
    }

    #[test]
    fn what_a_spreadsheet_would_calculate_stays_a_text() {
        for formula in ["=1+1", "+1;2", "-2+3", "@SUM(A1)", "\t=1", "＝1+1"] {
            let told = row(&[formula]);
            assert!(told.trim_start_matches('"').starts_with('\''), "{told}");
        }
        assert_eq!(row(&["-12", "a=b", ""]), "-12,a=b,\r\n");
    }

    #[test]
    fn separators_and_quotes_stay_inside_their_field() {
        assert_eq!(
            row(&["a,b", "say \"x\"\r\n", "c;d"]),
            "\"a,b\",\"say \"\"x\"\"\r\n\",\"c;d\"\r\n"
        );
    }

    #[test]
    fn times_are_told_in_utc() {
        assert_eq!(time(1_764_000_000_000_000), "2025-11-24T16:00:00Z");
        assert_eq!(time(-1), "1970-01-01T00:00:00Z");
    }
}
