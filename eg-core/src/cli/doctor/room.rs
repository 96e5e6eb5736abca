//! The slots of the rooms, the topics that they speak, and the clock.

use crate::access::control::{ControlRequest, Listed};
use crate::cli::identities::tell;
use crate::config::CoreConfig;
use eg_discovery::{Network, look_around};
use eg_page::Finding;
use std::path::Path;

/// Slots of the file that nobody has adopted, and those that wait for it.
pub(super) fn slots(config: &CoreConfig) -> Vec<Finding> {
    if !config.db.exists() {
        return Vec::new();
    }
    let Listed { adopted, waiting } = match tell(config, ControlRequest::List) {
        Ok(listed) => listed.unwrap_or_default(),
        Err(error) => return vec![Finding::bad("identities").because(format!("{error:#}"))],
    };
    let mut found = vec![Finding::good("adopted").with("n", adopted.len())];
    let waits = waiting.iter().map(|slot| {
        let finding = Finding::doubtful("waits").with("slot", &slot.slot);
        finding.with("code", &slot.code).with("machine", &slot.machine)
    });
    found.extend(waits);
    let named = config.rooms.values().filter_map(|room| room.slots.as_ref()).flatten();
    let strange =
        named.filter(|slot| !adopted.iter().chain(&waiting).any(|known| known.slot == **slot));
    let strange: Vec<_> = strange.map(|slot| slot.as_str()).collect();
    if !strange.is_empty() && !config.compat {
        found.push(Finding::doubtful("unknown-slots").with("slots", strange.join(", ")));
    }
    found
}

/// Topics of older installations, which let everybody in.
pub(super) fn contract(config: &CoreConfig) -> Option<Finding> {
    config.compat.then(|| Finding::doubtful("compat"))
}

/// The core's own announcement, as agents see it.
pub(super) fn announced(config: &CoreConfig, runs: bool) -> Option<Finding> {
    if !config.discovery || !runs {
        return None;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let said = |finding: Finding| finding.with("core", &config.device_id);
    Some(match runtime.block_on(look_around(Network::of(config.listen))) {
        Err(error) => said(Finding::doubtful("announced")).because(error),
        Ok(seen) if seen.iter().all(|core| core.name != config.device_id) => {
            said(Finding::doubtful("announced"))
        }
        Ok(seen) if seen.len() > 1 => {
            let all: Vec<_> = seen.iter().map(ToString::to_string).collect();
            Finding::doubtful("several-cores").with("cores", all.join(", "))
        }
        Ok(_) => said(Finding::good("announced")),
    })
}

/// The machine's clock, where systemd says whether it follows somebody.
pub(super) fn clock() -> Option<Finding> {
    let folder = Path::new("/run/systemd/timesync");
    folder.exists().then(|| match folder.join("synchronized").exists() {
        true => Finding::good("ntp"),
        false => Finding::doubtful("ntp"),
    })
}
