//! The core: broker, journal, games, API and operator page.

mod games;
