//! `doctor`: looks at a slot from the wire up to its core, and says what is wrong and what to do.

mod adoption;
mod connection;
mod local;
mod printer;
mod probe;
mod search;
mod target;

use super::exit::{FAILED, complain, finish};
use super::sources::Environment;
use crate::library::Catalog;
use anyhow::Context;
use eg_page::{Finding, Lang};
use printer::Printer;
use std::path::Path;
use std::process::ExitCode;

/// Arguments of the command.
pub(super) struct DoctorRequest<'a> {
    /// Host or file.
    pub(super) target: Option<&'a str>,
    pub(super) port: Option<u16>,
    pub(super) json: bool,
}

pub(super) fn doctor(
    wanted: &DoctorRequest<'_>,
    catalog: &Catalog,
    environment: &Environment,
) -> ExitCode {
    let folder = Path::new(target::FOLDER);
    let mut target = match target::target(wanted.target, wanted.port, environment, folder) {
        Ok(target) => target,
        Err(problems) => return complain(&problems),
    };
    let Some(mut report) = Printer::new(language(environment), wanted.json) else {
        return ExitCode::from(FAILED);
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime.context("cannot start the runtime") {
        Ok(runtime) => runtime,
        Err(error) => return finish(Err(error)),
    };
    runtime.block_on(async {
        local::examine(&target, catalog, &mut report).await;
        let Some(core) = search::core(&target.core, &mut report).await else { return };
        let is_named = !target.core.is_looked_for();
        target.core = core;
        if let Some(file) = target.file.as_ref().filter(|_| is_named) {
            let read = Finding::good("read").with("cause", file.display());
            report.tell(read.with("host", &target.core.host).with("port", target.core.port));
        }
        connection::examine(&target, &mut report).await;
    });
    report.end()
}

/// The language of the locale, as POSIX looks for it (Base Definitions, 8.2).
pub(super) fn language(environment: &Environment) -> Lang {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| environment.get(name).filter(|value| !value.is_empty()));
    said.and_then(|locale| Lang::from_code(locale)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Environment, Lang, language};

    fn said(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn speaks_french_where_the_locale_does() {
        let languages = [
            &[("LANG", "fr_CA.UTF-8")][..],
            &[("LANG", "en_US.UTF-8"), ("LC_ALL", "fr_FR.UTF-8")],
            &[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "fr")],
            &[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")],
            &[("LANG", "de_DE.UTF-8")],
            &[],
        ]
        .map(|pairs| language(&said(pairs)));

        assert_eq!(languages, [Lang::Fr, Lang::Fr, Lang::Fr, Lang::En, Lang::En, Lang::En]);
    }
}
