//! Parts of `cargo eg` that the rules of the workspace use too.

pub mod imports;
