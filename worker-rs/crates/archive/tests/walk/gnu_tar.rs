//! Archives made by the system's GNU tar in each of its formats: the reader must tell what `tar --list` tells.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use rustpipe_archive::{Anomaly, Entry, EntryType};

use crate::fixtures::noise;
use crate::recording::walk;

/// What a format can store.
struct Reach {
    longest_name: usize,
    longest_target: usize,
    has_pipes_and_old_files: bool,
}

const V7: Reach = Reach {
    longest_name: 99,
    longest_target: 99,
    has_pipes_and_old_files: false,
};
const USTAR: Reach = Reach {
    longest_name: 220,
    longest_target: 99,
    has_pipes_and_old_files: false,
};
const ANY: Reach = Reach {
    longest_name: 700,
    longest_target: 700,
    has_pipes_and_old_files: true,
};

#[test]
fn v7() {
    assert_listing("v7", &["--format=v7"], &V7, EntryType::Regular);
}

#[test]
fn ustar() {
    assert_listing("ustar", &["--format=ustar"], &USTAR, EntryType::Regular);
}

#[test]
fn oldgnu() {
    assert_listing("oldgnu", &["--format=oldgnu"], &ANY, EntryType::Regular);
}

#[test]
fn gnu() {
    assert_listing("gnu", &["--format=gnu"], &ANY, EntryType::Regular);
}

#[test]
fn gnu_sparse() {
    assert_listing(
        "gnu-sparse",
        &["--format=gnu", "--sparse"],
        &ANY,
        EntryType::Sparse,
    );
}

#[test]
fn posix() {
    assert_listing("posix", &["--format=posix"], &ANY, EntryType::Regular);
}

#[test]
fn posix_with_global_header() {
    let options = [
        "--format=posix",
        "--pax-option=globexthdr.name=g,uname=everybody",
    ];
    assert_listing("posix-global", &options, &ANY, EntryType::Regular);
}

#[test]
fn posix_sparse_0_0() {
    assert_listing(
        "sparse-0.0",
        &["--format=posix", "--sparse-version=0.0"],
        &ANY,
        EntryType::Sparse,
    );
}

#[test]
fn posix_sparse_0_1() {
    assert_listing(
        "sparse-0.1",
        &["--format=posix", "--sparse-version=0.1"],
        &ANY,
        EntryType::Sparse,
    );
}

#[test]
fn posix_sparse_1_0() {
    assert_listing(
        "sparse-1.0",
        &["--format=posix", "--sparse-version=1.0"],
        &ANY,
        EntryType::Sparse,
    );
}

fn assert_listing(name: &str, options: &[&str], reach: &Reach, holes: EntryType) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("gnu-tar")
        .join(name);
    make_tree(&folder, reach);
    let archive = folder.join("a.tar");
    let sparse: &[&str] = if holes == EntryType::Sparse {
        &["--sparse", "--hole-detection=raw"]
    } else {
        &[]
    };
    tar(
        &folder,
        options
            .iter()
            .chain(sparse)
            .chain(&["--create", "--sort=name", "--file=a.tar", "tree"]),
    );

    let recording = walk(fs::read(&archive).expect("the archive that tar made"));
    assert_eq!(recording.error, None);
    // The one that the tree has; none that the form of the archive makes.
    assert_eq!(recording.anomalies(), [Anomaly::Setuid]);
    for (numeric, owner) in [
        (
            Some("--numeric-owner"),
            numeric_owner as fn(&Entry) -> String,
        ),
        (None, named_owner),
    ] {
        let listing = tar(
            &folder,
            [
                "--list",
                "--verbose",
                "--full-time",
                "--quoting-style=literal",
                "--file=a.tar",
            ]
            .iter()
            .chain(numeric.as_ref()),
        );
        assert_eq!(listing.lines().count(), recording.entries.len());
        for (listed, told) in listing.lines().zip(&recording.entries) {
            assert_eq!(line(&told.entry, &owner(&told.entry)), listed_line(listed));
        }
    }
    let of = |path: &str| {
        recording
            .entries
            .iter()
            .find(|entry| entry.entry.path == path)
            .expect(path)
    };
    assert_eq!(of("tree/file").content, noise(3000));
    assert_eq!(of("tree/holes").entry.entry_type, holes);
    fs::remove_dir_all(&folder).expect("the test's own folder");
}

fn make_tree(folder: &Path, reach: &Reach) {
    // What an interrupted run has left.
    let _ = fs::remove_dir_all(folder);
    let tree = folder.join("tree");
    write(&tree.join("file"), &noise(3000));
    write(&tree.join("empty"), b"");
    write(&tree.join("ünïcödé ✓  with spaces"), b"x");
    write(&tree.join("tool"), b"#!/bin/sh\n");
    fs::set_permissions(tree.join("tool"), fs::Permissions::from_mode(0o4751))
        .expect("a file of ours");
    fs::hard_link(tree.join("file"), tree.join("same")).expect("a folder of ours");
    symlink("file", tree.join("link")).expect("a folder of ours");
    symlink("t".repeat(reach.longest_target), tree.join("long-link")).expect("a folder of ours");
    for length in [
        98, 99, 100, 101, 155, 156, 220, 255, 256, 257, 511, 512, 700,
    ] {
        if length <= reach.longest_name {
            write(&folder.join(path_of_length(length)), b"long");
        }
    }
    make_holes(&tree.join("holes"));
    if reach.has_pipes_and_old_files {
        run(Command::new("mkfifo").arg(tree.join("pipe")));
        write(&tree.join("old"), b"");
        // Whole seconds: GNU tar 1.34 lists -1.5 as if it were -0.5.
        set_modified(
            &tree.join("old"),
            SystemTime::UNIX_EPOCH - Duration::from_secs(2),
        );
    }
}

fn path_of_length(length: usize) -> PathBuf {
    let mut path = String::from("tree/");
    while length - path.len() > 90 {
        path.push_str(&"d".repeat(59));
        path.push('/');
    }
    path.push_str(&"f".repeat(length - path.len()));
    path.into()
}

fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("a path in a folder")).expect("a folder of ours");
    fs::write(path, content).expect("a folder of ours");
    set_modified(
        path,
        SystemTime::UNIX_EPOCH + Duration::new(1_600_000_000, 123_456_789),
    );
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = File::options()
        .write(true)
        .open(path)
        .expect("a file of ours");
    file.set_modified(time).expect("a file of ours");
}

/// More parts than the header of an old GNU sparse file and one block of its map hold.
fn make_holes(path: &Path) {
    let mut file = File::create(path).expect("a folder of ours");
    for part in 0..60 {
        file.seek(SeekFrom::Start(part * 32_768))
            .and_then(|_| file.write_all(&[b'x'; 700]))
            .expect("a file of ours");
    }
    file.set_len(60 * 32_768).expect("a file of ours");
}

fn tar(folder: &Path, arguments: impl Iterator<Item = impl AsRef<OsStr>>) -> String {
    run(Command::new("tar")
        .env("TZ", "UTC")
        .env("LC_ALL", "C")
        .current_dir(folder)
        .args(arguments))
}

fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("names in UTF-8")
}

fn numeric_owner(entry: &Entry) -> String {
    let number = |number: Option<u64>| number.expect("a number").to_string();
    format!("{}/{}", number(entry.uid), number(entry.gid))
}

fn named_owner(entry: &Entry) -> String {
    let name = |name: &Option<String>, number: Option<u64>| {
        name.clone()
            .unwrap_or_else(|| number.expect("a number").to_string())
    };
    format!(
        "{}/{}",
        name(&entry.uname, entry.uid),
        name(&entry.gname, entry.gid)
    )
}

/// A line of `tar --list --verbose --full-time` with single spaces between columns and six digits of a second.
fn listed_line(line: &str) -> String {
    let mut rest = line;
    let mut columns: Vec<&str> = Vec::new();
    while columns.len() < 5 {
        let (column, behind) = rest
            .trim_start()
            .split_once(' ')
            .expect("five columns and a name");
        columns.push(column);
        rest = behind;
    }
    let (time, fraction) = columns[4].split_once('.').unwrap_or((columns[4], ""));
    format!(
        "{} {time}.{fraction:0<6.6} {}",
        columns[..4].join(" "),
        rest.trim_start()
    )
}

fn line(entry: &Entry, owner: &str) -> String {
    let (kind, suffix) = match entry.entry_type {
        EntryType::Directory => ('d', String::new()),
        EntryType::Fifo => ('p', String::new()),
        EntryType::HardLink => (
            'h',
            format!(
                " link to {}",
                entry.link_target.as_deref().expect("a link's target")
            ),
        ),
        EntryType::SymLink => (
            'l',
            format!(
                " -> {}",
                entry.link_target.as_deref().expect("a link's target")
            ),
        ),
        _ => ('-', String::new()),
    };
    let time = time(entry.mtime_micros.expect("a time"));
    format!(
        "{kind}{} {owner} {} {time} {}{suffix}",
        permissions(entry.mode.expect("a mode")),
        entry.size,
        entry.path
    )
}

fn permissions(mode: u32) -> String {
    let letter = |bit: u32, letter: char| if mode & bit == 0 { '-' } else { letter };
    let execute = |bit: u32, special: u32| match (mode & special != 0, mode & bit != 0) {
        (false, false) => '-',
        (false, true) => 'x',
        (true, false) => 'S',
        (true, true) => 's',
    };
    let class = |shift: u32, special: u32| {
        [
            letter(4 << shift, 'r'),
            letter(2 << shift, 'w'),
            execute(1 << shift, special),
        ]
    };
    [class(6, 0o4000), class(3, 0o2000), class(0, 0)]
        .iter()
        .flatten()
        .collect()
}

/// `1970-01-01 00:00:00.000000`.
fn time(micros: i64) -> String {
    let (seconds, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (mut days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while days < 0 {
        year -= 1;
        days += 365 + i64::from(is_leap(year));
    }
    while days >= 365 + i64::from(is_leap(year)) {
        days -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + i64::from(is_leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!(
        "{year}-{:02}-{:02} {hour:02}:{minute:02}:{second:02}.{micros:06}",
        month + 1,
        days + 1
    )
}
