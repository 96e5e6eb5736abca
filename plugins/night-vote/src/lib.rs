//! The night vote: one ballot a player, the last valid choice counts.
