//! Nothing to do: cargo takes the features of build dependencies into account only where a build script stands.

fn main() {}
