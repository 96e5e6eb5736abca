//! What the devices of a slot want to hold.

use crate::config::SlotConfig;
use eg_hal::sim::Bench;
use eg_hal::{Board, Claims, Resource};
use eg_proto::DeviceName;

/// Lines, addresses, chip selects and ports that each device of a slot claims when it opens, by opening it on a bench.
pub fn holdings(config: &SlotConfig) -> Vec<(DeviceName, Vec<Resource>)> {
    let each = config.devices.iter().map(|device| {
        let (bench, claims) = (Bench::virtual_time(), Claims::default());
        let safe = device.safe_levels();
        let mut board = Board::trial(device.name.as_str(), &bench, &claims, &safe);
        let tried = (device.entry.trial)(&config.source, &device.config_path, &bench, &mut board);
        let held = claims.held().into_iter().map(|(what, _)| what).collect();
        drop(tried);
        (device.name.clone(), held)
    });
    each.collect()
}
