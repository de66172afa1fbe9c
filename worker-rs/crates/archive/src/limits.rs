//! Every limit of the archive reader, with the reason beside the number. A limit that is hit is an
//! [`ArchiveError::Limit`](crate::ArchiveError::Limit), never a silent cut.
//!
//! What a walk can take at most, with the default limits: 128 MiB for xz, all levels together, and at each of four
//! levels (the input and three archives in each other) either a zstd window of 8 MiB or 4 MiB for bzip2; 1 MiB of
//! buffers and extension headers for each level. Where anomalies are wanted, hashes of paths add 64 bytes for each
//! entry. All of that is allocated only once the bytes ask for it: a tar archive in gzip takes 400 KiB.

/// Most bytes after decompression: 1 GiB. The largest honest packages unpack to a few hundred MiB.
pub const DEFAULT_UNCOMPRESSED_BYTES: u64 = 1 << 30;

/// Most uncompressed bytes for each compressed one. The highest ratio seen in honest npm packages is 26.5; deflate can
/// reach 1032.
pub const DEFAULT_RATIO: u64 = 100;

/// Uncompressed bytes before the ratio counts: 1 MiB. Tiny archives are mostly zero padding and compress better.
pub const DEFAULT_RATIO_GRACE: u64 = 1 << 20;

/// Most entries, folders and links included: 100,000.
pub const DEFAULT_ENTRIES: u64 = 100_000;

/// Most bytes of one PAX header: 256 KiB. Honest ones hold a path or two.
pub const DEFAULT_PAX_HEADER: u64 = 256 << 10;

/// Most bytes of one PAX global header: 1 MiB. Some carry a commit message or a changelog.
pub const DEFAULT_GLOBAL_HEADER: u64 = 1 << 20;

/// Most bytes of a path or name in a PAX global header: 4 KiB, Linux's longest path. It goes into every entry that
/// follows, so a long one would cost a copy of itself for each header block of 512 bytes.
pub const DEFAULT_GLOBAL_VALUE: u64 = 4 << 10;

/// Most bytes of one GNU long name or long link: 128 KiB. Linux takes paths of at most 4 KiB.
pub const DEFAULT_LONG_NAME: u64 = 128 << 10;

/// Most bytes of texts of all entries together: 64 MiB, 670 for each of the most
/// entries. A global header of a few KiB puts its names into every entry, and a row may take six bytes for each of
/// theirs: without this limit, a download of 200 KiB makes rows of gigabytes.
pub const DEFAULT_ENTRY_TEXT: u64 = 64 << 20;

/// Most compressed streams of all levels together (gzip members, zstd frames, xz and bzip2 streams): 100,000. Programs
/// that compress in parallel write one for each 64 KiB or more. A body can hold millions of empty ones, and each costs
/// its decompressor's setup. One of bzip2 counts as 50, because to find out what it holds means to decode a whole block.
pub const DEFAULT_STREAMS: u64 = 100_000;

/// Largest zstd window: 8 MiB, what RFC 8878 asks every decoder to support; levels up to 19 stay within it.
pub const DEFAULT_ZSTD_WINDOW: u64 = 8 << 20;

/// Most memory of all xz decompressors of a walk together: 128 MiB. `xz -9` takes 65 MiB to decompress.
pub const DEFAULT_XZ_MEMORY: u64 = 128 << 20;

/// Most archives around an entry, beside the input itself: 3. Each level costs a decompressor.
pub const DEFAULT_NESTED_DEPTH: u32 = 3;

/// Most first components of paths that are kept: 100. Honest archives have one.
pub const DEFAULT_ROOT_DIRS: usize = 100;

/// Uncompressed bytes between two looks at the ratio: 64 MiB, a few tens of milliseconds of inflating. The ratio is
/// judged at these steps and at the end, so the verdict depends neither on how the bytes were cut into chunks nor on
/// whether the body was inflated in one go, which happens below this size only.
pub(crate) const RATIO_STEP: u64 = 64 << 20;

/// Limits of one archive. The defaults are the `DEFAULT_*` constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes after decompression, padding and bytes behind the end mark included.
    pub uncompressed_bytes: u64,
    /// Most uncompressed bytes for each compressed one.
    pub ratio: u64,
    /// Uncompressed bytes before [`ratio`](Self::ratio) counts.
    pub ratio_grace: u64,
    /// Most entries.
    pub entries: u64,
    /// Most bytes of one PAX header.
    pub pax_header: u64,
    /// Most bytes of one PAX global header.
    pub global_header: u64,
    /// Most bytes of a path or name in a PAX global header.
    pub global_value: u64,
    /// Most bytes of one GNU long name or long link.
    pub long_name: u64,
    /// Most bytes of paths, link targets, owners' names and PAX records of all entries together, with the paths of the
    /// archives that they are in.
    pub entry_text: u64,
    /// Most compressed streams of all levels together; one of bzip2 counts as 50.
    pub streams: u64,
    /// Largest zstd window.
    pub zstd_window: u64,
    /// Most memory of all xz decompressors of a walk together.
    pub xz_memory: u64,
    /// Most archives around an entry, beside the input itself; with 0, nothing is looked into.
    pub nested_depth: u32,
    /// Most first components of paths that are kept.
    pub root_dirs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            uncompressed_bytes: DEFAULT_UNCOMPRESSED_BYTES,
            ratio: DEFAULT_RATIO,
            ratio_grace: DEFAULT_RATIO_GRACE,
            entries: DEFAULT_ENTRIES,
            pax_header: DEFAULT_PAX_HEADER,
            global_header: DEFAULT_GLOBAL_HEADER,
            global_value: DEFAULT_GLOBAL_VALUE,
            long_name: DEFAULT_LONG_NAME,
            entry_text: DEFAULT_ENTRY_TEXT,
            streams: DEFAULT_STREAMS,
            zstd_window: DEFAULT_ZSTD_WINDOW,
            xz_memory: DEFAULT_XZ_MEMORY,
            nested_depth: DEFAULT_NESTED_DEPTH,
            root_dirs: DEFAULT_ROOT_DIRS,
        }
    }
}

impl Limits {
    /// Whether `uncompressed` bytes are more than `compressed` ones may yield.
    pub(crate) fn ratio_exceeded(&self, compressed: u64, uncompressed: u64) -> bool {
        uncompressed > self.ratio_grace && uncompressed > compressed.saturating_mul(self.ratio)
    }
}
