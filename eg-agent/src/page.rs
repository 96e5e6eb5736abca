//! The slot's pages: the players' at `/`, and the technician's at `/board`: what this slot is doing, live, and the inputs
//! of a simulated board to be touched.

mod board;
#[cfg(test)]
mod causes;
mod doctor;
mod document;
mod faults;
mod first_guest;
mod guard;
mod levels;
mod live;
mod peer;
mod player;
mod routes;
mod site;
mod technician;
#[cfg(test)]
mod tests;
mod view;

pub use routes::{PageError, PageOptions, ServedPage, serve};
