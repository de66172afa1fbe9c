//! The kinds of extension headers: entries of their own in the stream that say more of the next entry, or of all that
//! follow.

use crate::Limits;

/// An extension header, by what it holds.
#[derive(Clone, Copy)]
pub(crate) enum Extension {
    /// PAX records for the next entry.
    Pax,
    /// PAX records for all entries that follow.
    Global,
    /// GNU's long name for the next entry.
    LongName,
    /// GNU's long link target for the next entry.
    LongLink,
}

impl Extension {
    pub(crate) fn of(typeflag: u8) -> Option<Self> {
        Some(match typeflag {
            // X is what Solaris wrote before POSIX had x.
            b'x' | b'X' => Self::Pax,
            b'g' => Self::Global,
            b'L' => Self::LongName,
            b'K' => Self::LongLink,
            _ => return None,
        })
    }

    /// Name and value of the limit on its size.
    pub(crate) fn limit(self, limits: &Limits) -> (&'static str, u64) {
        match self {
            Self::Pax => ("pax_header", limits.pax_header),
            Self::Global => ("global_header", limits.global_header),
            Self::LongName | Self::LongLink => ("long_name", limits.long_name),
        }
    }
}
