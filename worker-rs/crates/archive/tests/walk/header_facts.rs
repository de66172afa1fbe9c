//! Facts of headers beside name, size and owner.

use rustpipe_archive::{Entry, Limits, TarFormat, Walker, Wanted};
use rustpipe_testkit::archive::{Header, TarBuilder, gzip};

use crate::recording::{walk, walk_within};

fn format(archive: TarBuilder) -> TarFormat {
    walk(archive.end())
        .entries
        .last()
        .expect("an entry")
        .entry
        .tar_format
}

#[test]
fn dialects_are_told_by_magic_and_by_pax_headers() {
    let new = TarBuilder::new;
    assert_eq!(format(new().header(Header::v7("a", b'0'))), TarFormat::V7);
    assert_eq!(
        format(new().header(Header::ustar("a", b'0'))),
        TarFormat::Ustar
    );
    assert_eq!(format(new().header(Header::gnu("a", b'0'))), TarFormat::Gnu);
    let star = Header::ustar("a", b'0').field(508, b"tar\0", 4);
    assert_eq!(format(new().header(star)), TarFormat::Star);
    assert_eq!(
        format(new().pax(&[("mtime", "1")]).file("a", "")),
        TarFormat::Pax
    );
    let behind_pax = new().pax(&[("mtime", "1")]).file("a", "").file("b", "");
    assert_eq!(format(behind_pax), TarFormat::Ustar);
    let global = new()
        .pax_global(&[("comment", "c")])
        .file("a", "")
        .file("b", "");
    assert_eq!(format(global), TarFormat::Pax);
}

#[test]
fn type_flags_are_as_stored() {
    for typeflag in [0, b'0', b'7', b'5', b'V', 0xff] {
        let archive = TarBuilder::new().header(Header::ustar("a", typeflag)).end();
        assert_eq!(walk(archive).only().typeflag, typeflag);
    }
}

#[test]
fn a_path_that_is_not_utf_8_is_there_as_bytes_too() {
    let archive = TarBuilder::new()
        .file(b"caf\xe9", "")
        .file("café", "")
        .end();
    let recording = walk(archive);
    let raw = |entry: usize| recording.entries[entry].entry.path_raw.as_deref();
    assert_eq!(recording.paths(), ["caf\u{fffd}", "café"]);
    assert_eq!((raw(0), raw(1)), (Some(&b"caf\xe9"[..]), None));
}

#[test]
fn offsets_are_those_of_the_tar_stream() {
    let archive = TarBuilder::new()
        .file("a", "content")
        .pax_global(&[("comment", "c")])
        .long_name("b")
        .pax(&[("mtime", "1")])
        .file("b", "content")
        .directory("c")
        .end();
    for body in [gzip(&archive), archive] {
        let recording = walk(body);
        let offsets = recording.entries.iter().map(|entry| {
            let Entry {
                header_offset,
                data_offset,
                ..
            } = entry.entry;
            (header_offset, data_offset)
        });
        // The global header belongs to no entry.
        assert_eq!(
            offsets.collect::<Vec<_>>(),
            [(0, 512), (2048, 4608), (5120, 5632)]
        );
    }
}

fn pax(archive: TarBuilder) -> Vec<Vec<(String, String)>> {
    let entries = walk(archive.end()).entries;
    entries.into_iter().map(|entry| entry.entry.pax).collect()
}

#[test]
fn records_are_sorted_and_own_ones_go_before_global_ones() {
    let text = |records: &[(&str, &str)]| {
        let records = records.iter();
        records
            .map(|(keyword, value)| ((*keyword).to_owned(), (*value).to_owned()))
            .collect::<Vec<_>>()
    };
    let archive = TarBuilder::new()
        .pax_global(&[("comment", "g"), ("VENDOR.a", "1")])
        .file("a", "")
        .pax(&[("mtime", "1"), ("comment", "l")])
        .file("b", "")
        .pax(&[("comment", "")])
        .file("c", "")
        .pax_global(&[("VENDOR.a", "")])
        .file("d", "");
    assert_eq!(
        pax(archive),
        [
            text(&[("VENDOR.a", "1"), ("comment", "g")]),
            text(&[("VENDOR.a", "1"), ("comment", "l"), ("mtime", "1")]),
            text(&[("VENDOR.a", "1")]),
            text(&[("comment", "g")]),
        ]
    );
    let latin_1 = TarBuilder::new()
        .pax(&[("comment", b"caf\xe9")])
        .file("a", "");
    assert_eq!(pax(latin_1), [text(&[("comment", "caf\u{fffd}")])]);
}

#[test]
fn records_count_as_text_and_global_ones_are_bounded() {
    let archive = TarBuilder::new()
        .pax_global(&[("comment", "c".repeat(93))])
        .file("a", "")
        .file("b", "")
        .end();
    let within = |entry_text| {
        let limits = Limits {
            entry_text,
            ..Limits::default()
        };
        walk_within(&archive, limits)
            .error
            .map(|error| error.to_string())
    };
    assert_eq!(within(202), None);
    assert_eq!(
        within(201).expect("an error"),
        "the archive is over the limit entry_text: 201 allowed, 202 seen"
    );

    let many = (0..3).fold(TarBuilder::new(), |tar, header| {
        tar.pax_global(&[(format!("V.{header}").as_str(), "v".repeat(400 << 10))])
    });
    assert_eq!(
        walk(many.file("a", "").end()).message(),
        "the archive is over the limit global_header: 1048576 allowed, 1228809 seen"
    );
}

/// What nobody asks for is not there, and what is there is the same.
#[test]
fn what_is_not_wanted_is_not_told() {
    #[derive(Default)]
    struct Entries(Vec<Entry>);
    impl rustpipe_archive::Visitor for Entries {
        fn entry(&mut self, entry: Entry) {
            self.0.push(entry);
        }
        fn data(&mut self, _: usize, _: &[u8]) {}
        fn end(&mut self, _: usize, anomalies: rustpipe_archive::Anomalies) {
            assert_eq!(anomalies.iter().count(), 0);
        }
        fn nested_failed(&mut self, _: &[String], _: &rustpipe_archive::ArchiveError) {}
    }
    let body = TarBuilder::new()
        .pax(&[("comment", "c")])
        .file("/a", gzip(TarBuilder::new().file("b", "").without_end()))
        .file("a/../b", "")
        .without_end();
    let mut entries = Entries::default();
    let mut walker = Walker::new(Limits::default(), Wanted::default());
    walker.push(&body, &mut entries).expect("a sound archive");
    walker.finish(&mut entries).expect("a sound archive");
    let summary = walker.summary();
    assert_eq!(summary.anomalies.iter().count(), 0);
    assert!(summary.root_dirs.is_empty());
    let expected = walk(&body).entries.into_iter().map(|entry| Entry {
        pax: Vec::new(),
        ..entry.entry
    });
    assert_eq!(entries.0, expected.collect::<Vec<_>>());
}

#[test]
fn root_folders_are_first_parts_in_order_of_appearance() {
    let roots = |paths: &[&str]| {
        let tar = paths
            .iter()
            .fold(TarBuilder::new(), |tar, path| tar.file(path, ""));
        walk(tar.end()).summary.root_dirs
    };
    assert_eq!(
        roots(&["package/a", "package/b", "./package/c"]),
        ["package"]
    );
    assert_eq!(
        roots(&["b/x", "a/x", "./b", "README", "//c/x"]),
        ["b", "a", "README", "c"]
    );
    assert_eq!(roots(&["./", "."]), [""; 0]);
    let many: Vec<_> = (0..200).map(|root| format!("{root}/x")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert_eq!(roots(&many).len(), 100);
}
