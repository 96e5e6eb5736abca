//! The disk: journal, accounts, room for a night.

use crate::config::CoreConfig;
use crate::journal::{JournalError, Reader};
use crate::server::account_of;
use crate::tls::ServerTls;
use eg_log::CrashReport;
use eg_page::Finding;
use rustix::fs::{Access, access, statvfs};
use std::path::Path;

/// Free space below which a night may find no room, 256 MiB.
const LITTLE: u64 = 256 << 20;

pub(super) fn data(config: &CoreConfig) -> Vec<Finding> {
    let mut found = vec![storage(&config.db)];
    let folder = config.db.parent().unwrap_or(Path::new(""));
    found.extend(CrashReport::left_in(folder, "eg-core").map(|report| {
        Finding::doubtful("crash").with("path", report.file.display()).because(report.said)
    }));
    let said = |finding: Finding| finding.with("path", config.db.display());
    found.push(match Reader::open(&config.db) {
        Ok(_) => said(Finding::good("journal")),
        Err(JournalError::Missing { .. }) => said(Finding::good("journal-new")),
        Err(error) => said(Finding::bad("journal")).because(error),
    });
    let account = account_of(&config.db);
    if account.exists() && access(&account, Access::READ_OK | Access::WRITE_OK).is_err() {
        found.push(Finding::bad("account").with("path", account.display()));
    }
    if let Some(files) = &config.tls {
        let loaded = ServerTls::load(files);
        found.push(match loaded {
            Ok(_) => Finding::good("tls"),
            Err(error) => Finding::bad("tls").because(error),
        });
    }
    found
}

fn storage(db: &Path) -> Finding {
    let folder = db.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let there = folder.ancestors().find(|folder| folder.exists());
    let there = there.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let said = |finding: Finding| finding.with("path", folder.display());
    if let Err(error) = access(there, Access::WRITE_OK | Access::EXEC_OK) {
        return said(Finding::bad("writable")).because(error);
    }
    match statvfs(there) {
        Err(error) => said(Finding::bad("disk")).with("free", "?").because(error),
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let finding = if free < LITTLE { Finding::bad("disk") } else { Finding::good("disk") };
            said(finding).with("free", format!("{} MB", free / 1_000_000))
        }
    }
}
