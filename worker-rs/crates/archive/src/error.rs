//! The errors of the archive reader, with every fact in fields. They don't name the input: the caller knows it.

use crate::{Anomaly, Compression};

/// Why an archive can't be read, or not further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// The body, or what the compressed stream holds, does not begin as a tar archive does.
    #[error("{}", not_an_archive(*.compression, .start))]
    NotAnArchive {
        /// What the bytes were decompressed from, if they were.
        compression: Option<Compression>,
        /// The first bytes, at most 16; all of them, if there are fewer.
        start: Vec<u8>,
    },
    /// The gzip stream is broken.
    #[error(
        "broken gzip in member {member}, after {uncompressed_bytes} uncompressed bytes: {fault}"
    )]
    BadGzip {
        /// The broken member, from 1.
        member: u64,
        /// Bytes that all members had given until then.
        uncompressed_bytes: u64,
        /// What is wrong.
        fault: GzipFault,
    },
    /// The Zstandard stream is broken.
    #[error("broken zstd in frame {frame}, after {uncompressed_bytes} uncompressed bytes: {fault}")]
    BadZstd {
        /// The broken frame, from 1, skippable frames included.
        frame: u64,
        /// Bytes that all frames had given until then.
        uncompressed_bytes: u64,
        /// What is wrong.
        fault: StreamFault,
    },
    /// The xz stream is broken.
    #[error("broken xz in stream {stream}, after {uncompressed_bytes} uncompressed bytes: {fault}")]
    BadXz {
        /// The broken stream, from 1.
        stream: u64,
        /// Bytes that all streams had given until then.
        uncompressed_bytes: u64,
        /// What is wrong.
        fault: StreamFault,
    },
    /// The bzip2 stream is broken.
    #[error(
        "broken bzip2 in stream {stream}, after {uncompressed_bytes} uncompressed bytes: {fault}"
    )]
    BadBzip2 {
        /// The broken stream, from 1.
        stream: u64,
        /// Bytes that all streams had given until then.
        uncompressed_bytes: u64,
        /// What is wrong.
        fault: StreamFault,
    },
    /// The tar stream is broken.
    #[error("broken tar at entry {entry_index}, byte {offset} of the tar stream: {fault}")]
    BadTar {
        /// Index of the entry that can't be read, from 0.
        entry_index: u64,
        /// Where the broken block begins, or where the stream ends, in uncompressed bytes.
        offset: u64,
        /// What is wrong.
        fault: TarFault,
    },
    /// A limit is hit.
    #[error("the archive is over the limit {limit}: {allowed} allowed, {seen} seen")]
    Limit {
        /// Name of the field in [`Limits`](crate::Limits).
        limit: &'static str,
        /// The limit's value.
        allowed: u64,
        /// What the archive has or declares, as far as it was read.
        seen: u64,
    },
}

impl ArchiveError {
    /// The tar reader's error as that of a tar stream in this compression.
    pub(crate) fn inside(self, compression: Option<Compression>) -> Self {
        match self {
            Self::NotAnArchive { start, .. } => Self::NotAnArchive { compression, start },
            other => other,
        }
    }

    /// Whether a limit on the whole input is hit, nested archives included.
    pub(crate) fn is_total(&self) -> bool {
        matches!(
            self,
            Self::Limit {
                limit: "uncompressed_bytes" | "ratio" | "streams" | "entries" | "entry_text",
                ..
            }
        )
    }

    /// Whether a limit on a decompressor's memory is hit, so that nobody knows what the stream holds.
    pub(crate) fn is_memory(&self) -> bool {
        matches!(
            self,
            Self::Limit {
                limit: "zstd_window" | "xz_memory",
                ..
            }
        )
    }

    /// The oddity that goes with the error.
    pub(crate) fn anomaly(&self) -> Option<Anomaly> {
        Some(match self {
            Self::BadTar { fault, .. } => match fault {
                TarFault::Checksum { .. } => Anomaly::BadChecksum,
                TarFault::Number { .. } => Anomaly::NegativeOrHugeSize,
                TarFault::Truncated { .. } => Anomaly::Truncated,
                TarFault::OrphanExtension => Anomaly::OrphanExtension,
                TarFault::PaxRecord { .. } | TarFault::LoneZeroBlock => return None,
            },
            Self::BadGzip {
                fault: GzipFault::Truncated(_),
                ..
            }
            | Self::BadZstd {
                fault: StreamFault::Truncated,
                ..
            }
            | Self::BadXz {
                fault: StreamFault::Truncated,
                ..
            }
            | Self::BadBzip2 {
                fault: StreamFault::Truncated,
                ..
            } => Anomaly::Truncated,
            _ => return None,
        })
    }
}

/// What is wrong with a gzip stream (RFC 1952).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GzipFault {
    /// The stream stops early.
    #[error(
        "the body ends before the end of the gzip {0}; it may be cut off, or still be written at its source"
    )]
    Truncated(GzipPart),
    /// The compression method is not deflate.
    #[error("compression method {0} instead of 8, deflate")]
    Method(u8),
    /// Reserved header flags are set: a form of gzip that nobody has defined.
    #[error("reserved header flags are set, the flags are {0:#04x}")]
    ReservedFlags(u8),
    /// The header's own checksum (FHCRC) is wrong.
    #[error("header checksum {stored:#06x}, but the header gives {computed:#06x}")]
    HeaderChecksum {
        /// From the header.
        stored: u16,
        /// From its bytes.
        computed: u16,
    },
    /// The compressed data is not deflate (RFC 1951).
    #[error("invalid compressed data")]
    Deflate,
    /// The content has another CRC-32 than the trailer says.
    #[error("CRC-32 {stored:#010x} in the trailer, but the content gives {computed:#010x}")]
    Checksum {
        /// From the trailer.
        stored: u32,
        /// From the content.
        computed: u32,
    },
    /// The content has another length, modulo 2^32, than the trailer says.
    #[error(
        "length {stored} in the trailer, but the content has {computed} bytes (both modulo 2^32)"
    )]
    Length {
        /// From the trailer.
        stored: u32,
        /// From the content.
        computed: u32,
    },
}

/// What is wrong with a compressed stream other than gzip.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StreamFault {
    /// The stream stops early.
    #[error(
        "the body ends before the end of the stream; it may be cut off, or still be written at its source"
    )]
    Truncated,
    /// The decompressor refuses it, in its words.
    #[error("{0}")]
    Invalid(&'static str),
}

/// A part of a gzip member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GzipPart {
    /// The header with its optional fields.
    Header,
    /// The compressed data.
    Data,
    /// Checksum and length.
    Trailer,
}

impl std::fmt::Display for GzipPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Data => "data",
            Self::Trailer => "trailer",
        })
    }
}

/// What is wrong with a tar stream (POSIX.1-2017 pax, and the manual of GNU tar).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TarFault {
    /// The header block's checksum is wrong: most often a cut, or a content of another length than its header says.
    #[error(
        "this is no header, or a damaged one: checksum field '{stored}', but the block gives {computed:o}"
    )]
    Checksum {
        /// The checksum field, non-printing bytes escaped.
        stored: String,
        /// Unsigned sum of the block's bytes.
        computed: u32,
    },
    /// A size can't be read, or is out of range.
    #[error("the field '{field}' holds '{value}', which is no number or out of range")]
    Number {
        /// Name of the header's field or of the PAX keyword.
        field: &'static str,
        /// What it holds, non-printing bytes escaped.
        value: String,
    },
    /// A PAX record is not `length keyword=value`.
    #[error("broken record in the extended header: '{start}'")]
    PaxRecord {
        /// The record's first bytes, non-printing bytes escaped.
        start: String,
    },
    /// The stream stops inside something.
    #[error("the archive ends inside {part}, {missing} bytes early; it may be cut off")]
    Truncated {
        /// What it stops in.
        part: TarPart,
        /// Bytes missing to the end of that part.
        missing: u64,
    },
    /// The archive ends with extension headers that no entry follows.
    #[error("an extension header without the entry that it belongs to")]
    OrphanExtension,
    /// A zero block that is followed by something else: half an end mark. Programs disagree on whether the archive
    /// ends there.
    #[error("a single block of zeros, followed by more: two would end the archive")]
    LoneZeroBlock,
}

/// A part of a tar stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TarPart {
    /// A header block.
    Header,
    /// The content of an extension header.
    Extension,
    /// The map of an old GNU sparse file.
    SparseMap,
    /// An entry's content.
    Content,
    /// The zeros that fill up a content's last block.
    Padding,
}

impl std::fmt::Display for TarPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Header => "a header",
            Self::Extension => "an extension header",
            Self::SparseMap => "a sparse map",
            Self::Content => "the content of an entry",
            Self::Padding => "the padding of an entry",
        })
    }
}

fn not_an_archive(compression: Option<Compression>, start: &[u8]) -> String {
    let what = match compression {
        Some(compression) => &format!("not a tar archive but {compression} around something else"),
        None => "not a tar archive, plain or in gzip, zstd, xz or bzip2",
    };
    if start.is_empty() {
        format!("{what}: it is empty")
    } else {
        format!("{what}: it begins with '{}'", start.escape_ascii())
    }
}
