//! Files of a core with any text: they are taken, or every mistake lies within the text and can be printed.
#![no_main]

use eg_config::Source;
use eg_core::config::{CoreConfig, Environment};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::text("core.yaml", text);

    let Err(problems) = CoreConfig::from_source(&source, &Environment::default()) else { return };

    assert!(problems.len() > 0, "refused without a reason");
    for problem in &problems {
        // A carriage return ends a line of YAML too (YAML 1.2.2, section 5.4).
        let lines = text.split(['\n', '\r']).count();
        assert!(
            problem.line.is_none_or(|line| line <= lines),
            "line {:?} of {lines}",
            problem.line
        );
        assert!(!format!("{problem:#}").is_empty());
    }
});
