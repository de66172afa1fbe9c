//! Oddities of archives: not errors, but evidence that two programs may read the archive differently, or that somebody
//! tries something.

/// One oddity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anomaly {
    /// A path that begins at the root, or with a drive letter.
    AbsolutePath,
    /// A path with a component `..`.
    ParentTraversal,
    /// A path with a backslash.
    BackslashPath,
    /// A path or link target with a NUL, which many programs take for its end.
    NulInName,
    /// A path or link target that is not UTF-8.
    NonUtf8Name,
    /// A path or link target with control characters, or with those that reorder text.
    ControlOrBidiInName,
    /// A path that an entry before has.
    DuplicatePath,
    /// A path that differs from another one only in its case.
    CaseCollision,
    /// A link whose target lies outside of the archive.
    LinkEscapesRoot,
    /// A character or block device.
    DeviceNode,
    /// The bits set-user-ID or set-group-ID.
    Setuid,
    /// A header block with a wrong checksum.
    BadChecksum,
    /// A size in a PAX header that differs from the header block's.
    PaxSizeOverridesHeader,
    /// A path in a PAX header that is more than the long form of the header block's.
    PaxPathOverridesHeader,
    /// A PAX path and a GNU long name for the same entry.
    PaxAndGnuLongname,
    /// A PAX global header that sets a path, a link target or a size.
    GlobalPaxOverride,
    /// An extension header without an entry.
    OrphanExtension,
    /// A size that is negative, or larger than any archive may be.
    NegativeOrHugeSize,
    /// The archive stops early.
    Truncated,
    /// The archive ends without its end mark.
    MissingEof,
    /// Something other than zeros follows the end mark.
    DataAfterEof,
    /// A gzip stream of several members.
    MultiMemberGzip,
    /// Bytes behind the compressed stream that belong to none.
    TrailingGarbage,
    /// Entries with different first components.
    MultipleRoots,
    /// An archive in an archive, deeper than is looked into.
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
