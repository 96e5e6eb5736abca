//! Files that a file includes.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use serde_yaml::{
    IncludeRequest, IncludeResolveError, InputSource, Location, ResolveProblem, ResolvedInclude,
    SafeFileReadMode, SafeFileResolver, SymlinkPolicy,
};

use crate::disk;
use crate::file_origin::FileOrigin;
use crate::problems::Problems;
use crate::text::{Scalars, Text};

/// The most files that one file includes, one that is included twice counted twice.
const MOST_FILES: usize = 200;

/// Texts that were included so far, in the order in which the parser numbers them, and the mistake that ended it.
#[derive(Clone, Debug, Default)]
pub(super) struct Included(Rc<RefCell<Found>>);

#[derive(Debug, Default)]
struct Found {
    texts: Vec<Text>,
    refused: Option<Problems>,
}

impl Included {
    /// Finds and reads a file for the parser.
    pub(super) fn resolve(
        &self,
        origin: &FileOrigin,
        wanted: IncludeRequest<'_>,
    ) -> Result<ResolvedInclude, IncludeResolveError> {
        let mut found = self.0.borrow_mut();
        if found.texts.len() >= MOST_FILES {
            let message = format!("too many files; at most {MOST_FILES} are included");
            return Err(IncludeResolveError::Message(message));
        }
        let resolver = resolver(origin).map_err(|error| {
            let path = origin.path.display();
            IncludeResolveError::Message(format!("{path} is no file that can include: {error}"))
        })?;
        let resolved = resolver.resolve(wanted)?;
        let path = Path::new(&resolved.id);
        let name = name(origin, path);
        let text = disk::read(path, &name).map_err(|problems| {
            found.refused = Some(problems);
            IncludeResolveError::Message(String::new())
        })?;
        let text = Text::new(name.clone(), text, Scalars::Written);
        let whole = text.as_str().to_owned();
        found.texts.push(text);
        let source = if let InputSource::AnchoredText { anchor, .. } = resolved.source {
            InputSource::AnchoredText { text: whole, anchor }
        } else {
            InputSource::Text(whole)
        };
        Ok(ResolvedInclude::new(resolved.id, name, source))
    }

    /// The text that the parser numbers `source`; none for the file itself.
    pub(super) fn with<T>(&self, source: usize, look: impl FnOnce(&Text) -> T) -> Option<T> {
        let found = self.0.borrow();
        source.checked_sub(1).and_then(|index| found.texts.get(index)).map(look)
    }

    /// Returns the mistake of an included file that could not be read.
    pub(super) fn refused(&self) -> Option<Problems> {
        self.0.borrow_mut().refused.take()
    }

    /// Returns all texts, and forgets them.
    pub(super) fn take(&self) -> Arc<[Text]> {
        std::mem::take(&mut self.0.borrow_mut().texts).into()
    }
}

fn resolver(origin: &FileOrigin) -> std::io::Result<SafeFileResolver> {
    let file = origin.path.canonicalize()?;
    let own = file.parent().unwrap_or(Path::new("/"));
    let resolver = SafeFileResolver::new(origin.folder().unwrap_or(own))?;
    let resolver = resolver.with_root_file(&file)?;
    Ok(resolver
        .with_read_mode(SafeFileReadMode::Reader)
        .with_symlink_policy(SymlinkPolicy::FollowWithinRoot))
}

/// A file's name as messages show it: beside the file that includes it when it is there, else its whole path.
fn name(origin: &FileOrigin, path: &Path) -> String {
    let written = origin.path.parent().unwrap_or(Path::new(""));
    let folder = if written.as_os_str().is_empty() { Path::new(".") } else { written };
    let beside = folder.canonicalize().ok().and_then(|real| {
        path.strip_prefix(real).ok().map(|rest| written.join(rest).display().to_string())
    });
    beside.unwrap_or_else(|| path.display().to_string())
}

/// The number of the text that a location is in: the parser counts from 1, and names no text by 0.
pub(super) fn text_of(location: &Location) -> usize {
    (location.source_id() as usize).saturating_sub(1)
}

/// Says why a file is not included.
pub(super) fn why(error: &IncludeResolveError, target: &str) -> String {
    match error {
        IncludeResolveError::Io(error) => format!("cannot read {target}: {error}"),
        IncludeResolveError::Message(message) => match target.split_once('#') {
            Some((file, anchor)) if message.contains("was not found") => {
                format!("no value of {file} is marked \"&{anchor}\"")
            }
            Some(_) | None => message.clone(),
        },
        IncludeResolveError::SizeLimitExceeded(_, _) => too_much(),
        IncludeResolveError::FileInclude(problem) => refused(problem, target),
        _ => format!("cannot include {target}"),
    }
}

pub(super) fn too_much() -> String {
    format!("too much; all included files together have at most {} KiB", disk::LARGEST / 1024)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser has more reasons, which need races of files, and may get new ones"
)]
fn refused(problem: &ResolveProblem, target: &str) -> String {
    match problem {
        ResolveProblem::ResolveFailed { base_dir, err, .. } => {
            format!("cannot read {target} in {base_dir}: {err}")
        }
        ResolveProblem::ResolvesOutsideRoot { root, .. } => format!(
            "{target} is outside {root}; set EG_INCLUDE to the folder that may be included from"
        ),
        ResolveProblem::AbsolutePathNotAllowed { .. } => {
            format!("{target} is no path relative to this file")
        }
        ResolveProblem::EmptyPath => "wanted a file's name after !include".to_owned(),
        ResolveProblem::InvalidExtension { .. } => {
            format!("{target} does not end in .yaml or .yml")
        }
        ResolveProblem::HiddenFile { .. } => {
            format!("{target} begins with a dot or is in a folder that does; it is not included")
        }
        ResolveProblem::TargetNotRegularFile { .. } => format!("{target} is no file"),
        ResolveProblem::TargetIsRootFile { .. } => format!("{target} includes itself"),
        ResolveProblem::EmptyFragment | ResolveProblem::FragmentContainsHash { .. } => {
            "wanted one anchor's name after \"#\"".to_owned()
        }
        _ => format!("cannot include {target}"),
    }
}
