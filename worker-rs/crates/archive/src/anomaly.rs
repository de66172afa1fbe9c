//! Oddities of archives: not errors, but evidence that two programs may read the archive differently, or that somebody
//! tries something.

/// One oddity. Those of a nested archive itself, not of its entries, are told of the entry that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anomaly {
    /// A path that begins with a slash, a backslash, or a letter and a colon.
    AbsolutePath,
    /// A path with a component `..`, between slashes or backslashes.
    ParentTraversal,
    /// A path with a backslash.
    BackslashPath,
    /// A path or link target in a PAX header with a NUL, or a GNU long name with something behind its NUL: many programs
    /// take the NUL for the end. What follows one in a header block's own fields is no oddity: old programs left it there.
    NulInName,
    /// A path or link target that is not UTF-8.
    NonUtf8Name,
    /// A path or link target with control characters (C0, DEL, C1), or with those that reorder text (U+061C, U+200E,
    /// U+200F, U+202A to U+202E, U+2066 to U+2069).
    ControlOrBidiInName,
    /// A path that an entry before it in the same archive has, taken as extractors do: `./a`, `a/`, `/a` and `a` are the
    /// same. A folder may follow a folder: programs that append to an archive name its folders again.
    DuplicatePath,
    /// A path that differs from the one of an entry before it in the same archive only in its case, by Unicode's lower
    /// case of the whole path.
    CaseCollision,
    /// A link whose target lies outside of the root: it is absolute, or on the way there are more `..` than folders. A
    /// symbolic link begins in its folder, a hard link at the root; other links on the way are not followed.
    LinkEscapesRoot,
    /// A character or block device.
    DeviceNode,
    /// The bits set-user-ID or set-group-ID of a file.
    Setuid,
    /// A header block with a wrong checksum, behind the first. Goes with an error.
    BadChecksum,
    /// A size in the entry's PAX header that differs from the header block's, unless it is 8 GiB or more: that does not fit
    /// the block, so anything may be there.
    PaxSizeOverridesHeader,
    /// A path in the entry's PAX header beside which the header block's is neither the same nor what honest programs make of
    /// a path that is not ASCII or longer than 100 bytes: a part of it with bytes left out or replaced by `?`, at least 90
    /// bytes or all that is ASCII; or, from git, the number of an object.
    PaxPathOverridesHeader,
    /// A PAX path and a GNU long name for the same entry, or both forms of a link target.
    PaxAndGnuLongname,
    /// A PAX global header that sets a path, a link target or a size; told of the archive, and of each entry that takes it.
    GlobalPaxOverride,
    /// An extension header without an entry: another of its kind replaces it, or the archive ends behind it, which is an
    /// error.
    OrphanExtension,
    /// A size that is negative, no number, or more bytes of content than
    /// [`Limits::uncompressed_bytes`](crate::Limits::uncompressed_bytes).
    NegativeOrHugeSize,
    /// The archive stops early. Goes with an error.
    Truncated,
    /// The archive ends without its end mark, two blocks of zeros.
    MissingEof,
    /// Something other than zeros follows the end mark, in the tar stream.
    DataAfterEof,
    /// A gzip stream of several members.
    MultiMemberGzip,
    /// Bytes behind the compressed stream that belong to none.
    TrailingGarbage,
    /// Entries with different first components, those `.` aside.
    MultipleRoots,
    /// A file in as many archives as are looked into that is compressed or begins as a tar archive; whether it is one, nobody
    /// looks.
    NestedTooDeep,
}

impl Anomaly {
    /// Every oddity, in the order of the documentation.
    pub const ALL: [Self; 25] = [
        Self::AbsolutePath,
        Self::ParentTraversal,
        Self::BackslashPath,
        Self::NulInName,
        Self::NonUtf8Name,
        Self::ControlOrBidiInName,
        Self::DuplicatePath,
        Self::CaseCollision,
        Self::LinkEscapesRoot,
        Self::DeviceNode,
        Self::Setuid,
        Self::BadChecksum,
        Self::PaxSizeOverridesHeader,
        Self::PaxPathOverridesHeader,
        Self::PaxAndGnuLongname,
        Self::GlobalPaxOverride,
        Self::OrphanExtension,
        Self::NegativeOrHugeSize,
        Self::Truncated,
        Self::MissingEof,
        Self::DataAfterEof,
        Self::MultiMemberGzip,
        Self::TrailingGarbage,
        Self::MultipleRoots,
        Self::NestedTooDeep,
    ];

    /// The word in the column `anomalies`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AbsolutePath => "ABSOLUTE_PATH",
            Self::ParentTraversal => "PARENT_TRAVERSAL",
            Self::BackslashPath => "BACKSLASH_PATH",
            Self::NulInName => "NUL_IN_NAME",
            Self::NonUtf8Name => "NON_UTF8_NAME",
            Self::ControlOrBidiInName => "CONTROL_OR_BIDI_IN_NAME",
            Self::DuplicatePath => "DUPLICATE_PATH",
            Self::CaseCollision => "CASE_COLLISION",
            Self::LinkEscapesRoot => "LINK_ESCAPES_ROOT",
            Self::DeviceNode => "DEVICE_NODE",
            Self::Setuid => "SETUID",
            Self::BadChecksum => "BAD_CHECKSUM",
            Self::PaxSizeOverridesHeader => "PAX_SIZE_OVERRIDES_HEADER",
            Self::PaxPathOverridesHeader => "PAX_PATH_OVERRIDES_HEADER",
            Self::PaxAndGnuLongname => "PAX_AND_GNU_LONGNAME",
            Self::GlobalPaxOverride => "GLOBAL_PAX_OVERRIDE",
            Self::OrphanExtension => "ORPHAN_EXTENSION",
            Self::NegativeOrHugeSize => "NEGATIVE_OR_HUGE_SIZE",
            Self::Truncated => "TRUNCATED",
            Self::MissingEof => "MISSING_EOF",
            Self::DataAfterEof => "DATA_AFTER_EOF",
            Self::MultiMemberGzip => "MULTI_MEMBER_GZIP",
            Self::TrailingGarbage => "TRAILING_GARBAGE",
            Self::MultipleRoots => "MULTIPLE_ROOTS",
            Self::NestedTooDeep => "NESTED_TOO_DEEP",
        }
    }
}

/// A set of oddities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Anomalies(u32);

impl Anomalies {
    /// Adds one.
    pub const fn insert(&mut self, anomaly: Anomaly) {
        self.0 |= 1 << anomaly as u32;
    }

    /// Adds those of another set.
    pub const fn extend(&mut self, others: Self) {
        self.0 |= others.0;
    }

    /// Those of both.
    #[must_use]
    pub(crate) const fn and(mut self, others: Self) -> Self {
        self.extend(others);
        self
    }

    /// Whether it has this one.
    #[must_use]
    pub const fn contains(self, anomaly: Anomaly) -> bool {
        self.0 & (1 << anomaly as u32) != 0
    }

    /// Those that it has, in the order of [`Anomaly::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Anomaly> {
        Anomaly::ALL
            .into_iter()
            .filter(move |anomaly| self.contains(*anomaly))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_each_oddity_by_itself() {
        for anomaly in Anomaly::ALL {
            let mut set = Anomalies::default();
            assert_eq!(set.iter().count(), 0);
            set.insert(anomaly);
            assert_eq!(set.iter().collect::<Vec<_>>(), [anomaly]);
        }
    }
}
