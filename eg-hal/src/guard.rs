//! Calls that may panic, into drivers above all: that costs a device and nothing else.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `call`. A panic becomes its message.
///
/// A driver's calls are guarded where its crate is compiled, because only the copy of the standard library that began a
/// panic can end it: a library brings its own.
///
/// # Errors
/// What the panic said, in one line.
pub fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let said = said(payload.as_ref());
        // A payload can panic once more when it is dropped.
        std::mem::forget(payload);
        said
    })
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    text.and_then(|text| text.lines().next()).unwrap_or("it did not say why").to_owned()
}
