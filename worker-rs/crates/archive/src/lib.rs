//! Reads tar archives, plain or in gzip, from bytes that are pushed in: sniff, decompress, walk, limits.
//!
//! The crate does no I/O: no network, no files, no threads, and it never allocates what an archive merely declares.
//! A [`Visitor`] sees each entry once, in order, from a [`Walker`] (bytes as they arrive) or a [`WholeWalker`] (the
//! body in hand); both give the same events, summary and errors for the same bytes.

mod anomaly;
mod assemble;
mod bzip2;
mod decompress;
mod entry;
mod error;
mod extension;
mod gzip;
mod gzip_header;
mod header;
mod input;
mod limits;
mod names;
mod nested;
mod number;
mod paths;
mod pax;
mod reader;
mod sniff;
mod tar;
mod walk;
mod walker;
mod whole;
mod xz;
mod zstd;

pub use anomaly::{Anomalies, Anomaly};
pub use entry::{Entry, EntryType, Format, Summary, TarFormat, Visitor, Wanted};
pub use error::{ArchiveError, GzipFault, GzipPart, StreamFault, TarFault, TarPart};
pub use input::PIECE_BYTES;
pub use limits::*;
pub use sniff::Compression;
pub use walker::Walker;
pub use whole::WholeWalker;
