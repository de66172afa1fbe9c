//! The program as a user starts it, with workers that keep the rules and workers that break them.

mod faults;
mod harness;
mod usage;
mod workers;
