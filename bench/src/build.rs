//! From a clone to the first page, cold, and the sizes of what is shipped.

use crate::control::started;
use crate::figure::{Figure, Report};
use crate::names::build::{AGENT_SIZE, CORE_SIZE, CPU, FIRST_START, NAME};
use crate::names::side::{self, EG};
use crate::process::{Process, free_ports};
use crate::room::ask;
use crate::stack::Programs;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Measures the sizes.
///
/// # Errors
/// When a program is not there.
pub(crate) fn sizes(programs: &Programs, report: &mut Report) -> Result<()> {
    let mut both = vec![(EG.to_owned(), &programs.core, &programs.agent)];
    both.extend(programs.before.as_ref().map(|(core, agent)| (side::before(EG), core, agent)));
    for (name, core, agent) in both {
        for (what, program) in [(CORE_SIZE, core), (AGENT_SIZE, agent)] {
            let size = fs::metadata(program).with_context(|| program.display().to_string())?;
            report.note(NAME, what, &name, size.len() as f64 / 1e6);
        }
    }
    Ok(())
}

/// Clones this checkout's last commit, builds the demo with an empty target folder, as the README says, and waits for its
/// page. Crates of the registry are taken from where cargo keeps them.
///
/// # Errors
/// When it does not build, or shows no page.
pub(crate) async fn first_start(report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (clone, target) = (folder.path().join("clone"), folder.path().join("target"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let start = started();
    let cloned = Command::new("git").args(["clone", "--quiet"]).arg(&root).arg(&clone).status()?;
    ensure!(cloned.success(), "no clone of {}", root.display());
    let before = children_cpu()?;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--locked", "--quiet"]).env("CARGO_TARGET_DIR", &target);
    ensure!(cargo.current_dir(&clone).status()?.success(), "it does not build");
    let cpu = children_cpu()? - before;
    let [base] = free_ports()?;
    let page = base.saturating_add(3);
    let core = target.join("release/eg-core");
    let (log, shown) = (folder.path().join("demo.log"), base.to_string());
    let mut demo = Process::start(&core, &["demo", "--port-base", &shown], &log)?;
    let shown = async {
        while ask(page, "GET", "/display/main", "").await.is_err() {
            demo.still_runs().with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
            sleep(Duration::from_millis(20)).await;
        }
        anyhow::Ok(())
    };
    timeout(Duration::from_secs(60), shown).await.context("the demo shows no page")??;
    let took = start.elapsed().as_secs_f64();
    demo.stop().await?;
    for (what, value) in [(FIRST_START, took), (CPU, cpu)] {
        let workload = NAME.to_owned();
        report.add(Figure { workload, what, value, control: "", control_value: None });
    }
    Ok(())
}

/// Returns the processor seconds of all children that have ended (`/proc/self/stat`, fields 16 and 17, in hundredths).
fn children_cpu() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').context("no stat")?.1.split_whitespace();
    let ticks: Vec<f64> = fields.skip(13).take(2).flat_map(str::parse).collect();
    Ok(ticks.iter().sum::<f64>() / 100.0)
}
