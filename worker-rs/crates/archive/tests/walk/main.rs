//! The archive reader's specification. Every body goes through a [`rustpipe_archive::Walker`] in one piece and byte by
//! byte, and through a [`rustpipe_archive::WholeWalker`]: the three must tell the same.

mod anomalies;
mod chunks;
mod compressed;
mod end_of_archive;
mod fixtures;
#[cfg(target_os = "linux")]
mod gnu_tar;
mod gzip;
mod header_facts;
mod hostile;
mod limits;
mod nested;
mod pax;
mod recording;
mod sniffing;
mod sparse;
mod tar_headers;
