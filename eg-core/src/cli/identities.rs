//! Identities of slots as commands reach them: by the running core, or in its file.

use crate::access::control::{ControlAnswer, ControlRequest, Listed, ask, carry_out};
use crate::access::{Access, AccessOptions};
use crate::clock::SteadyClock;
use crate::config::CoreConfig;
use crate::server::account_of;
use anyhow::{Context, anyhow};
use std::sync::Arc;

/// Has a request carried out by the running core, or on its file if none runs.
pub(super) fn tell(config: &CoreConfig, request: ControlRequest) -> anyhow::Result<Option<Listed>> {
    let asked = ask(&config.db, &request).context("the core that runs here does not answer")?;
    let answer = match asked {
        Some(answer) => answer,
        None => carry_out(&open(config)?, request),
    };
    match answer {
        ControlAnswer::Done(listed) => Ok(listed),
        ControlAnswer::Refused(why) => Err(anyhow!(why)),
    }
}

/// Opens the identities of this core's slots.
pub(super) fn open(config: &CoreConfig) -> anyhow::Result<Access> {
    let options = AccessOptions {
        topics: config.topics.clone(),
        core: config.device_id.clone(),
        compat: config.compat,
    };
    let clock = Arc::new(SteadyClock::default());
    Ok(Access::open(&account_of(&config.db), options, clock)?)
}
