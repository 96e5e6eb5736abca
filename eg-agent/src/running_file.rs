//! The file that a running slot goes by, for the technician's page.

use crate::config::SlotConfig;
use crate::link::Layout;
use std::sync::Arc;
use tokio::sync::watch;

/// File of a running slot; after it was read again, the new one. Clones tell the same.
#[derive(Clone, Debug)]
pub struct RunningFile(watch::Receiver<Arc<Layout>>);

impl RunningFile {
    pub(crate) fn new(layout: watch::Receiver<Arc<Layout>>) -> Self {
        Self(layout)
    }

    /// Returns the settings that the slot runs by.
    pub(crate) fn config(&self) -> Arc<SlotConfig> {
        Arc::clone(&self.0.borrow().config)
    }

    /// Returns its name and its text.
    pub fn read(&self) -> (String, String) {
        let config = self.config();
        (config.source.name().to_owned(), config.source.as_str().to_owned())
    }
}
