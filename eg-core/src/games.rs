//! The games in this core: each crate of `plugins/` once. A crate registers its game when it is linked, and is linked
//! because it is named here.

use night_vote as _;
