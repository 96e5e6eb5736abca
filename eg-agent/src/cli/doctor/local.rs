//! This machine and the slot's file: everything before the way to the core.

use super::printer::Printer;
use super::target::Target;
use crate::config::{SlotConfig, Source, read_slot};
use crate::doctor;
use crate::library::Catalog;
use crate::running_agent::about;
use crate::survey::{KernelWires, Machine};
use eg_config::Problems;
use eg_log::CrashReport;
use eg_page::Finding;
use std::net::TcpListener;
use std::path::Path;

pub(super) async fn examine(target: &Target, catalog: &Catalog, report: &mut Printer) {
    let machine = Machine::default();
    if let Some(path) = &target.path {
        match read(target, path) {
            Ok(config) => {
                let name = path.display();
                report.tell(Finding::good("file").with("path", name).with("slot", &config.slot));
                let found = doctor::wires(&config, catalog, &machine, &mut KernelWires);
                found.into_iter().for_each(|finding| report.tell(finding));
                report.tell(doctor::storage(&target.at_work(&config.outbox)));
                report.tell(page(&config).await);
                crash(target, &config).into_iter().for_each(|finding| report.tell(finding));
            }
            Err(problems) => report.tell(mistakes(path, &problems)),
        }
    }
    let machine = [doctor::power(&machine), doctor::clock(&machine)];
    machine.into_iter().flatten().for_each(|finding| report.tell(finding));
}

fn read(target: &Target, path: &Path) -> Result<SlotConfig, Problems> {
    read_slot(Source::read_with(path, target.variables.clone())?, &target.overrides)
}

fn mistakes(path: &Path, problems: &Problems) -> Finding {
    let first = problems.iter().next().map(|problem| problem.head()).unwrap_or_default();
    Finding::bad("file").with("path", path.display()).because(first)
}

/// A panic that the agent has left a report of.
fn crash(target: &Target, config: &SlotConfig) -> Option<Finding> {
    let outbox = target.at_work(&config.outbox);
    let report = CrashReport::left_in(outbox.parent()?, "eg-agent")?;
    Some(Finding::doubtful("crash").with("path", report.file.display()).because(report.said))
}

/// Looks whose the port of the slot's page is.
async fn page(config: &SlotConfig) -> Finding {
    let (listen, port) = (config.page_listen, config.page_port);
    let said = |finding: Finding| finding.with("port", port).with("slot", &config.slot);
    match TcpListener::bind((listen, port)) {
        Ok(_) => said(Finding::good("page-free")),
        Err(error) => match about(listen, port).await {
            Some(agent) if agent.slot == config.slot.as_str() => {
                said(Finding::good("page")).with("version", agent.version)
            }
            Some(agent) => said(Finding::bad("page-of-another")).with("other", agent.slot),
            None => said(Finding::bad("page")).because(error),
        },
    }
}
