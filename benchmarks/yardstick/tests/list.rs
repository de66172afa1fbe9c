//! `yardstick list` shows what was put into an archive: the race compares every other program with what this one reads.

use std::io::Write;
use std::process::Command;

use flate2::{Compression, write::GzEncoder};
use tar::{Builder, EntryType, Header};

/// SHA-256 of `hello\n`.
const HELLO: &str = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

fn header(kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header
}

fn list(tarball: &[u8]) -> std::process::Output {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(tarball).expect("write the tarball");
    Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .arg("list")
        .arg(file.path())
        .output()
        .expect("run the yardstick")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("compress");
    encoder.finish().expect("compress")
}

fn tar() -> Vec<u8> {
    let long = format!("package/{}/a.txt", "long".repeat(40));
    let mut tar = Builder::new(Vec::new());
    let mut directory = header(EntryType::Directory, 0);
    tar.append_data(&mut directory, "package/", &b""[..])
        .expect("a directory");
    let mut file = header(EntryType::Regular, 6);
    tar.append_data(&mut file, long, &b"hello\n"[..])
        .expect("a file");
    let mut link = header(EntryType::Symlink, 0);
    tar.append_link(&mut link, "package/link", "a.txt")
        .expect("a link");
    tar.into_inner().expect("a whole archive")
}

#[test]
fn every_entry_is_listed_with_type_size_digest_and_path() {
    let output = list(&gzip(&tar()));
    assert!(output.status.success());
    let long = "long".repeat(40);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!(
            "DIRECTORY\t0\t\tpackage/\nREGULAR\t6\t{HELLO}\tpackage/{long}/a.txt\nSYMLINK\t0\t\tpackage/link\n"
        )
    );
}

#[test]
fn all_gzip_members_are_read() {
    let tar = tar();
    let (first, second) = tar.split_at(tar.len() / 2);
    let members = [gzip(first), gzip(second)].concat();
    assert_eq!(list(&members).stdout, list(&gzip(&tar)).stdout);
}

#[test]
fn a_cut_archive_is_an_error_that_names_the_file() {
    let whole = gzip(&tar());
    let output = list(&whole[..whole.len() / 2]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("can't read the archive"));
}
