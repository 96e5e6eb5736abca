//! Filter of a list of sessions, as an address tells it.

use super::problem::Problem;
use crate::journal::SessionFilter;
use eg_proto::{RoomId, Text};
use serde::Deserialize;
use utoipa::IntoParams;

/// Status of sessions that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// Sessions that run.
    Running,
    /// Sessions that came to their end.
    Done,
    /// Sessions that were called off.
    Aborted,
    /// Sessions whose game failed.
    Failed,
}

impl SessionState {
    /// Every status.
    pub(crate) const ALL: [Self; 4] = [Self::Done, Self::Aborted, Self::Failed, Self::Running];

    /// Returns the word for this status, in the journal and in addresses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Aborted => "aborted",
            Self::Failed => "failed",
        }
    }
}

/// Filter of sessions, as an address tells it. A field that is empty says nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SessionQuery {
    /// First day of their start, as `2026-11-30` by the clock of the core's machine.
    pub(crate) from: Option<String>,
    /// Last day of their start.
    pub(crate) to: Option<String>,
    /// Room in which they were played.
    pub(crate) room: Option<String>,
    /// Kind of the game.
    pub(crate) game: Option<String>,
    /// Status: `running`, `done`, `aborted` or `failed`.
    pub(crate) status: Option<String>,
}

impl SessionQuery {
    /// Checks the fields.
    ///
    /// # Errors
    /// [`Problem`]: a field is no day, or no name at all.
    pub(crate) fn filter(&self) -> Result<SessionFilter, Problem> {
        let said = |field: &Option<String>| field.clone().filter(|field| !field.is_empty());
        let day = |field| match said(field) {
            Some(day) if !is_day(&day) => Err(no_day(&day)),
            day => Ok(day),
        };
        let name = |field| match said(field) {
            Some(name) if RoomId::new(name.clone()).is_err() => Err(no_name(&name)),
            name => Ok(name),
        };
        let status = name(&self.status)?;
        if let Some(status) = &status
            && !SessionState::ALL.iter().any(|known| known.word() == status)
        {
            return Err(no_status(status));
        }
        let (room, game) = (name(&self.room)?, name(&self.game)?);
        Ok(SessionFilter { from: day(&self.from)?, to: day(&self.to)?, room, game, status })
    }
}

/// Writes a filter as the end of an address: `&room=main&game=buzzer`. Its fields need no escapes.
pub(crate) fn address(filter: &SessionFilter) -> String {
    let SessionFilter { from, to, room, game, status } = filter;
    let fields = [("from", from), ("to", to), ("room", room), ("game", game), ("status", status)];
    let said = fields.into_iter().filter_map(|(name, field)| Some((name, field.as_ref()?)));
    said.map(|(name, field)| format!("&{name}={field}")).collect()
}

/// Returns `true` for a day as `2026-11-30`.
fn is_day(day: &str) -> bool {
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, date] = parts.as_slice() else { return false };
    let number = |text: &str, digits, range: std::ops::RangeInclusive<u32>| {
        text.len() == digits
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && text.parse().is_ok_and(|number| range.contains(&number))
    };
    number(year, 4, 1970..=9999) && number(month, 2, 1..=12) && number(date, 2, 1..=31)
}

fn no_day(day: &str) -> Problem {
    let fr = format!("« {day} » n’est pas un jour comme 2026-11-30");
    Problem::invalid(Text::new(fr, format!("{day:?} is no day such as 2026-11-30")), None)
}

fn no_name(name: &str) -> Problem {
    let fr = format!("rien ne peut s’appeler « {name} » ici");
    Problem::invalid(Text::new(fr, format!("nothing here can be called {name:?}")), None)
}

fn no_status(status: &str) -> Problem {
    let known = SessionState::ALL.map(SessionState::word).join(", ");
    let fr = format!("« {status} » n’est pas un état ; ceux-ci le sont : {known}");
    Problem::invalid(Text::new(fr, format!("{status:?} is no status; these are: {known}")), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(from: &str, room: &str) -> Result<SessionFilter, Problem> {
        let field = |text: &str| Some(text.to_owned());
        SessionQuery { from: field(from), room: field(room), ..SessionQuery::default() }.filter()
    }

    #[test]
    fn an_empty_field_says_nothing() {
        assert_eq!(asked("", "").unwrap(), SessionFilter::default());
    }

    #[test]
    fn what_is_no_day_and_no_name_is_refused() {
        for day in ["2026-13-01", "2026-1-1", "26-01-01", "2026-01-32", "x", "2026-01-01' OR 1"] {
            assert!(asked(day, "").is_err(), "{day}");
        }
        assert!(asked("2026-12-31", "a&b=c").is_err());
    }

    #[test]
    fn a_filter_stands_in_an_address_and_comes_back() {
        let filter = asked("2026-12-31", "main").unwrap();

        assert_eq!(address(&filter), "&from=2026-12-31&room=main");
    }
}
