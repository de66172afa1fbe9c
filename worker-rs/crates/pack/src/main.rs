//! Packs the worker's binary and its description for the connector's jar.
//!
//! ```text
//! OUT_DIR/io/rustpipe/spark/worker/description.json
//! OUT_DIR/io/rustpipe/spark/worker/PLATFORM/rustpipe-worker.zst
//! OUT_DIR/io/rustpipe/spark/worker/PLATFORM/rustpipe-worker.sha256   digest of the binary as it runs
//! ```

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use sha2::{Digest, Sha256};

/// Where the connector looks, inside its jar.
const FOLDER: &str = "io/rustpipe/spark/worker";
/// Some seconds for a jar a third smaller than by the default level.
const COMPRESSION_LEVEL: i32 = 19;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(target), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: rustpipe-pack OUT_DIR");
        return ExitCode::from(2);
    };
    match pack(&PathBuf::from(target).join(FOLDER)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rustpipe-pack: {error}");
            ExitCode::FAILURE
        }
    }
}

fn pack(target: &Path) -> Result<(), Box<dyn Error>> {
    let worker = worker()?;
    let binary = fs::read(&worker).map_err(|error| at(&worker, &error))?;
    let (description, platform) = describe(&worker)?;
    let folder = target.join(platform);
    fs::create_dir_all(&folder).map_err(|error| at(&folder, &error))?;
    write(&target.join("description.json"), &description)?;

    let compressed = folder.join("rustpipe-worker.zst");
    let digest = folder.join("rustpipe-worker.sha256");
    let mut sha256 = String::new();
    for byte in Sha256::digest(&binary) {
        write!(sha256, "{byte:02x}")?;
    }
    sha256.push('\n');
    if compressed.exists() && fs::read_to_string(&digest).is_ok_and(|packed| packed == sha256) {
        return Ok(());
    }
    write(
        &compressed,
        &zstd::bulk::compress(&binary, COMPRESSION_LEVEL)?,
    )?;
    // Last, so that a digest never stands beside an older binary.
    write(&digest, sha256.as_bytes())?;
    Ok(())
}

/// The worker that was built together with this program.
fn worker() -> Result<PathBuf, Box<dyn Error>> {
    let this = std::env::current_exe()?;
    let worker = this.with_file_name(format!("rustpipe-worker{}", std::env::consts::EXE_SUFFIX));
    if worker.is_file() {
        Ok(worker)
    } else {
        Err(format!(
            "there is no {}; run `cargo build --release` first",
            worker.display()
        )
        .into())
    }
}

/// What the worker says of itself, and its platform.
fn describe(worker: &Path) -> Result<(Vec<u8>, String), Box<dyn Error>> {
    let output = Command::new(worker)
        .arg("describe")
        .output()
        .map_err(|error| at(worker, &error))?;
    if !output.status.success() {
        io::stderr().write_all(&output.stderr)?;
        return Err(format!(
            "`{} describe` ended with {}",
            worker.display(),
            output.status
        )
        .into());
    }
    let description: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let platform = description["platform"]
        .as_str()
        .ok_or("the description has no platform")?;
    Ok((output.stdout, platform.to_owned()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| at(path, &error))
}

fn at(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
