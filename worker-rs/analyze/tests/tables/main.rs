//! What each table says of what a server can do, end to end but for the pipes.

mod downloads;
mod entries;
mod fetches;
mod harness;
