//! Limits: each ends in an error with its name, its value and what was seen.

use rustpipe_archive::{ArchiveError, Limits};
use rustpipe_testkit::archive::{BLOCK, Header, TarBuilder, gzip};

use crate::fixtures::noise;
use crate::recording::{walk, walk_within};

fn limit(limit: &'static str, allowed: u64, seen: u64) -> ArchiveError {
    ArchiveError::Limit {
        limit,
        allowed,
        seen,
    }
}

#[test]
fn uncompressed_bytes_are_counted_in_plain_and_compressed_archives() {
    let tar = TarBuilder::new()
        .file("a", "A")
        .file("b", noise(5000))
        .end();
    let exact = Limits {
        uncompressed_bytes: tar.len() as u64,
        ..Limits::default()
    };
    let below = Limits {
        uncompressed_bytes: 3000,
        ..Limits::default()
    };
    for body in [gzip(&tar), tar] {
        assert_eq!(walk_within(&body, exact).error, None);
        let recording = walk_within(&body, below);
        assert_eq!(
            recording.error,
            Some(limit("uncompressed_bytes", 3000, 3001))
        );
        assert_eq!(recording.paths(), ["a"]);
        assert_eq!(recording.summary.uncompressed_bytes, 3000);
    }
}

#[test]
fn bytes_behind_the_end_mark_count_too() {
    let body = gzip(
        TarBuilder::new()
            .raw([0; 2 * BLOCK])
            .raw(noise(5000))
            .without_end(),
    );
    let limits = Limits {
        uncompressed_bytes: 3000,
        ..Limits::default()
    };
    assert_eq!(
        walk_within(body, limits).error,
        Some(limit("uncompressed_bytes", 3000, 3001))
    );
}

#[test]
fn a_bomb_is_over_the_ratio() {
    let recording = walk(gzip(
        TarBuilder::new().file("zeros", vec![0; 10 << 20]).end(),
    ));
    let Some(ArchiveError::Limit {
        limit: "ratio",
        allowed: 100,
        seen,
    }) = recording.error
    else {
        panic!("expected a limit, got {:?}", recording.error);
    };
    assert!((900..1100).contains(&seen), "{seen}");
    assert_eq!(
        recording.message(),
        format!("the archive is over the limit ratio: 100 allowed, {seen} seen")
    );
}

#[test]
fn a_large_bomb_is_found_long_before_its_end() {
    let recording = walk(gzip(
        TarBuilder::new().file("zeros", vec![0; 200 << 20]).end(),
    ));
    assert!(
        matches!(
            recording.error,
            Some(ArchiveError::Limit { limit: "ratio", .. })
        ),
        "{:?}",
        recording.error
    );
    assert_eq!(recording.summary.uncompressed_bytes, 64 << 20);
}

#[test]
fn the_ratio_does_not_count_in_small_archives() {
    let recording = walk(gzip(
        TarBuilder::new().file("zeros", vec![0; 1 << 19]).end(),
    ));
    assert_eq!(recording.error, None);
}

#[test]
fn a_part_that_compresses_well_does_not_make_a_bomb() {
    let tar = TarBuilder::new()
        .file("zeros", vec![0; 5 << 20])
        .file("noise", noise(100_000))
        .end();
    assert_eq!(walk(gzip(tar)).error, None);
}

#[test]
fn entries_of_every_type_count() {
    let limits = Limits {
        entries: 2,
        ..Limits::default()
    };
    let two = TarBuilder::new().directory("a/").symlink("b", "a");
    assert_eq!(walk_within(two.clone().end(), limits).error, None);
    let recording = walk_within(two.file("c", "").end(), limits);
    assert_eq!(recording.error, Some(limit("entries", 2, 3)));
    assert_eq!(recording.paths(), ["a/", "b"]);
}

/// The content is not even there: the limit is checked before anything is kept.
#[test]
fn declared_sizes_of_extension_headers_are_checked_before_they_are_read() {
    let cases = [
        (b'x', "pax_header", 256 << 10),
        (b'X', "pax_header", 256 << 10),
        (b'g', "global_header", 1 << 20),
        (b'L', "long_name", 128 << 10),
        (b'K', "long_name", 128 << 10),
    ];
    for (typeflag, name, allowed) in cases {
        let body = TarBuilder::new()
            .header(Header::gnu("x", typeflag).size(allowed + 1))
            .without_end();
        assert_eq!(walk(body).error, Some(limit(name, allowed, allowed + 1)));
    }
}

#[test]
fn extension_headers_of_the_allowed_size_are_read() {
    let name = "n".repeat((128 << 10) - 1);
    assert_eq!(
        walk(TarBuilder::new().long_name(&name).file("a", "").end())
            .only()
            .path,
        name
    );
}

#[test]
fn texts_of_all_entries_count_together() {
    let archive = TarBuilder::new()
        .pax_global(&[("uname", "user"), ("gname", "group")])
        .file("file", "")
        .symlink("link", "file")
        .end();
    let within = |entry_text| {
        let limits = Limits {
            entry_text,
            ..Limits::default()
        };
        walk_within(&archive, limits)
    };
    assert_eq!(within(68).error, None);
    let recording = within(67);
    assert_eq!(recording.error, Some(limit("entry_text", 67, 68)));
    assert_eq!(recording.paths(), ["file"]);
}

/// A download of 200 KiB or so.
#[test]
fn a_global_header_does_not_make_gigabytes_of_rows() {
    let names =
        ["path", "linkpath", "uname", "gname"].map(|keyword| (keyword, "\u{1}".repeat(4096)));
    let tar = (0..6000).fold(TarBuilder::new().pax_global(&names), |tar, _| {
        tar.symlink("a", "b")
    });
    let error = walk(gzip(tar.file("noise", noise(100_000)).end())).error;
    assert!(
        matches!(
            error,
            Some(ArchiveError::Limit {
                limit: "entry_text",
                ..
            })
        ),
        "{error:?}"
    );
}

/// Such a name costs a copy for every entry that follows.
#[test]
fn names_in_global_headers_are_short() {
    for keyword in ["path", "linkpath", "uname", "gname", "GNU.sparse.name"] {
        let archive = |length: usize| {
            let records = [(keyword, "n".repeat(length))];
            TarBuilder::new().pax_global(&records).file("a", "").end()
        };
        assert_eq!(walk(archive(4096)).error, None);
        let error = walk(archive(4097)).error;
        assert_eq!(error, Some(limit("global_value", 4096, 4097)), "{keyword}");
    }
    let archive = TarBuilder::new().pax_global(&[("comment", "c".repeat(10_000))]);
    assert_eq!(walk(archive.end()).error, None);
}
