//! Style sheet of a room's display.

use super::tls::in_folder_of;
use eg_config::{Located, Problems, Source};
use std::io::Read;
use std::sync::Arc;

/// Largest style sheet, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Reads a style sheet, whose path is relative to the folder of the file that names it.
///
/// # Errors
/// [`Problems`] at the place that names it: there is no such file, it is no text, or too large.
pub(super) fn read(source: &Source, file: &Located<String>) -> Result<Arc<str>, Problems> {
    let path = in_folder_of(source, file);
    let wrong = |what: String| source.problem_at(file, what).wanted(["a style sheet"]).into();
    if !path.is_file() {
        return Err(wrong(format!("no file {}", path.display())));
    }
    let mut text = String::new();
    let opened = std::fs::File::open(&path);
    let read = opened.and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    match read {
        Err(error) => Err(wrong(format!("{} cannot be read: {error}", path.display()))),
        Ok(_) if text.len() as u64 > LARGEST => {
            Err(wrong(format!("{} is larger than {} kB", path.display(), LARGEST / 1024)))
        }
        Ok(_) => Ok(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{CoreConfig, Environment};
    use eg_config::Source;

    fn config(theme: &str) -> Result<Option<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("small.css"), ".ask { color: red }").unwrap();
        std::fs::write(folder.path().join("large.css"), "/**/".repeat(20_000)).unwrap();
        std::fs::write(folder.path().join("bytes.css"), [0xff, 0xfe]).unwrap();
        let path = folder.path().join("core.yaml");
        std::fs::write(&path, format!("rooms: {{ main: {{ display: {{ theme: {theme} }} }} }}"))
            .unwrap();
        let source = Source::read(path).unwrap();
        let config = CoreConfig::from_source(&source, &Environment::default());
        let config = config.map_err(|problems| problems.to_string())?;
        let theme = config.rooms.values().next().and_then(|room| room.display.theme.clone());
        Ok(theme.map(|theme| theme.to_string()))
    }

    #[test]
    fn a_theme_is_read_beside_the_file_that_names_it() {
        assert_eq!(config("small.css").unwrap().as_deref(), Some(".ask { color: red }"));
    }

    #[test]
    fn a_theme_that_cannot_be_worn_is_a_mistake_in_the_file() {
        for (file, told) in
            [("none.css", "no file"), ("large.css", "64 kB"), ("bytes.css", "cannot be read")]
        {
            let problem = config(file).unwrap_err();
            assert!(problem.contains(told), "{problem}");
        }
    }
}
