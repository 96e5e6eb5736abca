//! Files of TLS that `core.yaml` names.

use super::file::TlsFile;
use crate::tls::{ServerTls, TlsFileError, TlsFiles};
use eg_config::{Located, Problems, Source};
use eg_mqtt::Authority;
use std::path::{Path, PathBuf};

/// Returns the path that a file names: a relative one starts in the folder of that file.
pub(super) fn in_folder_of(source: &Source, said: &Located<String>) -> PathBuf {
    let folder = Path::new(source.name()).parent().unwrap_or_else(|| Path::new(""));
    folder.join(said.as_str())
}

/// Returns the paths of TLS's files, after all of them were read.
///
/// # Errors
/// [`Problems`] at the name of the file that is missing or holds something else.
pub(super) fn tls_files(source: &Source, said: &TlsFile) -> Result<TlsFiles, Problems> {
    let path = |file: &Located<String>| in_folder_of(source, file);
    let ca = said.ca.as_ref();
    let files = TlsFiles { cert: path(&said.cert), key: path(&said.key), ca: ca.map(path) };
    let Err(error) = ServerTls::load(&files) else { return Ok(files) };
    let place = match &error {
        TlsFileError::Read { file, .. } | TlsFileError::Content { file, .. } => {
            let named = [Some(&said.cert), Some(&said.key), ca];
            named.into_iter().flatten().find(|named| path(named) == *file)
        }
        TlsFileError::Pair { .. } => Some(&said.key),
    };
    Err(source.problem_at(place.unwrap_or(&said.cert), error.to_string()).into())
}

/// Reads the authority of a broker that runs elsewhere.
///
/// # Errors
/// [`Problems`] at the file's name.
pub(super) fn authority(source: &Source, said: &Located<String>) -> Result<Authority, Problems> {
    let file = in_folder_of(source, said);
    let read = std::fs::read(&file).map_err(|error| error.to_string());
    let found = read.and_then(|pem| Authority::from_pem(&pem).map_err(|error| error.to_string()));
    let wrong = |error| format!("cannot use {} as the broker's authority: {error}", file.display());
    found.map_err(|error| source.problem_at(said, wrong(error)).into())
}
