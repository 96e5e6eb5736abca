//! Times of a room: how long a session takes, and for how long nothing may happen.

use eg_config::{Located, Problems, Source, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

/// Longest planned duration, and longest silence.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// Silence of a room in a file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IdleFile {
    /// Silence after which the clock turns amber; 5m when left out.
    #[serde(default)]
    #[schemars(with = "Option<Span>")]
    pub(super) warn: Option<Located<Span>>,
    /// Silence after which the clock turns red; 10m when left out.
    #[serde(default)]
    #[schemars(with = "Option<Span>")]
    pub(super) alarm: Option<Located<Span>>,
}

/// Times of a room, for its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomTimes {
    /// Planned duration of a session; `None` for one that ends when its game ends.
    pub duration: Option<Duration>,
    /// Silence after which the operator is warned.
    pub warn: Duration,
    /// Silence after which the operator is alarmed.
    pub alarm: Duration,
}

impl Default for RoomTimes {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Self { duration: None, warn: minutes(5), alarm: minutes(10) }
    }
}

impl RoomTimes {
    /// Reads the times of a room's file. What is out of range is a problem, and stays at its default.
    pub(super) fn check(
        source: &Source,
        duration: Option<Located<Span>>,
        idle: Option<IdleFile>,
        problems: &mut Problems,
    ) -> Self {
        let mut within = |span: Located<Span>| {
            let length = span.get();
            if (Duration::from_secs(1)..=LONGEST).contains(&length) {
                return Some(length);
            }
            let what = format!("wanted a length of time from 1s to 24h, found {}", *span);
            problems.push(source.problem_at(&span, what));
            None
        };
        let default = Self::default();
        let duration = duration.and_then(&mut within);
        let Some(IdleFile { warn, alarm }) = idle else { return Self { duration, ..default } };
        let place = alarm.clone();
        let warn = warn.and_then(&mut within).unwrap_or(default.warn);
        let alarm = alarm.and_then(&mut within);
        if let (Some(alarm), Some(place)) = (alarm, place)
            && alarm < warn
        {
            let what = "the alarm comes after the warning: `alarm` is shorter than `warn`";
            problems.push(source.problem_at(&place, what));
        }
        Self { duration, warn, alarm: alarm.unwrap_or(default.alarm).max(warn) }
    }
}
