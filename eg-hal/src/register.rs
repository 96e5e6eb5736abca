//! Macro by which a crate registers its drivers and declares itself as a library.

/// Makes drivers selectable by name: once per crate, as the last line of its `lib.rs`, with all drivers of the crate.
///
/// Built with `--cfg eg_library`, the crate declares itself as a driver library too; see [`library`](crate::library).
#[macro_export]
macro_rules! register {
    ($($driver:ty),+ $(,)?) => {
        $($crate::inventory::submit! {
            $crate::DriverEntry::of::<$driver>(
                env!("CARGO_PKG_NAME"),
                env!("CARGO_PKG_VERSION"),
                env!("CARGO_PKG_DESCRIPTION"),
            )
        })+

        #[allow(unexpected_cfgs, reason = "the author's crate need not know of it")]
        const _: () = {
            #[cfg(eg_library)]
            #[unsafe(no_mangle)]
            pub static EG_DRIVER_LIBRARY: $crate::library::Declaration =
                $crate::library::Declaration::of(
                    env!("CARGO_PKG_NAME"),
                    env!("CARGO_PKG_VERSION"),
                );
        };
    };
}
