//! gzip: headers, members, checksums, and what may follow.

use rustpipe_archive::{Anomaly, ArchiveError, GzipFault, GzipPart, Limits, WholeWalker};
use rustpipe_testkit::archive::{Checksum, GzipMember, TarBuilder, gzip};

use crate::fixtures::varied_tar;
use crate::recording::{Recording, assert_same, walk, walk_in_chunks, walk_whole};

fn fault(recording: &Recording) -> (u64, &GzipFault) {
    match &recording.error {
        Some(ArchiveError::BadGzip { member, fault, .. }) => (*member, fault),
        other => panic!("expected broken gzip, got {other:?}"),
    }
}

#[test]
fn optional_header_fields_are_stepped_over() {
    let (extra, name, comment) = (
        Some(&b"extra\0field"[..]),
        Some("name.tar"),
        Some("a comment"),
    );
    let members = [
        GzipMember {
            extra,
            ..GzipMember::default()
        },
        GzipMember {
            extra: Some(b""),
            ..GzipMember::default()
        },
        GzipMember {
            name,
            ..GzipMember::default()
        },
        GzipMember {
            comment,
            ..GzipMember::default()
        },
        GzipMember {
            header_checksum: Some(Checksum::Right),
            ..GzipMember::default()
        },
        GzipMember {
            extra,
            name,
            comment,
            header_checksum: Some(Checksum::Right),
        },
    ];
    let expected = walk(gzip(varied_tar()));
    assert_eq!(expected.error, None);
    for member in members {
        assert_eq!(walk(member.build(varied_tar())), expected, "{member:?}");
    }
}

#[test]
fn a_wrong_header_checksum_is_bad_gzip() {
    let member = GzipMember {
        header_checksum: Some(Checksum::Wrong),
        ..GzipMember::default()
    };
    let recording = walk(member.build(varied_tar()));
    assert!(
        matches!(fault(&recording), (1, GzipFault::HeaderChecksum { .. })),
        "{:?}",
        recording.error
    );
}

#[test]
fn reserved_flags_and_other_methods_are_bad_gzip() {
    let mut body = gzip(varied_tar());
    body[3] = 0x20;
    assert_eq!(fault(&walk(&body)), (1, &GzipFault::ReservedFlags(0x20)));
    body[2] = 7;
    assert_eq!(fault(&walk(&body)), (1, &GzipFault::Method(7)));
}

#[test]
fn members_follow_each_other_and_may_cut_anywhere() {
    let tar = varied_tar();
    let mut expected = walk(gzip(&tar));
    assert_eq!(expected.summary.gzip_members, Some(1));
    expected.summary.gzip_members = Some(3);
    expected.summary.anomalies.insert(Anomaly::MultiMemberGzip);
    for cut in [0, 1, 511, 512, 700, tar.len() - 1, tar.len()] {
        let (one, two) = tar.split_at(cut);
        assert_eq!(
            walk([gzip(one), gzip(""), gzip(two)].concat()),
            expected,
            "{cut}"
        );
    }
}

#[test]
fn every_members_checksum_and_length_are_checked() {
    let (one, two) = (gzip(&varied_tar()[..600]), gzip(&varied_tar()[600..]));
    for member in [1, 2] {
        for behind_crc in [0, 4] {
            let mut body = [&one[..], &two].concat();
            let end = if member == 1 { one.len() } else { body.len() };
            body[end - 8 + behind_crc] ^= 1;
            let recording = walk(&body);
            match fault(&recording) {
                (at, GzipFault::Checksum { stored, computed }) if behind_crc == 0 => {
                    assert_eq!((at, stored ^ computed), (member, 1));
                }
                (at, GzipFault::Length { stored, computed }) if behind_crc == 4 => {
                    assert_eq!((at, stored ^ computed), (member, 1));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn zeros_or_garbage_behind_the_last_member_are_no_error() {
    let body = gzip(varied_tar());
    let trailer = &body[body.len() - 8..];
    for (behind, trailing_bytes) in [
        (&[0; 700][..], 0),
        (b"\0", 0),
        (b"garbage", 7),
        (b"\0\0garbage", 7),
        (b"\x1f", 1),
        (b"\x1fgarbage", 8),
        (b"\0\x1f\x8b\x08", 3),
        (trailer, 8),
    ] {
        let mut expected = walk(&body);
        expected.summary.trailing_bytes = trailing_bytes;
        if trailing_bytes > 0 {
            expected.summary.anomalies.insert(Anomaly::TrailingGarbage);
        }
        let recording = walk([&body[..], behind].concat());
        assert_same(&recording, &expected, &behind.escape_ascii().to_string());
    }
}

#[test]
fn what_begins_as_a_member_must_be_one() {
    let body = gzip(varied_tar());
    let trailer = &body[body.len() - 8..];
    let truncated = GzipFault::Truncated(GzipPart::Header);
    for (behind, expected) in [
        (&b"\x1f\x8b"[..], &truncated),
        (b"\x1f\x8b\x07more", &truncated),
        (b"\x1f\x8b\x07much more", &GzipFault::Method(7)),
        (&[b"\x1f\x8b\x07", trailer].concat(), &GzipFault::Method(7)),
    ] {
        let recording = walk([&body[..], behind].concat());
        assert_eq!(
            fault(&recording),
            (2, expected),
            "{}",
            behind.escape_ascii()
        );
    }
}

#[test]
fn broken_data_is_bad_gzip_behind_the_entries_before_it() {
    let tar = TarBuilder::new()
        .file("first", "1")
        .file("second", "2")
        .end();
    // A deflate block of the reserved type 3.
    let broken = [&gzip("")[..10], &[0b110]].concat();
    let recording = walk([&gzip(&tar[..1500])[..], &broken].concat());
    assert_eq!(recording.paths(), ["first"]);
    assert_eq!(fault(&recording), (2, &GzipFault::Deflate));
}

/// The one place where a whole body gives another answer: libdeflate reads the code 286 as the length 258.
#[test]
fn length_codes_that_never_occur_are_read_in_one_go_only() {
    // A last block with fixed codes: 'a', the length code 286, the distance 1, the end of the block.
    let codes = ["1", "10", "10010001", "11000110", "00000", "0000000"].concat();
    let mut body = gzip("")[..10].to_vec();
    for bits in codes.as_bytes().chunks(8) {
        let bit = |(place, bit): (usize, &u8)| (bit - b'0') << place;
        body.push(bits.iter().enumerate().map(bit).sum());
    }
    let trailer = gzip("a".repeat(259));
    body.extend_from_slice(&trailer[trailer.len() - 8..]);

    let in_steps = walk_in_chunks(&body, Limits::default(), || usize::MAX);
    assert_eq!(fault(&in_steps), (1, &GzipFault::Deflate));
    let in_one_go = walk_whole(&mut WholeWalker::new(), &body, Limits::default());
    assert_eq!(in_one_go.summary.uncompressed_bytes, 259);
}

#[test]
fn truncated_gzip_is_bad_gzip_and_names_the_part() {
    let body = gzip(varied_tar());
    let cuts = [
        (5, GzipPart::Header),
        (10, GzipPart::Data),
        (100, GzipPart::Data),
        (body.len() - 1, GzipPart::Trailer),
    ];
    for (length, part) in cuts {
        assert_eq!(
            fault(&walk(&body[..length])),
            (1, &GzipFault::Truncated(part)),
            "{length}"
        );
    }
    let second = [&body[..], &body[..50]].concat();
    assert_eq!(
        fault(&walk(second)),
        (2, &GzipFault::Truncated(GzipPart::Data))
    );
    assert_eq!(
        walk(&body[..body.len() - 3]).message(),
        format!(
            "broken gzip in member 1, after {} uncompressed bytes: the body ends before the end of the gzip trailer; \
             it may be cut off, or still be written at its source",
            varied_tar().len()
        )
    );
}
