//! Sparse files: reported, never expanded, and stepped over exactly.

use rustpipe_archive::EntryType;
use rustpipe_testkit::archive::{BLOCK, Header, TarBuilder};

use crate::recording::{Recording, walk};

fn assert_sparse_then_next(recording: &Recording, path: &str, size: u64) {
    assert_eq!(recording.error, None);
    assert_eq!(recording.paths(), [path, "next"]);
    let sparse = &recording.entries[0];
    assert_eq!(
        (sparse.entry.entry_type, sparse.entry.size),
        (EntryType::Sparse, size)
    );
    assert_eq!(
        sparse.content, b"",
        "parts are not shown as if they were the content"
    );
    assert_eq!(recording.summary.file_count, 2);
}

#[test]
fn old_gnu_headers_give_the_real_size() {
    let header = Header::gnu("holes", b'S').gnu_sparse(7 << 30, false);
    let archive = TarBuilder::new()
        .entry(header, "stored parts")
        .file("next", "")
        .end();
    assert_sparse_then_next(&walk(archive), "holes", 7 << 30);
}

#[test]
fn blocks_of_the_map_are_stepped_over() {
    let header = Header::gnu("holes", b'S').gnu_sparse(1 << 20, true).size(5);
    let mut continued = [0; BLOCK];
    continued[504] = 1;
    let archive = TarBuilder::new()
        .header(header)
        .raw(continued)
        .raw(continued)
        .raw([0; BLOCK])
        .content("parts")
        .file("next", "")
        .end();
    assert_sparse_then_next(&walk(archive), "holes", 1 << 20);
}

#[test]
fn the_type_flag_without_gnus_magic_has_no_map() {
    let header = Header::ustar("holes", b'S').gnu_sparse(9, true);
    let archive = TarBuilder::new()
        .entry(header, "parts")
        .file("next", "")
        .end();
    assert_sparse_then_next(&walk(archive), "holes", 5);
}

#[test]
fn pax_version_0_0_has_its_map_in_repeated_records() {
    let records = [
        ("GNU.sparse.size", "4096"),
        ("GNU.sparse.numblocks", "1"),
        ("GNU.sparse.offset", "1024"),
        ("GNU.sparse.numbytes", "5"),
    ];
    let archive = TarBuilder::new()
        .pax(&records)
        .file("holes", "parts")
        .file("next", "")
        .end();
    assert_sparse_then_next(&walk(archive), "holes", 4096);
}

#[test]
fn pax_version_0_1_has_name_and_map_in_records() {
    let records = [
        ("GNU.sparse.size", "4096"),
        ("GNU.sparse.numblocks", "1"),
        ("GNU.sparse.name", "real/name"),
        ("GNU.sparse.map", "1024,5"),
        ("path", "GNUSparseFile.1/name"),
    ];
    let archive = TarBuilder::new()
        .pax(&records)
        .file("cut", "parts")
        .file("next", "")
        .end();
    assert_sparse_then_next(&walk(archive), "real/name", 4096);
}

#[test]
fn pax_version_1_0_has_its_map_before_the_parts() {
    let records = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.name", "real/name"),
        ("GNU.sparse.realsize", "1125899906842624"),
    ];
    let archive = TarBuilder::new()
        .pax(&records)
        .file("GNUSparseFile.1/name", "1\n0\n5\nparts")
        .file("next", "")
        .end();
    assert_sparse_then_next(&walk(archive), "real/name", 1 << 50);
}

#[test]
fn without_a_version_or_a_map_a_file_is_regular() {
    let archive = TarBuilder::new()
        .pax(&[("GNU.sparse.size", "4096"), ("GNU.sparse.major", "0")])
        .file("a", "all")
        .end();
    let recording = walk(archive);
    assert_eq!(
        (recording.only().entry_type, recording.only().size),
        (EntryType::Regular, 3)
    );
    assert_eq!(recording.entries[0].content, b"all");
}
