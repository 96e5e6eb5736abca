//! A file's place on the disk, which lets it include others and use variables.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::text::Text;

/// The variable with the folder whose files may be included, where that is not the folder of the file itself.
const FOLDER: &str = "EG_INCLUDE";

/// The variables of this process, but for those that are no text.
pub fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| name.into_string().ok().zip(value.into_string().ok()))
}

/// Path of a file and the variables that it may use. A text that did not come from a file has none, and includes nothing:
/// who sends it over the network must not read this machine's files and variables.
pub(crate) struct FileOrigin {
    pub(crate) path: PathBuf,
    variables: HashMap<String, String>,
}

impl FileOrigin {
    pub(crate) fn new(path: PathBuf, variables: HashMap<String, String>) -> Self {
        Self { path, variables }
    }

    /// The folder whose files may be included, when a variable says it.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.variables.get(FOLDER).filter(|folder| !folder.is_empty()).map(Path::new)
    }

    /// The variables, for a text that may use some. In one that does not, `$$` stays what it always was: two dollars.
    pub(crate) fn variables(&self, text: &Text) -> Option<&HashMap<String, String>> {
        let uses = |mark| text.as_str().contains(mark);
        (uses("${") || uses("!include")).then_some(&self.variables)
    }
}

/// The path alone: values of variables may be secret.
impl fmt::Debug for FileOrigin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("FileOrigin").field(&self.path).finish_non_exhaustive()
    }
}
