//! zstd, xz and bzip2: streams, checksums, limits, and what may follow.

use rustpipe_archive::{Anomaly, ArchiveError, Compression, Format, Limits, StreamFault};
use rustpipe_testkit::archive::TarBuilder;
use rustpipe_testkit::compressed::{
    bzip2, xz, xz_with_dictionary, zstd, zstd_of_known_length, zstd_skippable, zstd_with_window,
};

use crate::fixtures::{noise, varied_tar};
use crate::recording::{Recording, assert_same, walk, walk_within};

type Compress = fn(&[u8]) -> Vec<u8>;

const ALL: [(Compression, Compress); 3] = [
    (Compression::Zstd, |content| zstd(content)),
    (Compression::Xz, |content| xz(content)),
    (Compression::Bzip2, |content| bzip2(content)),
];

/// The broken stream and what is wrong with it.
fn fault(recording: &Recording) -> (Compression, u64, &StreamFault) {
    match &recording.error {
        Some(ArchiveError::BadZstd { frame, fault, .. }) => (Compression::Zstd, *frame, fault),
        Some(ArchiveError::BadXz { stream, fault, .. }) => (Compression::Xz, *stream, fault),
        Some(ArchiveError::BadBzip2 { stream, fault, .. }) => (Compression::Bzip2, *stream, fault),
        other => panic!("expected a broken stream, got {other:?}"),
    }
}

/// A recording of the tar archive as of a compressed one.
fn compressed(tar: &[u8], compression: Compression) -> Recording {
    let mut recording = walk(tar);
    recording.summary.format = Some(match compression {
        Compression::Gzip => Format::TarGzip,
        Compression::Zstd => Format::TarZstd,
        Compression::Xz => Format::TarXz,
        Compression::Bzip2 => Format::TarBzip2,
    });
    recording
}

#[test]
fn archives_are_told_by_their_bytes_and_read() {
    for (compression, compress) in ALL {
        let tar = varied_tar();
        let expected = compressed(&tar, compression);
        let recording = walk(compress(&tar));
        assert_same(&recording, &expected, &compression.to_string());
        assert_eq!(recording.error, None);
    }
    let large = TarBuilder::new().file("noise", noise(1_000_000)).end();
    for (compression, compress) in ALL {
        let expected = compressed(&large, compression);
        assert_same(&walk(compress(&large)), &expected, &compression.to_string());
    }
}

#[test]
fn streams_follow_each_other_and_may_cut_anywhere() {
    let tar = varied_tar();
    for (compression, compress) in ALL {
        let expected = compressed(&tar, compression);
        for cut in [0, 1, 511, 512, 700, tar.len() - 1, tar.len()] {
            let (one, two) = tar.split_at(cut);
            let body = [compress(one), compress(&[]), compress(two)].concat();
            assert_same(&walk(body), &expected, &format!("{compression}, {cut}"));
        }
    }
}

#[test]
fn zstd_frames_of_every_form_are_read() {
    let tar = varied_tar();
    let expected = compressed(&tar, Compression::Zstd);
    for body in [
        zstd_of_known_length(&tar),
        zstd_with_window(&tar, 10),
        [zstd_skippable("skipped"), zstd(&tar)].concat(),
        [zstd(&tar), zstd_skippable(vec![0; 100_000])].concat(),
        [
            zstd_of_known_length(&tar[..300]),
            zstd_skippable(""),
            zstd_of_known_length(&tar[300..]),
        ]
        .concat(),
    ] {
        assert_same(&walk(body), &expected, "zstd");
    }
}

#[test]
fn contents_of_every_length_are_read_from_zstd() {
    for length in [0, 1, 255, 256, 257, 65_791, 65_792, 131_072, 300_000] {
        let tar = TarBuilder::new()
            .file("noise", noise(length))
            .file("zeros", vec![0; length])
            .end();
        let expected = compressed(&tar, Compression::Zstd);
        for body in [zstd(&tar), zstd_of_known_length(&tar)] {
            assert_same(&walk(body), &expected, &length.to_string());
        }
    }
}

#[test]
fn xz_streams_may_have_padding_between_them_in_fours() {
    let tar = varied_tar();
    let (one, two) = (xz(&tar[..700]), xz(&tar[700..]));
    for zeros in 0..12 {
        let recording = walk([&one[..], &vec![0; zeros], &two].concat());
        if zeros % 4 == 0 {
            assert_eq!(recording.error, None, "{zeros}");
        } else {
            assert_eq!(recording.summary.trailing_bytes, two.len() as u64);
        }
    }
}

#[test]
fn a_wrong_checksum_is_an_error_behind_all_entries() {
    let tar = varied_tar();
    // Where each format has the checksum of its content.
    let places: [fn(&[u8]) -> usize; 3] = [
        |zstd| zstd.len() - 4,
        // Behind it are the index of 8 bytes with its checksum, and the footer.
        |xz| xz.len() - 12 - 12 - 8,
        // The stream's is cut up into bits; the block's follows two magic numbers.
        |_| 4 + 6,
    ];
    for ((compression, compress), place) in ALL.into_iter().zip(places) {
        let sound = compress(&tar);
        for at_stream in [1, 2] {
            let mut body = sound.clone();
            let at = place(&body);
            body[at] ^= 1;
            if at_stream == 2 {
                body = [compress(&[]), body].concat();
            }
            let recording = walk(body);
            assert_eq!(recording.entries.len(), walk(&tar).entries.len());
            let (found, stream, fault) = fault(&recording);
            assert_eq!((found, stream), (compression, at_stream));
            assert!(matches!(fault, StreamFault::Invalid(_)), "{fault}");
        }
    }
    let mut body = zstd(&tar);
    *body.last_mut().unwrap() ^= 1;
    assert_eq!(
        walk(&body).message(),
        format!(
            "broken zstd in frame 1, after {} uncompressed bytes: Restored data doesn't match checksum",
            tar.len()
        )
    );
}

#[test]
fn a_stream_cut_anywhere_is_an_error() {
    let tar = varied_tar();
    for (compression, compress) in ALL {
        let body = compress(&tar);
        for length in 6..body.len() {
            let recording = walk(&body[..length]);
            assert_eq!(fault(&recording), (compression, 1, &StreamFault::Truncated));
            assert!(recording.anomalies().contains(&Anomaly::Truncated));
        }
    }
}

#[test]
fn zeros_or_garbage_behind_the_last_stream_are_no_error() {
    for (compression, compress) in ALL {
        let body = compress(&varied_tar());
        let half_magic = &body[..3];
        for (behind, trailing_bytes) in [
            (&[0; 700][..], 0),
            (b"\0", 0),
            (b"garbage", 7),
            (b"\0\0garbage", 7),
            (half_magic, 3),
            (&[half_magic, b"garbage"].concat(), 10),
        ] {
            let mut expected = walk(&body);
            expected.summary.trailing_bytes = trailing_bytes;
            if trailing_bytes > 0 {
                expected.summary.anomalies.insert(Anomaly::TrailingGarbage);
            }
            let recording = walk([&body[..], behind].concat());
            let what = format!("{compression}, {}", behind.escape_ascii());
            assert_same(&recording, &expected, &what);
        }
    }
}

#[test]
fn what_begins_as_a_stream_must_be_one() {
    for (compression, compress) in ALL {
        let body = compress(&varied_tar());
        let recording = walk([&body[..], &body[..body.len() / 2]].concat());
        assert_eq!(fault(&recording), (compression, 2, &StreamFault::Truncated));
    }
}

#[test]
fn compressed_text_is_no_archive_and_says_so() {
    for (compression, compress) in ALL {
        let recording = walk(compress("plain text, ".repeat(100).as_bytes()));
        let start = b"plain text, plai".to_vec();
        let compression = Some(compression);
        assert_eq!(
            recording.error,
            Some(ArchiveError::NotAnArchive { compression, start })
        );
    }
    assert_eq!(
        walk(xz("text")).message(),
        "not a tar archive but xz around something else: it begins with 'text'"
    );
}

#[test]
fn a_zstd_window_over_the_limit_is_not_allocated() {
    let tar = varied_tar();
    assert_eq!(walk(zstd_with_window(&tar, 23)).error, None);
    let seen = |body: Vec<u8>| match walk(body).error {
        Some(ArchiveError::Limit {
            limit: "zstd_window",
            allowed,
            seen,
        }) => (allowed, seen),
        other => panic!("expected a limit, got {other:?}"),
    };
    assert_eq!(seen(zstd_with_window(&tar, 24)), (8 << 20, 16 << 20));
    // A window of 2^40 and three eighths.
    let mut huge = zstd_with_window(&tar, 24);
    huge[5] = (30 << 3) | 3;
    assert_eq!(seen(huge), (8 << 20, (1 << 40) / 8 * 11));
    // A frame that is its own window, and says that it has 2^62 bytes.
    let frame = [&b"\x28\xb5\x2f\xfd\xe0"[..], &(1_u64 << 62).to_le_bytes()].concat();
    assert_eq!(seen(frame), (8 << 20, 1 << 62));
}

#[test]
fn xz_memory_over_the_limit_is_not_allocated() {
    let tar = varied_tar();
    let with = |dictionary, xz_memory| {
        let limits = Limits {
            xz_memory,
            ..Limits::default()
        };
        walk_within(xz_with_dictionary(&tar, dictionary), limits).error
    };
    assert_eq!(with(64 << 20, 128 << 20), None);
    let Some(ArchiveError::Limit {
        limit: "xz_memory",
        allowed,
        seen,
    }) = with(64 << 20, 32 << 20)
    else {
        panic!("expected a limit");
    };
    assert_eq!(allowed, 32 << 20);
    assert!(((64 << 20)..(65 << 20)).contains(&seen), "{seen}");
    assert_eq!(with(64 << 20, seen), None);
    assert!(with(64 << 20, seen - 1).is_some());
}

/// Without the limit, such a body costs a minute for each 28 MB.
#[test]
fn a_body_of_empty_streams_is_over_a_limit() {
    let tar = varied_tar();
    let body = [bzip2(&tar), bzip2("").repeat(2000)].concat();
    assert_eq!(
        walk(body).message(),
        "the archive is over the limit streams: 100000 allowed, 100050 seen"
    );
    assert_eq!(
        walk([zstd(&tar), zstd("").repeat(2000)].concat()).error,
        None
    );
}

#[test]
fn bombs_are_over_the_ratio() {
    for (compression, compress) in ALL {
        let recording = walk(compress(
            &TarBuilder::new().file("zeros", vec![0; 10 << 20]).end(),
        ));
        assert!(
            matches!(
                recording.error,
                Some(ArchiveError::Limit { limit: "ratio", .. })
            ),
            "{compression}: {:?}",
            recording.error
        );
    }
}

#[test]
fn broken_data_is_an_error_behind_the_entries_before_it() {
    let files = ["first", "second"].map(|name| (name, noise(200_000)));
    let tar = files
        .iter()
        .fold(TarBuilder::new(), |tar, (name, noise)| {
            tar.file(name, noise)
        })
        .end();
    for (compression, compress) in ALL {
        let mut body = compress(&tar);
        // Deep in the second file, behind blocks that are whole.
        let at = body.len() - 10_000;
        body[at..at + 100].fill(0xff);
        let recording = walk(body);
        assert_eq!(fault(&recording).0, compression);
        assert_eq!(recording.paths()[0], "first", "{compression}");
    }
}
