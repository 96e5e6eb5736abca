//! Identity of a slot: the file with its secret, and how far it is with the broker that asks for it.

mod admission;
mod authority;
mod secret_file;

pub use admission::{Admission, Refused};
pub use authority::{AuthorityError, PinnedAuthority};
pub use secret_file::{SecretError, SecretFile};
