//! What counts as an archive at all.

use rustpipe_archive::{ArchiveError, Compression, Format};
use rustpipe_testkit::archive::{BLOCK, Header, TarBuilder, gzip};

use crate::recording::walk;

fn not_an_archive(in_gzip: bool, start: &[u8]) -> ArchiveError {
    ArchiveError::NotAnArchive {
        compression: in_gzip.then_some(Compression::Gzip),
        start: start.to_vec(),
    }
}

#[test]
fn plain_tar_and_tar_in_gzip_are_told_by_their_bytes() {
    let tar = TarBuilder::new().file("a", "A").end();
    assert_eq!(walk(&tar).summary.format, Some(Format::Tar));
    assert_eq!(walk(gzip(&tar)).summary.format, Some(Format::TarGzip));
    assert_eq!(
        walk(gzip(&tar)).summary.uncompressed_bytes,
        tar.len() as u64
    );
}

#[test]
fn v7_and_gnu_headers_are_tar_as_well() {
    for header in [
        Header::v7("a", b'0'),
        Header::v7("a", 0),
        Header::gnu("a", b'0'),
    ] {
        let recording = walk(TarBuilder::new().header(header).end());
        assert_eq!(
            (recording.paths(), recording.error.clone()),
            (vec!["a"], None)
        );
    }
}

#[test]
fn an_empty_body_is_no_archive() {
    let recording = walk("");
    assert_eq!(recording.error, Some(not_an_archive(false, b"")));
    assert_eq!(
        recording.message(),
        "not a tar archive, plain or in gzip, zstd, xz or bzip2: it is empty"
    );
    assert_eq!(recording.summary.format, None);
}

#[test]
fn html_is_no_archive_whatever_its_length() {
    for length in [1, 20, 511, 512, 513, 5000] {
        let html: Vec<u8> = b"<!DOCTYPE html>\n<title>404</title>"
            .iter()
            .copied()
            .cycle()
            .take(length)
            .collect();
        assert_eq!(
            walk(&html).error,
            Some(not_an_archive(false, &html[..length.min(16)])),
            "{length}"
        );
    }
    let message = walk("<!DOCTYPE html>\n<title>").message();
    assert_eq!(
        message,
        r"not a tar archive, plain or in gzip, zstd, xz or bzip2: it begins with '<!DOCTYPE html>\n'"
    );
}

#[test]
fn half_a_magic_number_is_no_archive() {
    assert_eq!(walk(b"\x1f").error, Some(not_an_archive(false, b"\x1f")));
    assert_eq!(
        walk(b"\x1f\x8c").error,
        Some(not_an_archive(false, b"\x1f\x8c"))
    );
}

#[test]
fn gzip_around_something_else_is_no_archive_and_says_so() {
    let recording = walk(gzip("plain text, ".repeat(100)));
    assert_eq!(
        recording.error,
        Some(not_an_archive(true, b"plain text, plai"))
    );
    assert_eq!(
        recording.message(),
        "not a tar archive but gzip around something else: it begins with 'plain text, plai'"
    );
    assert_eq!(
        walk(gzip("short")).error,
        Some(not_an_archive(true, b"short"))
    );
    assert_eq!(walk(gzip("")).error, Some(not_an_archive(true, b"")));
}

#[test]
fn gzip_in_gzip_is_no_archive() {
    let Some(ArchiveError::NotAnArchive {
        compression: Some(Compression::Gzip),
        start,
    }) = walk(gzip(gzip([0; 2 * BLOCK]))).error
    else {
        panic!("expected to be told of the inner gzip");
    };
    assert!(start.starts_with(b"\x1f\x8b\x08"));
}

#[test]
fn a_block_of_zeros_is_an_empty_archive() {
    for length in [BLOCK, BLOCK + 100, 2 * BLOCK, 20 * BLOCK] {
        let zeros = vec![0; length];
        for (body, format) in [(gzip(&zeros), Format::TarGzip), (zeros, Format::Tar)] {
            let recording = walk(&body);
            assert_eq!(
                (recording.entries.len(), recording.error),
                (0, None),
                "{length}"
            );
            assert_eq!(recording.summary.format, Some(format));
        }
    }
}

#[test]
fn fewer_zeros_than_a_block_are_no_archive() {
    assert_eq!(
        walk([0; BLOCK - 1]).error,
        Some(not_an_archive(false, &[0; 16]))
    );
}

#[test]
fn zeros_followed_by_something_else_are_no_archive() {
    let disk_image = TarBuilder::new()
        .raw([0; BLOCK])
        .raw("disk".repeat(1000))
        .without_end();
    assert_eq!(
        walk(disk_image).error,
        Some(not_an_archive(false, &[0; 16]))
    );
    let boot_sector = TarBuilder::new().raw([0; BLOCK]).raw("x").without_end();
    assert_eq!(
        walk(boot_sector).error,
        Some(not_an_archive(false, &[0; 16]))
    );
}
