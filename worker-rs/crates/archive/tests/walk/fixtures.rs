//! Bodies of every kind, sound and broken, small enough for exhaustive tests.

use rustpipe_testkit::archive::{BLOCK, Checksum, GzipMember, Header, TarBuilder, gzip};
use rustpipe_testkit::compressed::{bzip2, xz, zstd, zstd_skippable};

/// A tar stream with each kind of header.
pub(crate) fn varied_tar() -> Vec<u8> {
    TarBuilder::new()
        .pax_global(&[("comment", "a commit"), ("gname", "everybody")])
        .directory("root/")
        .file("root/empty", "")
        .file("root/README.md", "# Title\n".repeat(100))
        .symlink("root/link", "README.md")
        .hardlink("root/same", "root/README.md")
        .pax(&[
            ("path", "root/päth"),
            ("mtime", "1700000000.25"),
            ("size", "7"),
        ])
        .file("short", "7 bytes")
        .long_name(format!("root/{}", "long/".repeat(40)))
        .long_link("elsewhere/".repeat(15))
        .header(Header::gnu("cut", b'2').link("cut"))
        .header(Header::gnu("root/fifo", b'6'))
        .entry(
            Header::gnu("root/sparse", b'S').gnu_sparse(1 << 30, true),
            "",
        )
        .raw([0; BLOCK])
        .file("root/last", vec![b'x'; 2 * BLOCK])
        .end()
}

/// Archives in archives, of each compression.
pub(crate) fn nested_tar() -> Vec<u8> {
    let deep = TarBuilder::new().file("deep", "deepest").end();
    let inner = TarBuilder::new()
        .file("inner.tar.gz", gzip(deep))
        .file("noise", noise(2000))
        .end();
    TarBuilder::new()
        .file("before", "b")
        .file("a.tar.gz", gzip(&inner))
        .file("a.tar.zst", zstd(&inner))
        .file("a.tar.xz", xz(&inner))
        .file("a.tar.bz2", bzip2(&inner))
        .file("a.tar", &inner)
        .file("text.gz", gzip("text ".repeat(1000)))
        .file("after", "a")
        .end()
}

/// Everything, by name.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let tar = varied_tar();
    let half = &tar[..tar.len() / 2];
    let flagged = GzipMember {
        extra: Some(b"extra field"),
        name: Some("a.tar"),
        comment: Some("a comment"),
        header_checksum: Some(Checksum::Right),
    };
    let sound = gzip(&tar);
    let with = |at: usize, byte: u8| {
        let mut body = sound.clone();
        let at = if at < 100 { at } else { body.len() + at - 1000 };
        body[at] ^= byte;
        body
    };
    vec![
        ("empty", Vec::new()),
        ("html", b"<!DOCTYPE html><title>404</title>".repeat(40)),
        ("plain tar", tar.clone()),
        ("plain tar, cut", half.to_vec()),
        ("gzip", sound.clone()),
        ("gzip with all header fields", flagged.build(&tar)),
        (
            "gzip of two members",
            [gzip(half), flagged.build(&tar[half.len()..])].concat(),
        ),
        ("gzip of a cut tar", gzip(half)),
        ("gzip of nothing", gzip("")),
        ("gzip of text", gzip("no archive".repeat(100))),
        ("gzip of gzip", gzip(&sound)),
        ("gzip, cut", sound[..sound.len() / 2].to_vec()),
        ("gzip with zeros behind", [&sound[..], &[0; 1000]].concat()),
        (
            "gzip with garbage behind",
            [&sound[..], b"garbage"].concat(),
        ),
        (
            "gzip with its trailer twice",
            [&sound[..], &sound[sound.len() - 8..]].concat(),
        ),
        (
            "gzip with half a member behind",
            [&sound[..], &sound[..sound.len() / 2]].concat(),
        ),
        ("gzip with wrong checksum", with(992, 1)),
        ("gzip with wrong length", with(996, 1)),
        ("gzip with high length", with(999, 1)),
        ("gzip with broken data", with(20, 0xff)),
        ("gzip with reserved flags", with(3, 0x40)),
        ("gzip with another method", with(2, 1)),
        ("zstd", zstd(&tar)),
        (
            "zstd of frames",
            [
                zstd_skippable("skip"),
                zstd(half),
                zstd_skippable(""),
                zstd(&tar[half.len()..]),
            ]
            .concat(),
        ),
        ("xz", xz(&tar)),
        (
            "xz of streams",
            [xz(half), vec![0; 8], xz(&tar[half.len()..])].concat(),
        ),
        ("bzip2", bzip2(&tar)),
        (
            "bzip2 of streams",
            [bzip2(half), bzip2(&tar[half.len()..])].concat(),
        ),
        ("nested", nested_tar()),
        ("nested, in gzip", gzip(nested_tar())),
        ("nested, in zstd", zstd(nested_tar())),
        (
            "gzip with random content",
            gzip(TarBuilder::new().file("random", noise(200_000)).end()),
        ),
        (
            "gzip with much of the same",
            gzip(TarBuilder::new().file("zeros", vec![0; 3 << 20]).end()),
        ),
    ]
}

/// Bytes that don't compress, the same ones each time.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(length as u64);
    std::iter::repeat_with(|| random.u8(..))
        .take(length)
        .collect()
}
