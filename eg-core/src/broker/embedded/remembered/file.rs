//! File of the remembered subscriptions: JSON, written whole and renamed over the one before.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::client::Client;
use crate::private;

/// Version of the file's format.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    v: u32,
    clients: &'a BTreeMap<String, Client>,
}

#[derive(Deserialize)]
struct Read {
    v: u32,
    clients: BTreeMap<String, Client>,
}

pub(super) fn read(file: &Path) -> BTreeMap<String, Client> {
    // Earlier cores left it open to others.
    let text = match private::tighten(file).and_then(|()| fs::read_to_string(file)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return BTreeMap::new(),
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "what older clients subscribed to cannot be read");
            return BTreeMap::new();
        }
    };
    match serde_json::from_str::<Read>(&text) {
        Ok(Read { v: VERSION, clients }) => clients,
        Ok(Read { v, .. }) => {
            tracing::warn!(file = %file.display(), v, "what older clients subscribed to was written by a newer core");
            BTreeMap::new()
        }
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "what older clients subscribed to makes no sense");
            BTreeMap::new()
        }
    }
}

pub(super) fn write(file: &Path, clients: &BTreeMap<String, Client>) -> io::Result<()> {
    let text = serde_json::to_vec(&Written { v: VERSION, clients })?;
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    private::replace(file, &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn rights(file: &Path) -> u32 {
        fs::metadata(file).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_clients_subscribed_to_is_read_and_written_by_the_cores_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("eg.clients.json");
        fs::write(&file, r#"{"v":1,"clients":{}}"#).unwrap();
        fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();

        let before = read(&file);
        let tightened = rights(&file);
        fs::remove_file(&file).unwrap();
        write(&file, &before).unwrap();

        assert_eq!([tightened, rights(&file)], [0o600; 2]);
    }
}
