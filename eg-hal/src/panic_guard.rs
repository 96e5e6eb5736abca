//! Guard around calls that may panic, into drivers above all: a panic costs one device and nothing else.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Message of a panic without one.
const SILENT: &str = "it did not say why";

/// Runs `call` and turns a panic into its message.
///
/// A driver's calls are guarded where its crate is compiled, because only the copy of the standard library that began a
/// panic can end it: a library brings its own.
///
/// # Errors
/// First line of the panic's message.
pub fn catch_panic<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_whole(call).map_err(|said| said.lines().next().unwrap_or(SILENT).to_owned())
}

/// Runs `call` and turns a panic into the whole of its message.
pub(crate) fn catch_whole<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let said = said(payload.as_ref());
        // A payload can panic once more when it is dropped.
        std::mem::forget(payload);
        said
    })
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or(SILENT).to_owned()
}
