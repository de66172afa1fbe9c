//! Header blocks of v7, ustar and GNU tar, and what follows them.

use rustpipe_archive::{ArchiveError, EntryType, TarFault};
use rustpipe_testkit::archive::{BLOCK, Header, MTIME, SIZE, TarBuilder};

use crate::recording::walk;

#[test]
fn a_ustar_header_gives_every_column() {
    let header = Header::ustar("bin/tool", b'0')
        .mode(0o4755)
        .owner(1000, 100)
        .owner_names("alice", "users")
        .mtime(1_700_000_000);
    let recording = walk(TarBuilder::new().entry(header, "content").end());
    let entry = recording.only();
    assert_eq!(
        (entry.path.as_str(), entry.entry_type, entry.size),
        ("bin/tool", EntryType::Regular, 7)
    );
    assert_eq!(
        (entry.mode, entry.uid, entry.gid),
        (Some(0o4755), Some(1000), Some(100))
    );
    assert_eq!(
        (entry.uname.as_deref(), entry.gname.as_deref()),
        (Some("alice"), Some("users"))
    );
    assert_eq!(
        (entry.mtime_micros, entry.link_target.as_deref()),
        (Some(1_700_000_000_000_000), None)
    );
    assert_eq!(recording.entries[0].content, b"content");
}

#[test]
fn every_type_flag_has_its_type() {
    let types = [
        (0, EntryType::Regular),
        (b'0', EntryType::Regular),
        (b'7', EntryType::Regular),
        (b'1', EntryType::HardLink),
        (b'2', EntryType::SymLink),
        (b'3', EntryType::Char),
        (b'4', EntryType::Block),
        (b'5', EntryType::Directory),
        (b'D', EntryType::Directory),
        (b'6', EntryType::Fifo),
        (b'S', EntryType::Sparse),
        (b'V', EntryType::Other),
        (b'M', EntryType::Other),
        (b'?', EntryType::Other),
        (0xff, EntryType::Other),
    ];
    for (typeflag, entry_type) in types {
        let recording = walk(TarBuilder::new().header(Header::ustar("a", typeflag)).end());
        assert_eq!(
            recording.only().entry_type,
            entry_type,
            "{}",
            typeflag.escape_ascii()
        );
        let is_file = matches!(entry_type, EntryType::Regular | EntryType::Sparse);
        assert_eq!(
            (recording.summary.entry_count, recording.summary.file_count),
            (1, u64::from(is_file))
        );
    }
}

#[test]
fn a_file_whose_name_ends_in_a_slash_is_a_folder() {
    for header in [
        Header::v7("a/", 0),
        Header::ustar("a/", b'0'),
        Header::gnu("a/", b'7'),
    ] {
        assert_eq!(
            walk(TarBuilder::new().header(header).end())
                .only()
                .entry_type,
            EntryType::Directory
        );
    }
}

#[test]
fn links_have_their_targets() {
    let archive = TarBuilder::new()
        .symlink("s", "../../etc/passwd")
        .hardlink("h", "")
        .end();
    let recording = walk(archive);
    let targets: Vec<_> = recording
        .entries
        .iter()
        .map(|entry| entry.entry.link_target.as_deref())
        .collect();
    assert_eq!(targets, [Some("../../etc/passwd"), Some("")]);
}

#[test]
fn names_and_targets_use_their_fields_to_the_last_byte() {
    let name = "n".repeat(100);
    let archive = TarBuilder::new().symlink(&name, "t".repeat(100)).end();
    let recording = walk(archive);
    assert_eq!(recording.only().path, name);
    assert_eq!(recording.only().link_target, Some("t".repeat(100)));
}

#[test]
fn ustar_puts_the_prefix_in_front() {
    let header = Header::ustar("n".repeat(100), b'0').prefix("p".repeat(155));
    let path = format!("{}/{}", "p".repeat(155), "n".repeat(100));
    assert_eq!(
        walk(TarBuilder::new().header(header).end()).only().path,
        path
    );
}

#[test]
fn v7_and_gnu_have_no_prefix() {
    for header in [Header::v7("name", b'0'), Header::gnu("name", b'0')] {
        let archive = TarBuilder::new()
            .header(header.prefix("14371234567 14371234567"))
            .end();
        assert_eq!(walk(archive).only().path, "name");
    }
}

#[test]
fn v7_has_no_names_of_owners() {
    let header = Header::v7("a", b'0').owner_names("junk", "junk");
    assert_eq!(
        walk(TarBuilder::new().header(header).end()).only().uname,
        None
    );
}

#[test]
fn names_that_are_not_utf8_are_shown_with_replacements() {
    let archive = TarBuilder::new().file(b"caf\xe9", "").end();
    assert_eq!(walk(archive).only().path, "caf\u{fffd}");
}

#[test]
fn gnu_long_names_and_targets_replace_the_short_ones() {
    let (name, target) = ("n/".repeat(200) + "x", "t/".repeat(300));
    let archive = TarBuilder::new()
        .long_link(&target)
        .long_name(&name)
        .symlink("cut", "cut")
        .file("next", "")
        .end();
    let recording = walk(archive);
    assert_eq!(recording.paths(), [name.as_str(), "next"]);
    assert_eq!(recording.entries[0].entry.link_target, Some(target));
}

#[test]
fn the_last_of_several_long_names_counts() {
    let archive = TarBuilder::new()
        .long_name("one")
        .long_name("two")
        .file("short", "")
        .end();
    assert_eq!(walk(archive).only().path, "two");
}

#[test]
fn a_long_name_that_exactly_fills_its_blocks_needs_no_padding() {
    let name = "n".repeat(BLOCK - 1);
    assert_eq!(
        walk(TarBuilder::new().long_name(&name).file("short", "").end())
            .only()
            .path,
        name
    );
}

#[test]
fn numbers_too_large_for_octal_come_in_base_256() {
    let header = Header::gnu("a", b'6')
        .base_256(108, 3_000_000_000, 8)
        .base_256(SIZE, 0, 12);
    assert_eq!(
        walk(TarBuilder::new().header(header).end()).only().uid,
        Some(3_000_000_000)
    );
}

#[test]
fn times_before_1970_come_in_base_256() {
    let header = Header::gnu("a", b'0').base_256(MTIME, -2, 12);
    assert_eq!(
        walk(TarBuilder::new().header(header).end())
            .only()
            .mtime_micros,
        Some(-2_000_000)
    );
}

#[test]
fn a_huge_size_is_data_that_is_missing() {
    let header = Header::gnu("a", b'0').base_256(SIZE, i64::MAX.into(), 12);
    let recording = walk(TarBuilder::new().header(header).raw([7; 10]).without_end());
    assert_eq!(recording.entries[0].entry.size, i64::MAX.unsigned_abs());
    assert_eq!(recording.paths(), [""; 0]);
    assert!(
        recording
            .message()
            .contains("ends inside the content of an entry, 9223372036854775797 bytes early")
    );
}

#[test]
fn sizes_that_can_not_be_read_are_named() {
    let header = || Header::ustar("a", b'0');
    for (header, value) in [
        (header().field(SIZE, b"12x4", 12), r"12x4\x00"),
        (
            header().base_256(SIZE, i128::from(i64::MAX) + 1, 12),
            r"\x80\x00\x00\x00\x80",
        ),
        (header().base_256(SIZE, -1, 12), r"\xff\xff"),
    ] {
        let recording = walk(TarBuilder::new().file("first", "").header(header).end());
        let message = recording.message();
        assert!(
            message.starts_with(&format!(
                "broken tar at entry 1, byte 512 of the tar stream: the field 'size' holds '{value}"
            )),
            "{message}"
        );
        assert!(
            message.ends_with("which is no number or out of range"),
            "{message}"
        );
        assert_eq!(recording.paths(), ["first"]);
    }
}

#[test]
fn metadata_that_can_not_be_read_is_unknown() {
    let header = || Header::gnu("a", b'0');
    let fields = [(100, 8), (108, 8), (116, 8), (MTIME, 12)];
    for (place, (offset, length)) in fields.into_iter().enumerate() {
        let unreadable = [
            header().field(offset, b"12x4", length),
            header().field(offset, b"-1", length),
            match offset {
                100 => header().base_256(offset, 1 << 31, length),
                MTIME => header().base_256(offset, i64::MAX.into(), length),
                _ => header().base_256(offset, -1, length),
            },
        ];
        for header in unreadable {
            let recording = walk(TarBuilder::new().header(header).end());
            let entry = recording.only();
            let known = [
                entry.mode.is_some(),
                entry.uid.is_some(),
                entry.gid.is_some(),
                entry.mtime_micros.is_some(),
            ];
            let mut expected = [true; 4];
            expected[place] = false;
            assert_eq!(known, expected);
        }
    }
}

#[test]
fn blank_number_fields_are_zero() {
    let header = Header::ustar("a", b'0')
        .field(108, b"        ", 8)
        .field(116, b"", 8)
        .field(SIZE, b"", 12);
    let recording = walk(TarBuilder::new().header(header).end());
    assert_eq!(
        (
            recording.only().uid,
            recording.only().gid,
            recording.only().size
        ),
        (Some(0), Some(0), 0)
    );
}

#[test]
fn checksums_over_signed_bytes_are_accepted() {
    let block = Header::ustar("äöü".repeat(3), b'0').block_with_signed_checksum();
    assert_eq!(
        walk(TarBuilder::new().raw(block).end()).only().path,
        "äöü".repeat(3)
    );
}

#[test]
fn a_header_with_a_wrong_checksum_ends_the_walk_with_its_place() {
    let mut block = Header::ustar("b", b'0').block();
    block[0] = b'c';
    let recording = walk(
        TarBuilder::new()
            .file("a", "A")
            .raw(block)
            .file("d", "")
            .end(),
    );
    assert_eq!(recording.paths(), ["a"]);
    let Some(ArchiveError::BadTar {
        entry_index: 1,
        offset: 1024,
        fault: TarFault::Checksum { .. },
    }) = recording.error
    else {
        panic!("expected a wrong checksum, got {:?}", recording.error);
    };
}

/// As GNU tar 1.34 reads them: a hard link has no content, whatever its header says, unless PAX says it.
#[test]
fn a_hard_links_size_counts_only_if_pax_says_it() {
    let link = || Header::ustar("a", b'1').link("b");
    let recording = walk(
        TarBuilder::new()
            .header(link().size(512))
            .file("next", "")
            .end(),
    );
    assert_eq!(
        (recording.paths(), recording.entries[0].entry.size),
        (vec!["a", "next"], 0)
    );

    let archive = TarBuilder::new()
        .pax(&[("size", "3")])
        .header(link())
        .content("abc")
        .file("next", "")
        .end();
    let recording = walk(archive);
    assert_eq!(
        (recording.paths(), recording.entries[0].entry.size),
        (vec!["a", "next"], 3)
    );
}

/// As GNU tar 1.34 reads them: a folder has no content, even if PAX says it.
#[test]
fn a_folders_size_is_shown_but_nothing_follows() {
    let folder = || Header::ustar("a", b'5');
    let recording = walk(
        TarBuilder::new()
            .header(folder().size(512))
            .file("next", "")
            .end(),
    );
    assert_eq!(
        (recording.paths(), recording.entries[0].entry.size),
        (vec!["a", "next"], 512)
    );

    let recording = walk(
        TarBuilder::new()
            .pax(&[("size", "512")])
            .header(folder())
            .file("next", "")
            .end(),
    );
    assert_eq!(
        (recording.paths(), recording.entries[0].entry.size),
        (vec!["a", "next"], 512)
    );
}

/// As GNU tar 1.34 reads them: all other types may carry content.
#[test]
fn content_of_other_types_is_stepped_over() {
    for typeflag in [b'2', b'3', b'4', b'6', b'7', b'D', b'V', b'?'] {
        let archive = TarBuilder::new()
            .entry(Header::ustar("a", typeflag), "content")
            .file("next", "")
            .end();
        let recording = walk(archive);
        assert_eq!(
            recording.paths(),
            ["a", "next"],
            "{}",
            typeflag.escape_ascii()
        );
        assert_eq!(recording.entries[0].content, b"content");
    }
}
