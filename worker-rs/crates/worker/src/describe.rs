//! The description of this worker.

use std::io::{self, Write};

use rustpipe_protocol::{Description, LINE_IN_BYTES, LINE_OUT_BYTES, Limits, VERSION};

use crate::failure::Failure;
use crate::options;

/// The worker's name in `describe` and `hello`.
pub(crate) const NAME: &str = "rustpipe-worker";
/// The worker's version in `describe` and `hello`.
pub(crate) const WORKER_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Prints the description as one line.
pub(crate) fn print() -> Result<(), Failure> {
    let description = Description {
        name: NAME.to_owned(),
        version: WORKER_VERSION.to_owned(),
        protocol: vec![VERSION],
        platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        tables: rustpipe_analyze::tables(),
        filters: Vec::new(),
        options: options::describe(),
        limits: Limits {
            line_in_bytes: LINE_IN_BYTES,
            line_out_bytes: LINE_OUT_BYTES,
        },
    };
    let mut line = serde_json::to_vec(&description)
        .map_err(io::Error::from)
        .map_err(Failure::Write)?;
    line.push(b'\n');
    io::stdout()
        .lock()
        .write_all(&line)
        .map_err(Failure::of_write)
}
