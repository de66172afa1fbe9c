//! Archives in archives: by content, to a depth, against the same limits.

use rustpipe_archive::{Anomaly, ArchiveError, Limits, TarFault};
use rustpipe_testkit::archive::{BLOCK, Header, TarBuilder, gzip};
use rustpipe_testkit::compressed::{bzip2, xz, xz_with_dictionary, zstd, zstd_with_window};

use crate::fixtures::{nested_tar, noise, varied_tar};
use crate::recording::{Recording, walk, walk_within};

fn one_file(name: &str, content: impl AsRef<[u8]>) -> Vec<u8> {
    TarBuilder::new().file(name, content).end()
}

fn failures(recording: &Recording) -> Vec<(String, &ArchiveError)> {
    let failures = recording.failures.iter();
    failures
        .map(|failure| (failure.path.join(" > "), &failure.error))
        .collect()
}

#[test]
fn archives_of_every_form_are_found_by_their_content() {
    let recording = walk(nested_tar());
    assert_eq!(
        (recording.error.clone(), failures(&recording)),
        (None, vec![])
    );
    let mut expected = vec!["before".to_owned()];
    for outer in ["a.tar.gz", "a.tar.zst", "a.tar.xz", "a.tar.bz2", "a.tar"] {
        expected.push(outer.to_owned());
        expected.push(format!("{outer} > inner.tar.gz"));
        expected.push(format!("{outer} > inner.tar.gz > deep"));
        expected.push(format!("{outer} > noise"));
    }
    expected.extend(["text.gz".to_owned(), "after".to_owned()]);
    assert_eq!(recording.full_paths(), expected);
    assert_eq!(recording.summary.entry_count, 23);
    assert_eq!(recording.summary.file_count, 23);
    assert_eq!(
        recording.summary.uncompressed_bytes,
        nested_tar().len() as u64
    );
    let deep = &recording.entries[3];
    assert_eq!(*deep.entry.parents, ["a.tar.gz", "inner.tar.gz"]);
    assert_eq!((deep.entry.depth(), deep.entry.index), (2, 3));
    assert_eq!((deep.entry.header_offset, deep.entry.data_offset), (0, 512));
    assert_eq!(deep.content, b"deepest");
    assert_eq!(recording.anomalies(), [Anomaly::MultipleRoots]);
}

#[test]
fn names_decide_nothing() {
    let inner = one_file("inner", "");
    let tar = TarBuilder::new()
        .file("picture.png", gzip(&inner))
        .file("not.tar.gz", "no gzip")
        .file("not.tar", noise(2000))
        .end();
    assert_eq!(
        walk(tar).full_paths(),
        [
            "picture.png",
            "picture.png > inner",
            "not.tar.gz",
            "not.tar"
        ]
    );
}

/// None of them is an error: anybody may compress anything.
#[test]
fn content_that_does_not_begin_as_an_archive_is_none() {
    let contents = [
        gzip("text ".repeat(1000)),
        gzip(""),
        gzip(vec![0; 5000]),
        gzip(&varied_tar()[..300]),
        gzip(gzip(varied_tar())),
        zstd("text"),
        xz("text"),
        bzip2("text"),
        b"\x1f".to_vec(),
        b"\x1f\x8b".to_vec(),
        [&b"\x1f\x8b"[..], &noise(1000)].concat(),
        [&b"\x28\xb5\x2f\xfd"[..], &noise(1000)].concat(),
        [&b"\xfd7zXZ\0"[..], &noise(1000)].concat(),
        [&b"BZh9"[..], &noise(1000)].concat(),
        vec![0; 5000],
        // Without a magic number, a header proves nothing.
        TarBuilder::new().header(Header::v7("a", b'0')).end(),
        // With a wrong checksum, it's none.
        [&vec![b'x'; 257][..], b"ustar\0", &[b'x'; 300]].concat(),
        // Too short for a header.
        [&vec![b'x'; 257][..], b"ustar\0"].concat(),
    ];
    for content in contents {
        let tar = TarBuilder::new().file("a", &content).file("b", "").end();
        let recording = walk(tar);
        let what = content[..content.len().min(40)].escape_ascii().to_string();
        assert_eq!(recording.full_paths(), ["a", "b"], "{what}");
        assert_eq!(recording.anomalies(), [Anomaly::MultipleRoots], "{what}");
        assert!(recording.failures.is_empty(), "{what}");
        assert_eq!(recording.error, None);
    }
}

#[test]
fn only_files_are_looked_into() {
    let inner = one_file("inner", "");
    for header in [
        Header::ustar("folder/", b'0'),
        Header::ustar("link", b'2').link("a"),
        Header::gnu("sparse", b'S').gnu_sparse(4096, false),
    ] {
        let recording = walk(TarBuilder::new().entry(header, &inner).end());
        assert_eq!(recording.entries.len(), 1);
    }
}

fn stacked(levels: usize) -> Vec<u8> {
    (0..levels).fold(one_file("0", ""), |inner, level| {
        one_file(&(level + 1).to_string(), gzip(inner))
    })
}

#[test]
fn archives_are_looked_into_to_the_depth() {
    let recording = walk(stacked(3));
    assert_eq!(
        recording.full_paths(),
        ["3", "3 > 2", "3 > 2 > 1", "3 > 2 > 1 > 0"]
    );
    assert_eq!(recording.anomalies(), []);

    let recording = walk(stacked(4));
    assert_eq!(recording.entries.len(), 4);
    assert_eq!(recording.anomalies(), [Anomaly::NestedTooDeep]);
    assert_eq!(recording.anomalies_of("1"), [Anomaly::NestedTooDeep]);
    assert_eq!(recording.anomalies_of("2"), []);
    assert!(recording.failures.is_empty());

    for (nested_depth, entries) in [(0, 1), (1, 2), (9, 5)] {
        let limits = Limits {
            nested_depth,
            ..Limits::default()
        };
        assert_eq!(walk_within(stacked(4), limits).entries.len(), entries);
    }
    let nothing = Limits {
        nested_depth: 0,
        ..Limits::default()
    };
    assert_eq!(walk_within(stacked(4), nothing).anomalies(), []);
}

#[test]
fn a_broken_archive_ends_alone() {
    let inner = TarBuilder::new()
        .file("first", "1")
        .file("second", "2")
        .end();
    let wrong_checksum = |mut body: Vec<u8>, from_end: usize| {
        let at = body.len() - from_end;
        body[at] ^= 1;
        body
    };
    let mut bad_header = inner.clone();
    bad_header[1024] ^= 1;
    let code = |error: &ArchiveError| match error {
        ArchiveError::BadGzip { .. } => "gzip",
        ArchiveError::BadZstd { .. } => "zstd",
        ArchiveError::BadXz { .. } => "xz",
        ArchiveError::BadBzip2 { .. } => "bzip2",
        ArchiveError::BadTar { .. } => "tar",
        ArchiveError::Limit { .. } | ArchiveError::NotAnArchive { .. } => "other",
    };
    for (content, whole, expected) in [
        (wrong_checksum(gzip(&inner), 8), 2, "gzip"),
        (wrong_checksum(zstd(&inner), 1), 2, "zstd"),
        (wrong_checksum(xz(&inner), 1), 2, "xz"),
        (bzip2(&inner)[..100].to_vec(), 0, "bzip2"),
        (bad_header.clone(), 1, "tar"),
        (zstd(bad_header), 1, "tar"),
        (inner[..1536].to_vec(), 1, "tar"),
        (gzip(&inner[..1536]), 1, "tar"),
    ] {
        let recording = walk(
            TarBuilder::new()
                .file("outer", content)
                .file("next", "")
                .end(),
        );
        assert_eq!(recording.error, None);
        if whole == 0 {
            // Not even a header of it came.
            assert_eq!(recording.full_paths(), ["outer", "next"]);
            assert!(recording.failures.is_empty());
            continue;
        }
        let mut paths = vec!["outer", "outer > first", "outer > second"];
        paths.truncate(1 + whole);
        paths.push("next");
        assert_eq!(recording.full_paths(), paths, "{expected}");
        let [(path, error)] = &failures(&recording)[..] else {
            panic!("expected one failure");
        };
        assert_eq!((path.as_str(), code(error)), ("outer", expected));
    }
}

#[test]
fn content_is_shown_beside_what_is_in_it() {
    let inner = gzip(one_file("inner", "text"));
    let broken = &inner[..inner.len() - 1];
    for content in [&inner, broken] {
        let recording = walk(one_file("outer", content));
        assert_eq!(recording.entries[0].content, content);
        assert_eq!(recording.entries[1].content, b"text");
    }
}

#[test]
fn an_archives_own_oddities_are_those_of_its_holder() {
    let inner = TarBuilder::new()
        .file("a", "")
        .file("../b", "")
        .without_end();
    let body = [
        gzip(&inner[..512]),
        gzip(&inner[512..]),
        b"garbage".to_vec(),
    ]
    .concat();
    let recording = walk(one_file("outer", body));
    let own = [
        Anomaly::MissingEof,
        Anomaly::MultiMemberGzip,
        Anomaly::TrailingGarbage,
        Anomaly::MultipleRoots,
    ];
    assert_eq!(recording.anomalies_of("outer"), own);
    assert_eq!(recording.anomalies_of("a"), []);
    assert_eq!(recording.anomalies_of("../b"), [Anomaly::ParentTraversal]);
    assert_eq!(
        recording.anomalies(),
        [&[Anomaly::ParentTraversal], &own[..]].concat()
    );
    assert_eq!(recording.summary.trailing_bytes, 0);
    assert_eq!(recording.summary.root_dirs, ["outer"]);

    let cut = walk(one_file("outer", &one_file("inner", noise(600))[..1000]));
    assert_eq!(cut.anomalies_of("outer"), [Anomaly::Truncated]);
    assert!(matches!(
        cut.failures[0].error,
        ArchiveError::BadTar {
            entry_index: 1,
            fault: TarFault::Truncated { .. },
            ..
        }
    ));
}

#[test]
fn what_came_of_an_archive_is_shown_when_the_one_around_it_breaks() {
    let files = (0..50).fold(TarBuilder::new(), |tar, file| {
        tar.file(file.to_string(), noise(1000 + file))
    });
    let outer = one_file("outer", gzip(files.end()));
    let cut = &outer[..outer.len() - 2000];
    let body = gzip(outer.clone());
    for broken in [cut, &gzip(cut), &body[..body.len() - 2000]] {
        let recording = walk(broken);
        assert!(recording.error.is_some());
        assert!(recording.paths().len() > 40, "{:?}", recording.paths());
    }
}

fn limit_of(recording: &Recording) -> Option<(&'static str, u64, u64)> {
    match &recording.error {
        Some(ArchiveError::Limit {
            limit,
            allowed,
            seen,
        }) => Some((limit, *allowed, *seen)),
        None => None,
        other => panic!("expected a limit, got {other:?}"),
    }
}

#[test]
fn bytes_count_over_all_levels() {
    let inner = one_file("inner", noise(5000));
    let middle = one_file("middle", gzip(&inner));
    let outer = one_file("outer", zstd(&middle));
    let total = (inner.len() + middle.len() + outer.len()) as u64;
    let within = |uncompressed_bytes| {
        let limits = Limits {
            uncompressed_bytes,
            ..Limits::default()
        };
        walk_within(&outer, limits)
    };
    assert_eq!(limit_of(&within(total)), None);
    for allowed in [total - 1, total / 2, 9000, 1000] {
        let recording = within(allowed);
        let expected = Some(("uncompressed_bytes", allowed, allowed + 1));
        assert_eq!(limit_of(&recording), expected);
        assert!(recording.failures.is_empty());
    }
}

/// Its bytes have been counted: they lie in the archive around it as they are.
#[test]
fn a_plain_archive_costs_no_more_bytes() {
    let outer = one_file("outer", one_file("middle", one_file("inner", noise(5000))));
    let limits = Limits {
        uncompressed_bytes: outer.len() as u64,
        ..Limits::default()
    };
    let recording = walk_within(outer, limits);
    assert_eq!((recording.entries.len(), recording.error), (3, None));
}

#[test]
fn entries_and_their_texts_count_over_all_levels() {
    let inner = TarBuilder::new().file("b", "").file("c", "").end();
    let tar = TarBuilder::new().file("a", gzip(inner)).file("d", "").end();
    let entries = |entries| {
        let limits = Limits {
            entries,
            ..Limits::default()
        };
        walk_within(&tar, limits)
    };
    assert_eq!(limit_of(&entries(4)), None);
    assert_eq!(limit_of(&entries(3)), Some(("entries", 3, 4)));
    assert_eq!(limit_of(&entries(2)), Some(("entries", 2, 3)));
    assert_eq!(entries(2).paths(), ["b"]);
    let entry_text = |entry_text| {
        let limits = Limits {
            entry_text,
            ..Limits::default()
        };
        limit_of(&walk_within(&tar, limits))
    };
    // Four paths, and two of the archive around the entry.
    assert_eq!(entry_text(6), None);
    assert_eq!(entry_text(5), Some(("entry_text", 5, 6)));
    assert_eq!(entry_text(2), Some(("entry_text", 2, 3)));
}

#[test]
fn streams_count_over_all_levels_and_those_of_bzip2_more() {
    let inner = one_file("inner", "");
    let tar = TarBuilder::new()
        .file("a", [gzip(&inner), gzip("")].concat())
        .file("b", xz("text"))
        .file("c", bzip2("text"))
        .end();
    let body = zstd(tar);
    let within = |streams| {
        let limits = Limits {
            streams,
            ..Limits::default()
        };
        limit_of(&walk_within(&body, limits))
    };
    assert_eq!(within(1 + 2 + 1 + 50), None);
    assert_eq!(within(53), Some(("streams", 53, 54)));
    assert_eq!(within(3), Some(("streams", 3, 4)));
    assert_eq!(within(2), Some(("streams", 2, 3)));
}

#[test]
fn the_ratio_counts_over_all_levels() {
    let zeros = one_file("zeros", vec![0; 3 << 20]);
    let bomb = |tar: &[u8]| one_file("outer", gzip(tar));
    assert_eq!(
        limit_of(&walk(bomb(&zeros))).map(|limit| limit.0),
        Some("ratio")
    );
    // Each level alone is within the ratio.
    let half = TarBuilder::new()
        .file("zeros", vec![0; 3 << 20])
        .file("noise", noise(60_000))
        .end();
    assert_eq!(limit_of(&walk(bomb(&half))), None);
    let twice = (0..20).fold(TarBuilder::new(), |tar, file| {
        tar.file(file.to_string(), gzip(&half))
    });
    let once_more = gzip(twice.end());
    assert_eq!(limit_of(&walk(&once_more)), None);
    let outer = one_file("outer", once_more);
    assert_eq!(limit_of(&walk(gzip(outer))), None);
}

/// Nobody knows what it holds.
#[test]
fn too_much_memory_for_a_decompressor_is_told() {
    let inner = one_file("inner", "");
    let limits = Limits {
        xz_memory: 8 << 20,
        ..Limits::default()
    };
    for (content, name) in [
        (zstd_with_window(&inner, 24), "zstd_window"),
        (xz_with_dictionary(&inner, 16 << 20), "xz_memory"),
    ] {
        let tar = TarBuilder::new()
            .file("outer", content)
            .file("next", "")
            .end();
        let recording = walk_within(tar, limits);
        assert_eq!(recording.full_paths(), ["outer", "next"]);
        assert!(
            matches!(failures(&recording)[..], [(_, ArchiveError::Limit { limit, .. })] if *limit == name)
        );
    }
}

#[test]
fn xz_memory_counts_over_all_levels() {
    let inner = xz_with_dictionary(one_file("inner", ""), 1 << 20);
    let body = xz_with_dictionary(one_file("outer", inner), 4 << 20);
    let within = |xz_memory| {
        let limits = Limits {
            xz_memory,
            ..Limits::default()
        };
        walk_within(&body, limits)
    };
    assert!(within(6 << 20).failures.is_empty());
    let recording = within(5 << 20);
    let [(_, ArchiveError::Limit { allowed, seen, .. })] = failures(&recording)[..] else {
        panic!("expected a failure, got {:?}", recording.failures);
    };
    assert_eq!(*allowed, 5 << 20);
    assert!(*seen > 5 << 20, "{seen}");
}

#[test]
fn limits_on_headers_are_those_of_each_archive() {
    let inner = TarBuilder::new()
        .file("first", "")
        .header(Header::gnu("x", b'L').size(1 << 30))
        .end();
    let recording = walk(
        TarBuilder::new()
            .file("outer", inner)
            .file("next", "")
            .end(),
    );
    assert_eq!(recording.full_paths(), ["outer", "outer > first", "next"]);
    assert!(matches!(
        failures(&recording)[..],
        [(
            _,
            ArchiveError::Limit {
                limit: "long_name",
                ..
            }
        )]
    ));
}

#[test]
fn an_archive_may_begin_anywhere_in_a_piece() {
    let inner = one_file("inner", "text");
    for padding in [
        65_536 - 2 * 512 - 500,
        65_536 - 512 * 2,
        131_072 - 3 * 512 - 100,
    ] {
        let tar = TarBuilder::new()
            .file("noise", noise(padding))
            .file("plain", &inner)
            .file("compressed", gzip(&inner))
            .end();
        for body in [gzip(&tar), tar] {
            let recording = walk(&body);
            assert_eq!(recording.entries.len(), 5, "{padding}");
        }
    }
    let large = one_file("inner", vec![b'x'; 3 * BLOCK]);
    assert_eq!(walk(one_file("outer", large)).entries.len(), 2);
}
