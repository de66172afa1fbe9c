//! Each oddity: what it is told of, and what is honest.

use rustpipe_archive::Anomaly::{self, *};
use rustpipe_archive::Limits;
use rustpipe_testkit::archive::{BLOCK, Header, SIZE, TarBuilder, gzip};

use crate::recording::{walk, walk_within};

/// The oddities of an archive with these entries and an end mark.
fn of(archive: TarBuilder) -> Vec<Anomaly> {
    walk(archive.end()).anomalies()
}

fn of_path(path: impl AsRef<[u8]>) -> Vec<Anomaly> {
    of(TarBuilder::new()
        .pax(&[("path", path.as_ref())])
        .header(Header::ustar("", b'0').field(
            0,
            &path.as_ref()[..path.as_ref().len().min(100)],
            100,
        )))
}

#[test]
fn honest_names_have_none() {
    for path in [
        "a",
        "./a",
        "a/b.c",
        "a..b/...",
        "naïve/日本語",
        "a b",
        "~",
        ".../a",
        "C/a",
        "-",
    ] {
        assert_eq!(of_path(path), [], "{path}");
    }
}

#[test]
fn absolute_paths() {
    for path in ["/", "/a", "//a", "C:", "c:a", "C:/a"] {
        assert_eq!(of_path(path), [AbsolutePath], "{path}");
    }
    for path in ["\\a", "\\\\server\\a", "C:\\a"] {
        assert_eq!(of_path(path), [AbsolutePath, BackslashPath], "{path}");
    }
    assert_eq!(of_path("a\\b"), [BackslashPath]);
    assert_eq!(of_path("ab:c"), []);
}

#[test]
fn parent_traversal() {
    for path in ["..", "../a", "a/..", "a/../b", "./../a"] {
        assert_eq!(of_path(path), [ParentTraversal], "{path}");
    }
    assert_eq!(of_path("a\\..\\b"), [ParentTraversal, BackslashPath]);
}

#[test]
fn names_with_nul() {
    let archive = TarBuilder::new().pax(&[("path", "a\0b")]).file("a", "");
    assert_eq!(
        of(archive),
        [NulInName, ControlOrBidiInName, PaxPathOverridesHeader]
    );
    let archive = TarBuilder::new()
        .pax(&[("linkpath", "a\0b")])
        .symlink("l", "a");
    assert_eq!(of(archive), [NulInName, ControlOrBidiInName]);
    let archive = TarBuilder::new().long_name("name\0more").file("name", "");
    assert_eq!(of(archive), [NulInName]);
    assert_eq!(
        of(TarBuilder::new().long_name("name\0\0").file("name", "")),
        []
    );
}

#[test]
fn names_that_are_not_utf_8() {
    assert_eq!(of_path(b"caf\xe9"), [NonUtf8Name]);
    assert_eq!(
        of(TarBuilder::new().symlink("l", b"caf\xe9")),
        [NonUtf8Name]
    );
}

#[test]
fn names_with_control_characters_or_those_that_reorder_text() {
    for char in [
        '\u{1}', '\u{1b}', '\u{7f}', '\u{80}', '\u{9f}', '\u{61c}', '\u{200e}', '\u{200f}',
        '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\n',
    ] {
        assert_eq!(of_path(format!("a{char}b")), [ControlOrBidiInName]);
        let link = TarBuilder::new().symlink("l", format!("a{char}b"));
        assert_eq!(of(link), [ControlOrBidiInName]);
    }
    for char in ['\u{a0}', '\u{200d}', '\u{202f}', '\u{2065}', '\u{206a}'] {
        assert_eq!(
            of_path(format!("a{char}b")),
            [],
            "{}",
            char.escape_unicode()
        );
    }
    assert_eq!(of_path(b"\xe9\x1b"), [NonUtf8Name, ControlOrBidiInName]);
}

#[test]
fn duplicate_paths() {
    for (one, other) in [
        ("r/a", "r/a"),
        ("r/a", "./r/a"),
        ("r/a", "r//a"),
        ("r/a", "/r/./a"),
    ] {
        let recording = walk(TarBuilder::new().file(one, "").file(other, "x").end());
        let anomalies = |entry: usize| recording.entries[entry].anomalies;
        assert!(!anomalies(0).contains(DuplicatePath), "{one} {other}");
        assert!(anomalies(1).contains(DuplicatePath), "{one} {other}");
    }
    assert_eq!(of(TarBuilder::new().file("r/a", "").file("r/b", "")), []);
    // Those that differ in bytes that are not UTF-8 look the same only.
    let archive = TarBuilder::new().file(b"r/\xe8", "").file(b"r/\xe9", "");
    assert_eq!(of(archive), [NonUtf8Name]);
}

#[test]
fn a_folder_may_be_named_again_but_by_folders_only() {
    let folders = TarBuilder::new()
        .directory("r/")
        .directory("r")
        .directory("./r");
    assert_eq!(of(folders.clone()), []);
    assert_eq!(of(folders.clone().file("r", "")), [DuplicatePath]);
    assert_eq!(
        of(TarBuilder::new().symlink("r", "a").directory("r/")),
        [DuplicatePath]
    );
}

#[test]
fn case_collisions() {
    assert_eq!(
        of(TarBuilder::new().file("r/a", "").file("r/A", "")),
        [CaseCollision]
    );
    assert_eq!(
        of(TarBuilder::new().file("r/ä", "").file("r/Ä", "")),
        [CaseCollision]
    );
    assert_eq!(
        of(TarBuilder::new().file("r/A", "").file("r/A", "")),
        [DuplicatePath]
    );
    assert_eq!(
        of(TarBuilder::new().directory("r/A/").directory("r/a/")),
        [CaseCollision]
    );
    assert_eq!(of(TarBuilder::new().file("r/A", "").file("r/B", "")), []);
}

#[test]
fn paths_are_compared_within_an_archive() {
    let inner = TarBuilder::new().file("a", "").end();
    let archive = TarBuilder::new().file("a", &inner).file("A", &inner);
    assert_eq!(of(archive), [CaseCollision, MultipleRoots]);
}

#[test]
fn links_out_of_the_root() {
    for (path, target, escapes) in [
        ("r/a/l", "../b", false),
        ("r/a/l", "../../b", false),
        ("r/a/l", "../../../b", true),
        ("r/a/l", "x/../../../..", true),
        ("r/a/l", "/etc", true),
        ("r/a/l", "C:/x", true),
        ("r/a/l", "..\\..\\..\\b", true),
        ("./r//a/l", "../../../b", true),
        ("l", "..", true),
        ("l", ".", false),
        ("r/a/", "../../b", true),
        ("r/a\\b\\l", "../../b", true),
    ] {
        let anomalies = of(TarBuilder::new().symlink(path, target));
        assert_eq!(
            anomalies.contains(&LinkEscapesRoot),
            escapes,
            "{path} {target}"
        );
    }
    for (target, escapes) in [
        ("r/b", false),
        ("r/../../b", true),
        ("../b", true),
        ("/r/b", true),
    ] {
        let anomalies = of(TarBuilder::new().hardlink("r/a/deep/l", target));
        assert_eq!(anomalies.contains(&LinkEscapesRoot), escapes, "{target}");
    }
}

#[test]
fn devices_and_set_user_id() {
    for typeflag in [b'3', b'4'] {
        assert_eq!(
            of(TarBuilder::new().header(Header::ustar("d", typeflag))),
            [DeviceNode]
        );
    }
    assert_eq!(of(TarBuilder::new().header(Header::ustar("f", b'6'))), []);
    for mode in [0o4755, 0o2755, 0o6755, 0o104_755] {
        assert_eq!(
            of(TarBuilder::new().header(Header::ustar("f", b'0').mode(mode))),
            [Setuid]
        );
        // For a folder, it says who owns what is made in it.
        assert_eq!(
            of(TarBuilder::new().header(Header::ustar("f/", b'5').mode(mode))),
            []
        );
    }
    assert_eq!(
        of(TarBuilder::new().header(Header::ustar("f", b'0').mode(0o1755))),
        []
    );
}

#[test]
fn sizes_in_pax_headers() {
    let archive = |size: &str, header: Header| {
        let content = vec![b'x'; size.parse().unwrap_or(0)];
        TarBuilder::new()
            .pax(&[("size", size)])
            .header(header)
            .content(content)
    };
    assert_eq!(of(archive("3", Header::ustar("a", b'0').size(3))), []);
    assert_eq!(
        of(archive("3", Header::ustar("a", b'0').size(0))),
        [PaxSizeOverridesHeader]
    );
    assert_eq!(
        of(archive("0", Header::ustar("a", b'0').size(3))),
        [PaxSizeOverridesHeader]
    );
    let garbage = Header::ustar("a", b'0').field(SIZE, b"garbage", 12);
    assert_eq!(of(archive("3", garbage)), [PaxSizeOverridesHeader]);
    // A size that the header can't hold.
    let huge = TarBuilder::new()
        .pax(&[("size", (8_u64 << 30).to_string())])
        .header(Header::ustar("a", b'0').size(0));
    assert_eq!(
        walk(huge.without_end()).anomalies(),
        [NegativeOrHugeSize, Truncated]
    );
}

fn of_pax_path(header: impl AsRef<[u8]>, path: impl AsRef<[u8]>) -> bool {
    of(TarBuilder::new()
        .pax(&[("path", path.as_ref())])
        .file(header, ""))
    .contains(&PaxPathOverridesHeader)
}

#[test]
fn paths_in_pax_headers_that_honest_programs_write() {
    let long = format!("{}/{}/file.txt", "folder".repeat(20), "another".repeat(5));
    // Cut at the field's end, or a byte before; GNU tar, Python, Java; node-tar.
    assert!(!of_pax_path(&long[..100], &long));
    assert!(!of_pax_path(&long[..99], &long));
    // The middle left out, as by bsdtar.
    assert!(!of_pax_path(format!("{}/file.txt", &long[..90]), &long));
    assert!(!of_pax_path("short", "short"));
    assert!(!of_pax_path("folder/", "folder"));
    // What is not ASCII: as it is, replaced, left out.
    assert!(!of_pax_path("päckage/ä", "päckage/ä"));
    assert!(!of_pax_path("p?ckage/?", "päckage/ä"));
    assert!(!of_pax_path("pckage/", "päckage/ä"));
    assert!(!of_pax_path("?".repeat(100), "日".repeat(150) + ".txt"));
    // git.
    let object = format!("{}.data", "0123456789abcdef0123456789abcdef01234567");
    assert!(!of_pax_path(&object, "folder/".repeat(30) + "file"));
}

#[test]
fn paths_in_pax_headers_that_mean_another_file() {
    assert!(of_pax_path("index.js", "evil.js"));
    assert!(of_pax_path("index.js", "package/index.js"));
    assert!(of_pax_path("package", "package/index.js"));
    assert!(of_pax_path("", "a"));
    assert!(of_pax_path("harmless.txt", "evïl"));
    assert!(of_pax_path("f", "folder/".repeat(30) + "file"));
    assert!(of_pax_path("x".repeat(100), "folder/".repeat(30) + "file"));
}

#[test]
fn names_of_sparse_files() {
    let sparse = |header: &str, name: &str| {
        let records = [("GNU.sparse.major", "1"), ("GNU.sparse.name", name)];
        of(TarBuilder::new().pax(&records).file(header, ""))
    };
    assert_eq!(sparse("r/GNUSparseFile.42/file", "r/file"), []);
    assert_eq!(sparse("./GNUSparseFile.42/file", "file"), []);
    assert_eq!(
        sparse("r/GNUSparseFile.42/other", "r/file"),
        [PaxPathOverridesHeader]
    );
}

#[test]
fn pax_and_gnu_names_for_one_entry() {
    let name = "n".repeat(120);
    let path = [("path", &name)];
    let archive = TarBuilder::new()
        .long_name(&name)
        .pax(&path)
        .file(&name[..100], "");
    assert_eq!(of(archive), [PaxAndGnuLongname]);
    let archive = TarBuilder::new()
        .pax(&[("linkpath", "a")])
        .long_link("b")
        .symlink("l", "a");
    assert_eq!(of(archive), [PaxAndGnuLongname]);
    let archive = TarBuilder::new()
        .pax(&[("mtime", "1")])
        .long_name(&name)
        .file(&name[..100], "");
    assert_eq!(of(archive), []);
}

#[test]
fn global_headers_that_name_or_size_entries() {
    for (keyword, value) in [("path", "a"), ("linkpath", "a"), ("size", "0")] {
        let archive = TarBuilder::new()
            .pax_global(&[(keyword, value)])
            .file("a", "");
        let recording = walk(archive.end());
        assert_eq!(recording.anomalies(), [GlobalPaxOverride], "{keyword}");
        assert_eq!(
            recording.anomalies_of("a"),
            [GlobalPaxOverride],
            "{keyword}"
        );
    }
    assert_eq!(
        of(TarBuilder::new()
            .pax_global(&[("comment", "c"), ("mtime", "1")])
            .file("a", "")),
        []
    );
    let own = TarBuilder::new()
        .pax_global(&[("path", "a")])
        .pax(&[("path", "b")])
        .file("b", "");
    let recording = walk(own.end());
    assert_eq!(recording.anomalies(), [GlobalPaxOverride]);
    assert_eq!(recording.anomalies_of("b"), []);
}

#[test]
fn extension_headers_without_an_entry() {
    let at_end = TarBuilder::new().file("a", "").pax(&[("path", "b")]);
    assert_eq!(of(at_end), [OrphanExtension]);
    let replaced = TarBuilder::new()
        .pax(&[("comment", "1")])
        .pax(&[("comment", "2")])
        .file("a", "");
    assert_eq!(of(replaced), [OrphanExtension]);
    let both = TarBuilder::new()
        .long_link("b")
        .long_name("a")
        .symlink("a", "b");
    assert_eq!(of(both), []);
}

#[test]
fn sizes_that_no_archive_has() {
    let negative = Header::ustar("b", b'0').base_256(SIZE, -1, 12);
    let recording = walk(TarBuilder::new().file("a", "").header(negative).end());
    assert_eq!(recording.anomalies(), [NegativeOrHugeSize]);
    let huge = Header::ustar("a", b'0').base_256(SIZE, 1 << 40, 12);
    let recording = walk(TarBuilder::new().header(huge).without_end());
    assert_eq!(recording.anomalies(), [NegativeOrHugeSize, Truncated]);
    let limits = Limits {
        uncompressed_bytes: 3 * BLOCK as u64,
        ..Limits::default()
    };
    let exact = Header::ustar("a", b'0').size(3 * BLOCK as u64);
    let recording = walk_within(TarBuilder::new().header(exact).without_end(), limits);
    assert_eq!(recording.anomalies(), [Truncated]);
}

#[test]
fn damaged_and_cut_archives() {
    let mut archive = TarBuilder::new()
        .file("r/a", "")
        .file("r/b", "content")
        .end();
    assert_eq!(walk(&archive[..1100]).anomalies(), [Truncated]);
    let body = gzip(&archive);
    assert_eq!(walk(&body[..body.len() - 1]).anomalies(), [Truncated]);
    archive[512] ^= 1;
    assert_eq!(walk(&archive).anomalies(), [BadChecksum]);
}

#[test]
fn ends_of_archives() {
    let archive = TarBuilder::new().file("a", "content");
    for (behind, anomalies, trailing_bytes) in [
        (&[][..], &[MissingEof][..], 0),
        (&[0; BLOCK], &[MissingEof], 0),
        (&[0; 2 * BLOCK], &[], 0),
        (&[0; 20 * BLOCK], &[], 0),
        (&[&[0; 2000][..], b"x\0y"].concat(), &[DataAfterEof], 3),
    ] {
        let body = archive.clone().raw(behind).without_end();
        let recording = walk(&body);
        assert_eq!(recording.anomalies(), anomalies, "{}", behind.len());
        assert_eq!(recording.summary.trailing_bytes, trailing_bytes);
        let recording = walk(gzip(&body));
        assert_eq!(recording.anomalies(), anomalies, "{}", behind.len());
        assert_eq!(recording.summary.trailing_bytes, 0);
    }
}

#[test]
fn multiple_roots() {
    let roots = |paths: &[&str]| {
        of(paths
            .iter()
            .fold(TarBuilder::new(), |tar, path| tar.file(path, "")))
    };
    assert_eq!(roots(&["a/x", "a/y", "./a/z", "."]), []);
    assert_eq!(roots(&["a/x", "b/y"]), [MultipleRoots]);
    assert_eq!(roots(&["a", "b"]), [MultipleRoots]);
}
