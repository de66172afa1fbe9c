//! The worker as a process: what the connector sees of it.

mod conversation;
mod endings;
mod harness;
mod limits;
mod refusals;
mod resume;
