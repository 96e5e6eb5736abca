//! Settings of the core: `core.yaml` and the environment, checked. All mistakes are reported at once.

mod check;
mod environment;
mod file;
mod hints;
mod keep;
mod room_times;
mod rooms;
mod sessions;
mod settings;
mod theme;
mod tls;

pub use environment::{Environment, Password};
#[cfg(feature = "demo")]
pub(crate) use file::RoomsFile;
pub(crate) use hints::HINT_LENGTH;
pub use hints::{HintSettings, PreparedHint};
pub use room_times::RoomTimes;
pub use sessions::{NewSessions, Seeds};
pub use settings::{BrokerConfig, CoreConfig, DisplayConfig, Ports, Retention, RoomConfig};

use eg_config::{Problems, Source};
use eg_proto::RoomId;
use std::collections::BTreeMap;

impl CoreConfig {
    /// Returns the settings of a core without a file.
    ///
    /// # Errors
    /// Returns every mistake in the environment.
    pub fn without_file(environment: &Environment) -> Result<Self, Problems> {
        Self::from_source(&Source::text("core.yaml (built in)", "{}"), environment)
    }

    /// Checks a file and applies the environment over it. Settings of games are checked by the games.
    ///
    /// # Errors
    /// Returns every mistake in both.
    pub fn from_source(source: &Source, environment: &Environment) -> Result<Self, Problems> {
        check::check(source, environment)
    }

    /// Returns the names for people that the file gives to rooms.
    pub(crate) fn room_names(&self) -> BTreeMap<RoomId, String> {
        let named = |(id, room): (&RoomId, &RoomConfig)| Some((id.clone(), room.name.clone()?));
        self.rooms.iter().filter_map(named).collect()
    }

    /// Returns the settings of a core with these rooms, read from another file, and everything else as without a file.
    #[cfg(feature = "demo")]
    pub(crate) fn of_rooms(
        source: &Source,
        rooms: RoomsFile,
        problems: &mut Problems,
    ) -> Option<Self> {
        check::of_rooms(source, rooms, problems)
    }

    /// Returns the JSON Schema of `core.yaml`, for editors.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(file::CoreFile)
    }
}
