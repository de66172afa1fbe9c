//! The guard as a process: what the connector and the programs see of it.
#![cfg(target_os = "linux")]

mod endings;
mod folder;
mod harness;
mod tree;
mod unread;
