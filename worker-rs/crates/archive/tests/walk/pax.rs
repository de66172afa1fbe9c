//! PAX extended headers, local and global.

use rustpipe_archive::{ArchiveError, EntryType, TarFault};
use rustpipe_testkit::archive::{Header, SIZE, TarBuilder};

use crate::recording::walk;

#[test]
fn records_override_the_header_block() {
    let records = [
        ("path", "päth/with\nnewline"),
        ("uid", "5000000000"),
        ("gid", "5000000001"),
        ("uname", "Zoë"),
        ("gname", "ñ"),
        ("mtime", "-1.0000001"),
        ("size", "4"),
        ("comment", "unknown keywords are ignored"),
        ("SCHILY.xattr.user.x", "a=b=c"),
    ];
    let recording = walk(
        TarBuilder::new()
            .pax(&records)
            .file("short", "four")
            .file("next", "")
            .end(),
    );
    let entry = &recording.entries[0].entry;
    assert_eq!(entry.path, "päth/with\nnewline");
    assert_eq!(
        (entry.uid, entry.gid, entry.size),
        (Some(5_000_000_000), Some(5_000_000_001), 4)
    );
    assert_eq!(
        (entry.uname.as_deref(), entry.gname.as_deref()),
        (Some("Zoë"), Some("ñ"))
    );
    assert_eq!(entry.mtime_micros, Some(-1_000_001));
    assert_eq!(recording.paths(), ["päth/with\nnewline", "next"]);
    assert_eq!(recording.entries[0].content, b"four");
}

#[test]
fn linkpath_overrides_the_target() {
    let archive = TarBuilder::new()
        .long_link("gnu")
        .pax(&[("linkpath", "pax")])
        .symlink("a", "header")
        .end();
    assert_eq!(walk(archive).only().link_target.as_deref(), Some("pax"));
}

#[test]
fn the_size_decides_where_the_next_header_is() {
    let inner = TarBuilder::new().file("smuggled", "").without_end();
    let size = inner.len().to_string();
    let header = Header::ustar("outer", b'0').size(0);
    let archive = TarBuilder::new()
        .pax(&[("size", &size)])
        .header(header)
        .content(&inner)
        .file("next", "")
        .end();
    assert_eq!(
        walk(archive).full_paths(),
        ["outer", "outer > smuggled", "next"]
    );
}

#[test]
fn a_field_that_a_record_replaces_may_hold_anything() {
    let header = Header::ustar("a", b'0').field(SIZE, b"too large", 12);
    let archive = TarBuilder::new()
        .pax(&[("size", "3")])
        .header(header)
        .content("abc")
        .end();
    assert_eq!(walk(archive).only().size, 3);
}

#[test]
fn local_goes_before_global_before_gnu_before_header() {
    let archive = TarBuilder::new()
        .file("header", "")
        .long_name("gnu")
        .file("header", "")
        .pax_global(&[("path", "global")])
        .long_name("gnu")
        .file("header", "")
        .pax(&[("path", "local")])
        .file("header", "")
        .file("header", "")
        .end();
    assert_eq!(
        walk(archive).paths(),
        ["header", "gnu", "global", "local", "global"]
    );
}

#[test]
fn a_later_global_header_adds_to_an_earlier_one() {
    let archive = TarBuilder::new()
        .pax_global(&[("uname", "one"), ("gname", "one")])
        .pax_global(&[("gname", "two")])
        .file("a", "")
        .end();
    let recording = walk(archive);
    let entry = recording.only();
    assert_eq!(
        (entry.uname.as_deref(), entry.gname.as_deref()),
        (Some("one"), Some("two"))
    );
}

#[test]
fn a_second_local_header_replaces_the_first() {
    let archive = TarBuilder::new()
        .pax(&[("path", "one"), ("mtime", "5")])
        .pax(&[("path", "two")])
        .file("a", "")
        .end();
    let recording = walk(archive);
    assert_eq!(
        (
            recording.only().path.as_str(),
            recording.only().mtime_micros
        ),
        ("two", Some(0))
    );
}

#[test]
fn an_empty_value_gives_the_field_back_to_the_header() {
    let records = [("path", ""), ("size", ""), ("mtime", "")];
    let archive = TarBuilder::new()
        .pax_global(&[("path", "global"), ("mtime", "9")])
        .pax(&records)
        .entry(Header::ustar("header", b'0').mtime(7), "abc")
        .end();
    let recording = walk(archive);
    let entry = recording.only();
    assert_eq!(
        (entry.path.as_str(), entry.size, entry.mtime_micros),
        ("header", 3, Some(7_000_000))
    );
}

#[test]
fn a_path_that_ends_in_a_slash_makes_a_folder() {
    let archive = TarBuilder::new()
        .pax(&[("path", "dir/")])
        .file("file", "")
        .end();
    assert_eq!(walk(archive).only().entry_type, EntryType::Directory);
}

#[test]
fn solaris_extended_headers_are_read_too() {
    let archive = TarBuilder::new()
        .entry(Header::ustar("X", b'X'), "12 path=new\n")
        .file("old", "")
        .end();
    assert_eq!(walk(archive).only().path, "new");
}

#[test]
fn records_end_at_a_nul() {
    let archive = TarBuilder::new()
        .entry(Header::ustar("x", b'x'), "12 path=new\n\0\0junk")
        .file("old", "")
        .end();
    assert_eq!(walk(archive).only().path, "new");
}

#[test]
fn an_empty_extended_header_is_allowed() {
    let archive = TarBuilder::new()
        .entry(Header::ustar("x", b'x'), "")
        .file("a", "")
        .end();
    assert_eq!(walk(archive).only().path, "a");
}

#[test]
fn broken_records_are_broken_tar() {
    let broken = [
        "99 path=a\n",
        "8 path=a\n",
        "11 path=a\n",
        "0 path=a\n",
        "path=a\n",
        " 10 path=a\n",
        "-1 path=a\n",
        "10 path=ab",
        "10path=ab\n",
        "9 patha\n\n",
        "18446744073709551626 path=a\n",
    ];
    for records in broken {
        for typeflag in [b'x', b'g'] {
            let archive = TarBuilder::new()
                .entry(Header::ustar("x", typeflag), records)
                .file("a", "")
                .end();
            let recording = walk(archive);
            let Some(ArchiveError::BadTar {
                fault: TarFault::PaxRecord { start },
                ..
            }) = &recording.error
            else {
                panic!("{records:?}: {:?}", recording.error);
            };
            assert_eq!(*start, records.as_bytes().escape_ascii().to_string());
        }
    }
}

/// They don't fall back to the header block's, which the record declares void.
#[test]
fn owners_and_times_that_can_not_be_read_are_unknown() {
    let records = [
        ("uid", "-1"),
        ("gid", "99999999999999999999"),
        ("mtime", "1e9"),
    ];
    let header = Header::ustar("a", b'0').owner(1, 2).mtime(3);
    let archive = |tar: TarBuilder| tar.header(header.clone()).end();
    for archive in [
        archive(TarBuilder::new().pax(&records)),
        archive(TarBuilder::new().pax_global(&records)),
    ] {
        let recording = walk(archive);
        let entry = recording.only();
        assert_eq!(
            (entry.uid, entry.gid, entry.mtime_micros),
            (None, None, None)
        );
    }
}

#[test]
fn garbage_in_sizes_names_the_keyword() {
    for (keyword, value) in [
        ("size", "1k"),
        ("GNU.sparse.size", "-1"),
        ("GNU.sparse.realsize", "99999999999999999999"),
    ] {
        let recording = walk(
            TarBuilder::new()
                .pax(&[(keyword, value)])
                .file("a", "")
                .end(),
        );
        assert!(
            recording.message().ends_with(&format!(
                "the field 'PAX {keyword}' holds '{value}', which is no number or out of range"
            )),
            "{}",
            recording.message()
        );
    }
}
