//! A check: a promise and the code that looks whether it is kept.

/// One check. It runs in a process of its own.
pub(crate) struct Check {
    /// Subject of the check: the module it stands in.
    pub(crate) group: &'static str,
    /// The promise: the name of its function.
    pub(crate) name: &'static str,
    /// The user it runs as.
    pub(crate) user: User,
    /// Looks. An error or a panic is a broken promise.
    pub(crate) run: fn() -> anyhow::Result<()>,
}

/// Whom a check runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum User {
    /// One who may everything.
    Root,
    /// One who is in no group.
    Nobody,
}

impl Check {
    /// `gpio/a_press_carries_the_kernels_time`.
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.group, self.name)
    }
}

/// The checks of a module, by their functions.
macro_rules! checks {
    ($group:literal, $user:ident: $($name:ident),+ $(,)?) => {
        pub(crate) const CHECKS: &[$crate::check::Check] = &[$(
            $crate::check::Check {
                group: $group,
                name: stringify!($name),
                user: $crate::check::User::$user,
                run: $name,
            }
        ),+];
    };
}

pub(crate) use checks;
