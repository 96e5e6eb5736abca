//! Variables of a service, as a file beside its settings.

use crate::{Problem, Problems};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Reads the variables of a service (systemd.exec(5), EnvironmentFile): one `NAME=value` a line, perhaps in quotes. Without
/// the file there are none; lines that begin with `#` or `;` or have no `=` are passed over.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn read_environment(file: &Path) -> Result<BTreeMap<String, String>, Problems> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => {
            let name = file.display().to_string();
            return Err(Problem::with_file(name, format!("cannot read this file: {error}")).into());
        }
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    let pairs = lines.filter_map(|line| line.split_once('='));
    Ok(pairs.map(|(name, value)| (name.trim().to_owned(), unquoted(value.trim()))).collect())
}

fn unquoted(value: &str) -> String {
    let inner = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(value).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read_as_a_service_reads_them_and_a_file_that_is_not_there_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("core.env");
        assert!(read_environment(&file).unwrap().is_empty());
        fs::write(&file, "# said\n;no\nA = \"b c\"\nB='='\nword\nC=\n").unwrap();

        let read: Vec<_> = read_environment(&file).unwrap().into_iter().collect();

        let wanted = [("A", "b c"), ("B", "="), ("C", "")];
        assert_eq!(read, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(read_environment(folder.path()).unwrap_err().to_string().contains("cannot read"));
    }
}
