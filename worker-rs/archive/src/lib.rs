//! Reads tar archives, plain or in gzip, from bytes that are pushed in: sniff, decompress, walk, limits.
//!
//! The crate does no I/O: no network, no files, no threads, and it never allocates what an archive merely declares.
//! A [`Visitor`] sees each entry once, in order, from a [`Walker`] (bytes as they arrive) or a [`WholeWalker`] (the
//! body in hand); both give the same events, summary and errors for the same bytes.

mod anomaly;
mod assemble;
mod entry;
mod error;
mod extension;
mod gzip;
mod gzip_header;
mod header;
mod limits;
mod number;
mod pax;
mod tar;
mod walker;
mod whole;

pub use anomaly::{Anomalies, Anomaly};
pub use entry::{Entry, EntryType, Format, Summary, TarFormat, Visitor, Wanted};
pub use error::{ArchiveError, GzipFault, GzipPart, StreamFault, TarFault, TarPart};
pub use limits::*;
pub use walker::Walker;
pub use whole::WholeWalker;
