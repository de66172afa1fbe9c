//! The tables: what each one offers, and how an input becomes its rows.
//!
//! The crate composes `fetch` (bytes of a URL), `archive` (entries of those bytes) and `protocol` (rows as frames). The
//! columns that are asked for decide how deep it goes: work that no one asked for is not done. It knows no pipes and
//! no processes; lines go into a channel.

mod analyzer;
mod body;
mod content;
mod cpu;
mod digests;
mod entries;
mod failure;
mod fetches;
mod frames;
mod integrity;
mod limits;
mod nested;
mod pipeline;
mod plan;
mod resume;
mod rows;
mod source;
mod table;

pub use analyzer::{Analyzer, NewAnalyzerError};
pub use plan::{Plan, PlanError, tables};
pub use table::Cost;
