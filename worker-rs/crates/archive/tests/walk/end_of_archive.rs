//! Where an archive may end, and where it may not.

use rustpipe_archive::{ArchiveError, TarFault, TarPart};
use rustpipe_testkit::archive::{BLOCK, Header, TarBuilder, gzip};

use crate::recording::{Recording, walk};

fn fault(recording: &Recording) -> (u64, u64, &TarFault) {
    match &recording.error {
        Some(ArchiveError::BadTar {
            entry_index,
            offset,
            fault,
        }) => (*entry_index, *offset, fault),
        other => panic!("expected broken tar, got {other:?}"),
    }
}

#[test]
fn no_end_mark_half_of_one_or_a_cut_one_are_fine() {
    let files = TarBuilder::new().file("a", "A").file("b", "");
    for zeros in [0, 100, BLOCK, BLOCK + 100, 2 * BLOCK, 20 * BLOCK] {
        let recording = walk(files.clone().raw(vec![0; zeros]).without_end());
        assert_eq!(
            (recording.paths(), recording.error.clone()),
            (vec!["a", "b"], None),
            "{zeros}"
        );
    }
}

#[test]
fn what_follows_the_end_mark_is_ignored() {
    let archive = TarBuilder::new()
        .file("a", "A")
        .raw([0; 2 * BLOCK])
        .file("hidden", "")
        .raw("junk")
        .without_end();
    let recording = walk(&archive);
    assert_eq!(
        (recording.paths(), recording.error.clone()),
        (vec!["a"], None)
    );
    assert_eq!(recording.summary.uncompressed_bytes, archive.len() as u64);
}

#[test]
fn what_follows_the_end_mark_is_still_checked_by_gzip() {
    let archive = TarBuilder::new()
        .file("a", "A")
        .raw([0; 2 * BLOCK])
        .raw("junk")
        .without_end();
    let mut body = gzip(archive);
    let last = body.len() - 5;
    body[last] ^= 1;
    let recording = walk(&body);
    assert_eq!(recording.paths(), ["a"]);
    assert!(
        matches!(recording.error, Some(ArchiveError::BadGzip { .. })),
        "{:?}",
        recording.error
    );
}

/// Programs disagree: some end there, some go on, some refuse.
#[test]
fn a_lone_zero_block_between_entries_is_an_error() {
    let recording = walk(
        TarBuilder::new()
            .file("a", "A")
            .raw([0; BLOCK])
            .file("b", "")
            .end(),
    );
    assert_eq!(fault(&recording), (1, 1024, &TarFault::LoneZeroBlock));
    assert_eq!(recording.paths(), ["a"]);
    let recording = walk(
        TarBuilder::new()
            .file("a", "A")
            .raw([0; BLOCK])
            .raw("junk")
            .without_end(),
    );
    assert_eq!(fault(&recording), (1, 1024, &TarFault::LoneZeroBlock));
}

#[test]
fn an_end_inside_a_content_says_how_much_is_missing() {
    let archive = TarBuilder::new()
        .file("a", "A")
        .file("b", vec![b'b'; 1000])
        .without_end();
    let recording = walk(&archive[..2 * BLOCK + BLOCK + 300]);
    assert_eq!(
        fault(&recording),
        (
            1,
            1836,
            &TarFault::Truncated {
                part: TarPart::Content,
                missing: 700
            }
        )
    );
    assert_eq!(recording.paths(), ["a"]);
    assert_eq!(recording.entries[1].content, vec![b'b'; 300]);
    assert_eq!(
        recording.message(),
        "broken tar at entry 1, byte 1836 of the tar stream: \
         the archive ends inside the content of an entry, 700 bytes early; it may be cut off"
    );
}

#[test]
fn an_end_inside_the_padding_is_an_error_behind_a_whole_entry() {
    let recording = walk(&TarBuilder::new().file("a", "A").without_end()[..BLOCK + 2]);
    assert_eq!(
        fault(&recording),
        (
            1,
            514,
            &TarFault::Truncated {
                part: TarPart::Padding,
                missing: 510
            }
        )
    );
    assert_eq!(recording.paths(), ["a"]);
}

#[test]
fn an_end_inside_a_header_is_an_error() {
    let recording =
        walk(&TarBuilder::new().file("a", "").file("b", "").without_end()[..BLOCK + 100]);
    assert_eq!(
        fault(&recording),
        (
            1,
            612,
            &TarFault::Truncated {
                part: TarPart::Header,
                missing: 412
            }
        )
    );
}

#[test]
fn an_end_inside_an_extension_header_is_an_error() {
    let recording = walk(&TarBuilder::new().pax(&[("path", "a")]).without_end()[..BLOCK + 3]);
    assert_eq!(
        fault(&recording),
        (
            0,
            515,
            &TarFault::Truncated {
                part: TarPart::Extension,
                missing: 6
            }
        )
    );
}

#[test]
fn an_end_inside_a_sparse_map_is_an_error() {
    let recording = walk(
        TarBuilder::new()
            .header(Header::gnu("a", b'S').gnu_sparse(9, true))
            .raw("map")
            .without_end(),
    );
    assert_eq!(
        fault(&recording),
        (
            0,
            515,
            &TarFault::Truncated {
                part: TarPart::SparseMap,
                missing: 509
            }
        )
    );
}

#[test]
fn extension_headers_without_an_entry_are_an_error() {
    for extension in [
        TarBuilder::new().pax(&[("path", "a")]),
        TarBuilder::new().long_name("a"),
        TarBuilder::new().long_link("a"),
    ] {
        for archive in [
            extension.clone().without_end(),
            extension.raw([0; 2 * BLOCK]).without_end(),
        ] {
            assert_eq!(
                fault(&walk(archive)),
                (0, 2 * BLOCK as u64, &TarFault::OrphanExtension)
            );
        }
    }
}

#[test]
fn a_global_header_needs_no_entry() {
    let recording = walk(
        TarBuilder::new()
            .pax_global(&[("comment", "a commit")])
            .end(),
    );
    assert_eq!((recording.entries.len(), recording.error), (0, None));
}
