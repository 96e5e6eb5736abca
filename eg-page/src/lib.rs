//! What the operator page and the slot page share: style, live fragments, French and English.
