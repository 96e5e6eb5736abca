//! Builds of core and agents that a room runs: one, or an earlier one beside today's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::hands::{Shared, locked};
use super::plan::{Kind, Part, SLOTS};

/// Kinds of acts that an earlier build was not made for. What it does to itself then is known, and proves nothing of
/// today's.
const NOT_FOR_EARLIER: [Kind; 9] = [
    Kind::Silence,
    Kind::Clock,
    Kind::Twin,
    Kind::Flood,
    Kind::Gaps,
    Kind::Deep,
    Kind::Boards,
    Kind::Garbage,
    Kind::Poison,
];

/// Which build each part of a room is, when the room opens and later.
#[derive(Clone, Debug)]
pub(super) struct Builds {
    /// Folder with today's `eg-core` and `eg-agent`.
    today: PathBuf,
    /// Folder with the earlier ones, where the room has any.
    earlier: Option<PathBuf>,
    /// Mix of both.
    mix: Mix,
    /// The room takes clients without a password.
    pub(super) compat: bool,
}

/// Mix of an earlier build with today's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mix {
    /// Today's alone.
    None,
    EarlierAgents,
    EarlierCore,
    /// All is earlier at first. Agents are updated while the room runs; the core is, and goes back, and is again.
    Updates,
    /// Earlier agents, and a core that takes nobody without a secret: they are updated after a while.
    Closed,
}

impl Builds {
    /// Runs this build alone.
    pub(super) fn today(today: PathBuf) -> Self {
        Self { today, earlier: None, mix: Mix::None, compat: false }
    }

    /// Lets clients in that have no password, too.
    pub(super) fn with_compat(self) -> Self {
        Self { compat: true, ..self }
    }

    /// Runs an earlier build beside today's.
    pub(super) fn mixed(today: PathBuf, earlier: PathBuf, mix: Mix) -> Self {
        Self { today, earlier: Some(earlier), mix, compat: mix != Mix::Closed }
    }

    /// Returns the name of the room in tables.
    pub(super) fn name(&self, broker: &str) -> String {
        match self.mix {
            Mix::None => broker.to_owned(),
            Mix::EarlierAgents => format!("{broker}, earlier agents"),
            Mix::EarlierCore => format!("{broker}, earlier core"),
            Mix::Updates => format!("{broker}, updated meanwhile"),
            Mix::Closed => format!("{broker}, closed to earlier agents"),
        }
    }

    /// Returns `true` if today's core lets slots in by their secrets from the beginning.
    pub(super) fn begins_with_secrets(&self) -> bool {
        self.earlier.is_none()
    }

    /// Returns `true` if a session can begin when the room opens.
    pub(super) fn is_open(&self) -> bool {
        self.mix != Mix::Closed
    }

    /// Lists the kinds of acts that do not happen to this mix.
    pub(super) fn without(&self) -> Vec<Kind> {
        let mut without = Vec::new();
        if self.mix != Mix::Updates {
            without.push(Kind::Update);
        }
        if self.earlier.is_some() {
            without.extend(NOT_FOR_EARLIER);
        }
        without
    }

    /// Returns today's core, which reads what any core has written.
    pub(super) fn reader(&self) -> PathBuf {
        self.today.join("eg-core")
    }

    /// Says which build each part is when the room opens.
    pub(super) fn running(&self) -> Running {
        let earlier = self.earlier.as_ref().unwrap_or(&self.today);
        let (core, agents) = match self.mix {
            Mix::None => (&self.today, &self.today),
            Mix::EarlierAgents | Mix::Closed => (&self.today, earlier),
            Mix::EarlierCore => (earlier, &self.today),
            Mix::Updates => (earlier, earlier),
        };
        let parts = (0..SLOTS).map(|slot| (Part::Agent(slot), agents)).chain([(Part::Core, core)]);
        let shared = |folder: &PathBuf| Shared::new(folder.clone().into());
        let folders = parts.map(|(part, folder)| (part, shared(folder))).collect();
        Running { today: self.today.clone(), earlier: earlier.clone(), folders }
    }
}

/// Builds as they are now.
#[derive(Clone, Debug)]
pub(super) struct Running {
    today: PathBuf,
    earlier: PathBuf,
    folders: BTreeMap<Part, Shared<PathBuf>>,
}

impl Running {
    /// Returns what tells the folder of a part's programs, whenever it is started.
    pub(super) fn folder(&self, part: Part) -> impl Fn() -> PathBuf + use<> {
        let folder = self.folders.get(&part).cloned();
        let today = self.today.clone();
        move || folder.as_ref().map_or_else(|| today.clone(), |folder| locked(folder).clone())
    }

    /// Updates an agent, which stays so; changes the core from one build to the other.
    pub(super) fn update(&self, part: Part) {
        let Some(folder) = self.folders.get(&part) else { return };
        let mut folder = locked(folder);
        let goes_back = part == Part::Core && *folder == self.today;
        *folder = if goes_back { self.earlier.clone() } else { self.today.clone() };
    }

    /// Returns what tells whether the agent of this part prints its events, as today's do, whenever it is started.
    pub(super) fn tells_events(&self, part: Part) -> impl Fn() -> bool + use<> {
        let (folder, today) = (self.folder(part), self.today.clone());
        let earlier_tells = std::cell::OnceCell::new();
        move || {
            let folder = folder();
            folder == today
                || *earlier_tells.get_or_init(|| {
                    let told =
                        Command::new(folder.join("eg-agent")).args(["run", "--help"]).output();
                    told.is_ok_and(|told| {
                        String::from_utf8_lossy(&told.stdout).contains("--events")
                    })
                })
        }
    }

    fn is_today(&self, part: Part) -> bool {
        self.folders.get(&part).is_some_and(|folder| is(folder, &self.today))
    }

    /// Lists the slots whose agent is today's, at a core of today: the core lets them in once they are adopted.
    pub(super) fn to_be_adopted(&self) -> Vec<usize> {
        let core = self.is_today(Part::Core);
        (0..SLOTS).filter(|slot| core && self.is_today(Part::Agent(*slot))).collect()
    }
}

fn is(folder: &Shared<PathBuf>, other: &Path) -> bool {
    locked(folder).as_path() == other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed(mix: Mix) -> Running {
        Builds::mixed("new".into(), "old".into(), mix).running()
    }

    #[test]
    fn an_agent_is_updated_once_and_a_core_goes_to_and_fro() {
        let running = mixed(Mix::Updates);
        let (core, agent) = (running.folder(Part::Core), running.folder(Part::Agent(1)));

        let cores = [(); 3].map(|()| {
            running.update(Part::Core);
            core()
        });
        let agents = [(); 2].map(|()| {
            running.update(Part::Agent(1));
            agent()
        });

        assert_eq!(cores, ["new", "old", "new"].map(PathBuf::from));
        assert_eq!(agents, ["new", "new"].map(PathBuf::from));
        assert_eq!(running.to_be_adopted(), [1]);
    }

    #[test]
    fn whoever_has_a_secret_waits_for_a_core_that_asks_for_it() {
        assert!(mixed(Mix::EarlierCore).to_be_adopted().is_empty());
        assert!(mixed(Mix::EarlierAgents).to_be_adopted().is_empty());
    }

    #[test]
    fn a_room_of_one_build_updates_nothing() {
        let builds = Builds::today("new".into());

        assert_eq!(builds.without(), [Kind::Update]);
        assert!(builds.begins_with_secrets() && builds.is_open() && !builds.compat);
    }
}
