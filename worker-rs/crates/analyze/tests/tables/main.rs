//! What each table says of what a server can do, end to end but for the pipes.

mod archive_digest;
mod changed;
mod contents;
mod depth;
mod downloads;
mod entries;
mod fetches;
mod harness;
mod integrity;
mod nested;
mod resume;
