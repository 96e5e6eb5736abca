//! The wire: ids, topics, events, commands and status, as checked types.
