//! The promises of every game, kept by this one.

use eg_game::conformance::Conformance;
use {{ident}}::{{Type}};

#[test]
fn conforms() {
    Conformance::of::<{{Type}}>("{ points: 3 }").inputs(["red"]).check();
}
