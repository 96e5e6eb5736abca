//! Driver libraries of an agent: examined, tried in a process of their own, and only then loaded into this one.

mod catalog;
mod refusal;
mod report;
mod trial;

pub use catalog::{Catalog, DuplicateDriver, Known};
pub use refusal::{Refusal, TrialError};
pub use report::{DriverReport, Part, Report};

use eg_config::{Problem, Problems};
use eg_hal::library::{Digest, Inspected, Library, LibraryError, libraries_in};
use std::path::{Path, PathBuf};

/// Sources of driver libraries, and the program that tries them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Libraries {
    /// Libraries that every slot has beside those of its file: files, or folders with every `*.so` in them.
    pub extra: Vec<PathBuf>,
    /// The program `eg-agent`, which tries a library before it is loaded into this process. Without it none is tried.
    pub agent: Option<PathBuf>,
}

impl Libraries {
    /// The drivers of this agent and of the libraries that every slot has, and what is wrong with any of these.
    pub fn catalog(&self) -> (Catalog, Problems) {
        let (mut catalog, mut problems) = (Catalog::linked(), Problems::default());
        let wrong = |file: &Path, said: String| {
            Problems::from(Problem::with_file(file.display().to_string(), said))
        };
        for extra in &self.extra {
            let files = files_at(extra).map_err(|error| wrong(extra, error.to_string()));
            for file in problems.keep(files).unwrap_or_default() {
                let added = self.add(&mut catalog, &file, None);
                problems.keep(added.map_err(|refusal| wrong(&file, refusal.to_string())));
            }
        }
        (catalog, problems)
    }

    /// Loads a library and adds its drivers.
    ///
    /// # Errors
    /// [`Refusal`]: the catalog is as it was then.
    pub fn add(
        &self,
        catalog: &mut Catalog,
        file: &Path,
        pin: Option<Digest>,
    ) -> Result<(), Refusal> {
        Ok(catalog.add(self.load(file, pin)?)?)
    }

    /// Loads a library, or finds it loaded.
    fn load(&self, file: &Path, pin: Option<Digest>) -> Result<&'static Library, Refusal> {
        let inspected = Inspected::read(file)?;
        pin.map_or(Ok(()), |pin| inspected.pinned(pin))?;
        if let Some(library) = inspected.loaded() {
            return Ok(library);
        }
        inspected.fits()?;
        if let Some(agent) = &self.agent {
            trial::run(agent, &inspected)?;
        }
        Ok(inspected.load()?)
    }

    /// Reports everything about a library that an agent can tell without having it in its process.
    pub fn report(&self, file: &Path) -> Report {
        let report = Report::of(file, |inspected| match &self.agent {
            Some(agent) => Ok(trial::run(agent, inspected)?),
            None => Ok(report::describe(inspected.load()?.drivers())),
        });
        report.beside(&Catalog::linked())
    }
}

/// A file itself, or every library of a folder.
fn files_at(path: &Path) -> Result<Vec<PathBuf>, LibraryError> {
    if path.is_dir() { libraries_in(path) } else { Ok(vec![path.to_owned()]) }
}
