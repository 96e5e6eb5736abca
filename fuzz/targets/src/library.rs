//! Driver libraries, as far as they are examined before anything of them runs.

use eg_hal::library::Inspected;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

thread_local! {
    static FOLDER: TempDir = tempfile::tempdir().unwrap();
}

/// Takes a file that may be a library: it is refused with a reason, or tells what it declares.
pub(crate) fn header(input: &[u8]) {
    FOLDER.with(|folder| {
        let file = folder.path().join("driver.so");
        fs::write(&file, input).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        match Inspected::read(&file) {
            Ok(inspected) => {
                let _ = inspected.machine();
                let _ = format!("{:?}", inspected.declared());
                let _ = inspected.fits().map_err(|error| error.to_string());
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    });
}
