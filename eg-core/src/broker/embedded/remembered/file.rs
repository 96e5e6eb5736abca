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
    let text = match fs::read_to_string(file) {
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
