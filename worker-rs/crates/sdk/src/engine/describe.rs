//! The description of a worker.

use std::io::{self, Write};
use std::process::ExitCode;

use rustpipe_protocol::{
    Description, LINE_IN_BYTES, LINE_OUT_BYTES, Limits, Table, VERSION, WorkerOption,
};

use crate::engine::fatal::Fatal;
use crate::engine::service::Service;

/// What a worker of this name says of itself, on this platform.
#[must_use]
pub fn description(
    name: &str,
    version: &str,
    tables: Vec<Table>,
    options: Vec<WorkerOption>,
) -> Description {
    Description {
        name: name.to_owned(),
        version: version.to_owned(),
        protocol: vec![VERSION],
        platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        tables,
        filters: Vec::new(),
        options,
        limits: Limits {
            line_in_bytes: LINE_IN_BYTES,
            line_out_bytes: LINE_OUT_BYTES,
        },
    }
}

/// Prints the description as one line. Gives the status to exit with.
pub fn describe(service: &impl Service) -> ExitCode {
    let description = service.description();
    print(&description).map_or_else(
        |fatal| fatal.exit(&description.name),
        |()| ExitCode::SUCCESS,
    )
}

fn print(description: &Description) -> Result<(), Fatal> {
    let mut line = serde_json::to_vec(description)
        .map_err(io::Error::from)
        .map_err(Fatal::Write)?;
    line.push(b'\n');
    io::stdout()
        .lock()
        .write_all(&line)
        .map_err(Fatal::of_write)
}
