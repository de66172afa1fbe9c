//! Cut and mutated bytes: always an answer of the right class, never a panic, never a hang.

use rustpipe_archive::{ArchiveError, GzipFault, Limits, WholeWalker};
use rustpipe_testkit::archive::{TarBuilder, gzip};
use rustpipe_testkit::compressed::{bzip2, xz, zstd};

use crate::fixtures::{self, noise, varied_tar};
use crate::recording::{assert_same, walk, walk_in_chunks, walk_whole};

#[test]
fn a_tar_cut_anywhere_is_sound_until_there() {
    let tar = varied_tar();
    let whole = walk(&tar);
    for length in 0..tar.len() {
        let cut = walk_in_chunks(&tar[..length], Limits::default(), || 1000);
        match cut.error {
            None => assert!(cut.entries.iter().all(|entry| entry.is_whole)),
            Some(ArchiveError::NotAnArchive { .. }) => assert!(length < 512),
            Some(ArchiveError::BadTar { offset, .. }) => assert_eq!(offset, length as u64),
            Some(other) => panic!("{length}: {other}"),
        }
        assert!(whole.paths().starts_with(&cut.paths()), "{length}");
    }
}

#[test]
fn a_gzip_cut_anywhere_is_bad_gzip() {
    let body = gzip(varied_tar());
    for length in 2..body.len() {
        let recording = walk(&body[..length]);
        assert!(
            matches!(recording.error, Some(ArchiveError::BadGzip { .. })),
            "{length}: {:?}",
            recording.error
        );
    }
}

#[test]
fn mutated_bodies_tell_the_same_in_every_way() {
    let mut random = fastrand::Rng::with_seed(2);
    let mut whole_walker = WholeWalker::new();
    for (name, body) in fixtures::all() {
        let rounds = if body.len() > 100_000 { 5 } else { 200 };
        for round in 0..rounds {
            let mut body = body.clone();
            for _ in 0..random.usize(1..4) {
                mutate(&mut body, &mut random);
            }
            let limits = Limits::default();
            let expected = walk_in_chunks(&body, limits, || usize::MAX);
            let chunked = walk_in_chunks(&body, limits, || random.usize(1..600));
            assert_same(&chunked, &expected, &format!("{name}, round {round}"));
            assert_same(
                &walk_whole(&mut whole_walker, &body, limits),
                &expected,
                &format!("{name}, round {round}"),
            );
        }
    }
}

/// Mutations below gzip, where its checksum would catch them.
#[test]
fn mutated_headers_tell_the_same_in_every_way() {
    let mut random = fastrand::Rng::with_seed(3);
    let tar = varied_tar();
    let limits = Limits {
        uncompressed_bytes: 1 << 20,
        ..Limits::default()
    };
    for round in 0..2000 {
        let mut tar = tar.clone();
        for _ in 0..random.usize(1..4) {
            mutate(&mut tar, &mut random);
        }
        with_right_checksums(&mut tar);
        let expected = walk_in_chunks(&tar, limits, || usize::MAX);
        assert_same(
            &walk_in_chunks(&tar, limits, || random.usize(1..600)),
            &expected,
            &format!("round {round}"),
        );
        let mut zipped = walk_whole(&mut WholeWalker::new(), &gzip(&tar), limits);
        if let Some(ArchiveError::NotAnArchive { compression, .. }) = &mut zipped.error {
            *compression = None;
        }
        zipped.summary.format = expected.summary.format;
        zipped.summary.gzip_members = None;
        zipped.summary.trailing_bytes = expected.summary.trailing_bytes;
        assert_same(&zipped, &expected, &format!("round {round}"));
    }
}

type Compress = fn(&[u8]) -> Vec<u8>;

/// Mutations at every level, below the checksums of those around it, at random each time: a failure prints its seed.
#[test]
fn mutated_nested_archives_tell_the_same_in_every_way_and_stay_within_limits() {
    let limits = Limits {
        uncompressed_bytes: 200_000,
        entries: 60,
        xz_memory: 1 << 20,
        ..Limits::default()
    };
    let compressions: [Compress; 5] = [
        |content| gzip(content),
        |content| zstd(content),
        |content| xz(content),
        |content| bzip2(content),
        <[u8]>::to_vec,
    ];
    let tar = varied_tar();
    let first_seed = fastrand::u64(..);
    for seed in (0..300).map(|round| first_seed.wrapping_add(round)) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut body = tar.clone();
        for level in 0..random.usize(1..5) {
            if random.u8(..3) == 0 {
                mutate(&mut body, &mut random);
                if random.bool() && level == 0 {
                    with_right_checksums(&mut body);
                }
            }
            let mut compress = || compressions[random.usize(..5)](&body);
            let (one, other) = (compress(), compress());
            body = TarBuilder::new()
                .file("one", one)
                .file("other", other)
                .end();
        }
        body = compressions[random.usize(..5)](&body);
        if random.bool() {
            mutate(&mut body, &mut random);
        }
        let expected = walk_in_chunks(&body, limits, || usize::MAX);
        let what = format!("seed {seed}");
        let chunked = walk_in_chunks(&body, limits, || random.usize(1..3000));
        assert_same(&chunked, &expected, &what);
        let whole = walk_whole(&mut WholeWalker::new(), &body, limits);
        // The one difference that is known: a body in hand may have codes that never occur in deflate.
        if !matches!(&expected.error, Some(ArchiveError::BadGzip { fault: GzipFault::Deflate, .. }) if whole.error.is_none())
        {
            assert_same(&whole, &expected, &what);
        }
        assert!(expected.entries.len() <= 60, "{what}");
        assert!(expected.summary.uncompressed_bytes <= 200_000, "{what}");
    }
}

/// Where in a nested archive a limit on all levels is hit, or an error found, does not depend on the chunks either.
#[test]
fn large_nested_archives_tell_the_same_whatever_the_limit() {
    let files = (0..60).fold(TarBuilder::new(), |tar, file| {
        tar.file(file.to_string(), noise(5000 + file))
    });
    let inner = files.end();
    let compressions: [Compress; 4] = [
        |content| gzip(content),
        |content| zstd(content),
        |content| xz(content),
        |content| bzip2(content),
    ];
    let first_seed = fastrand::u64(..);
    for seed in (0..40).map(|round| first_seed.wrapping_add(round)) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut content = compressions[random.usize(..4)](&inner);
        if random.bool() {
            let at = random.usize(..content.len());
            content[at] ^= 1;
        }
        let outer = TarBuilder::new()
            .file("padding", noise(random.usize(1..1000)))
            .file("outer", content)
            .end();
        let limits = Limits {
            uncompressed_bytes: random.u64(300_000..700_000),
            ..Limits::default()
        };
        for body in [&gzip(&outer), &outer] {
            let expected = walk_in_chunks(body, limits, || usize::MAX);
            let what = format!("seed {seed}");
            let chunked = walk_in_chunks(body, limits, || random.usize(1..100_000));
            assert_same(&chunked, &expected, &what);
            let whole = walk_whole(&mut WholeWalker::new(), body, limits);
            assert_same(&whole, &expected, &what);
        }
    }
}

#[test]
fn noise_is_never_an_archive() {
    for length in (0..2000).step_by(37) {
        let recording = walk(noise(length));
        assert!(
            matches!(recording.error, Some(ArchiveError::NotAnArchive { .. })),
            "{:?}",
            recording.error
        );
        let in_tar = walk(
            TarBuilder::new()
                .file("a", "")
                .raw(noise(length + 1))
                .without_end(),
        );
        assert!(
            matches!(in_tar.error, Some(ArchiveError::BadTar { .. })),
            "{:?}",
            in_tar.error
        );
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) {
    if bytes.is_empty() {
        bytes.push(random.u8(..));
    }
    let at = random.usize(..bytes.len());
    match random.u8(..6) {
        0 => bytes[at] = random.u8(..),
        1 => bytes[at] ^= 1 << random.u8(..8),
        2 => bytes.truncate(at),
        3 => bytes.insert(at, random.u8(..)),
        4 => {
            let end = random.usize(at..bytes.len().min(at + 700));
            bytes.drain(at..end);
        }
        _ => {
            let end = random.usize(at..bytes.len().min(at + 700));
            let piece = bytes[at..end].to_vec();
            let to = random.usize(..bytes.len());
            bytes.splice(to..to, piece);
        }
    }
}

/// Makes every block that has something like a header's magic a header, so that mutations get past the checksum.
fn with_right_checksums(tar: &mut [u8]) {
    for block in tar
        .chunks_exact_mut(512)
        .filter(|block| block[257..262] == *b"ustar")
    {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
}
