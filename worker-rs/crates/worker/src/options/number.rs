//! The options that are one number: each with its unit, its bounds and the setting that it stands for.

use std::time::Duration;

use super::quantity::Quantity::{self, Bytes, Count, Time};
use super::{OptionError, Settings};

/// An hour: nobody waits longer for one step of a download.
const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

/// A numeric option. Its default is the setting's, so there is no second place for one.
pub(crate) struct NumberOption {
    pub(super) name: &'static str,
    quantity: Quantity,
    least: u64,
    most: u64,
    pub(super) description: &'static str,
    get: fn(&Settings) -> u64,
    set: fn(&mut Settings, u64),
}

impl NumberOption {
    /// What may be written.
    pub(super) fn r#type(&self) -> String {
        let Self {
            quantity,
            least,
            most,
            ..
        } = self;
        format!(
            "{}, {} to {}",
            quantity.name(),
            quantity.show(*least),
            quantity.show(*most)
        )
    }

    pub(super) fn default(&self) -> String {
        self.shown(&Settings::default())
    }

    pub(super) fn shown(&self, settings: &Settings) -> String {
        self.quantity.show((self.get)(settings))
    }

    #[cfg(test)]
    pub(super) fn most(&self) -> String {
        self.quantity.show(self.most)
    }

    pub(super) fn read(&self, text: &str, settings: &mut Settings) -> Result<(), OptionError> {
        let value = self
            .quantity
            .parse(text)
            .filter(|value| (self.least..=self.most).contains(value))
            .ok_or_else(|| OptionError::Number {
                name: self.name,
                value: text.to_owned(),
                expected: self.quantity.expected(self.least, self.most),
            })?;
        (self.set)(settings, value);
        Ok(())
    }
}

/// Every numeric option, in the order of the documentation.
pub(super) const NUMBERS: &[NumberOption] = &[
    NumberOption {
        name: "concurrency",
        quantity: Count,
        least: 1,
        // Beyond this, sockets run out before anything gets faster.
        most: 1024,
        description: "How many inputs a worker works on at once",
        get: |settings| settings.fetch.concurrency as u64,
        set: |settings, value| settings.fetch.concurrency = index(value),
    },
    NumberOption {
        name: "connectTimeout",
        quantity: Time,
        least: 2,
        most: HOUR,
        description: "Time for a connection: look-up, TCP and TLS. The look-up may take half of it",
        get: |settings| millis(settings.fetch.connect_timeout),
        set: |settings, value| {
            settings.fetch.connect_timeout = Duration::from_millis(value);
            settings.fetch.lookup_timeout = settings.fetch.connect_timeout / 2;
        },
    },
    NumberOption {
        name: "firstByteTimeout",
        quantity: Time,
        least: 1,
        most: HOUR,
        description: "Time until the answer begins, beyond `connectTimeout`",
        get: |settings| millis(settings.fetch.first_byte_timeout),
        set: |settings, value| settings.fetch.first_byte_timeout = Duration::from_millis(value),
    },
    NumberOption {
        name: "idleTimeout",
        quantity: Time,
        least: 1,
        most: HOUR,
        description: "Time between two pieces of a body",
        get: |settings| millis(settings.fetch.idle_timeout),
        set: |settings, value| {
            settings.fetch.idle_timeout = Duration::from_millis(value);
            // A pause that is allowed must not be too slow.
            settings.fetch.floor_window =
                settings.fetch.floor_window.max(settings.fetch.idle_timeout);
        },
    },
    NumberOption {
        name: "totalTimeout",
        quantity: Time,
        least: 1,
        most: DAY,
        description: "Network time of one URL, redirects and retries together, without the waits between them",
        get: |settings| millis(settings.fetch.total_timeout),
        set: |settings, value| settings.fetch.total_timeout = Duration::from_millis(value),
    },
    NumberOption {
        name: "minBytesPerSecond",
        quantity: Bytes,
        least: 0,
        most: GIB,
        description: "The slowest body that is waited for, measured over 30s or over `idleTimeout` if that is longer; 0 for any",
        get: |settings| settings.fetch.floor_bytes_per_second,
        set: |settings, value| settings.fetch.floor_bytes_per_second = value,
    },
    NumberOption {
        name: "maxRedirects",
        quantity: Count,
        least: 0,
        most: 100,
        description: "How many redirects are followed",
        get: |settings| settings.fetch.redirects.into(),
        set: |settings, value| settings.fetch.redirects = small(value),
    },
    NumberOption {
        name: "maxBodyBytes",
        quantity: Bytes,
        least: 1,
        most: TIB,
        description: "The largest body, counted as it arrives",
        get: |settings| settings.fetch.body_limit,
        set: |settings, value| settings.fetch.body_limit = value,
    },
    NumberOption {
        name: "retries",
        quantity: Count,
        least: 0,
        most: 100,
        description: "How often a download that failed for a passing reason is tried again",
        get: |settings| settings.fetch.retries.into(),
        set: |settings, value| settings.fetch.retries = small(value),
    },
    NumberOption {
        name: "retryBase",
        quantity: Time,
        least: 1,
        most: HOUR,
        description: "The shortest wait before a retry. The longest is twice that before the first, and doubles with each",
        get: |settings| millis(settings.fetch.retry_base),
        set: |settings, value| settings.fetch.retry_base = Duration::from_millis(value),
    },
    NumberOption {
        name: "retryCap",
        quantity: Time,
        least: 1,
        most: HOUR,
        description: "No wait before a retry is longer, unless the server asks for it by `Retry-After`",
        get: |settings| millis(settings.fetch.retry_cap),
        set: |settings, value| settings.fetch.retry_cap = Duration::from_millis(value),
    },
    NumberOption {
        name: "retryAfterCap",
        quantity: Time,
        least: 0,
        most: DAY,
        description: "The longest `Retry-After` that is waited for; a longer one ends the input",
        get: |settings| millis(settings.fetch.retry_after_cap),
        set: |settings, value| settings.fetch.retry_after_cap = Duration::from_millis(value),
    },
    NumberOption {
        name: "maxUncompressedBytes",
        quantity: Bytes,
        least: 1,
        most: TIB,
        description: "The most bytes of one archive after decompression",
        get: |settings| settings.archive.uncompressed_bytes,
        set: |settings, value| settings.archive.uncompressed_bytes = value,
    },
    NumberOption {
        name: "maxRatio",
        quantity: Count,
        least: 1,
        most: 1_000_000,
        description: "The most decompressed bytes for each compressed one, beyond the first MiB",
        get: |settings| settings.archive.ratio,
        set: |settings, value| settings.archive.ratio = value,
    },
    NumberOption {
        name: "maxEntries",
        quantity: Count,
        least: 1,
        most: 100_000_000,
        description: "The most entries of one archive, folders and links included",
        get: |settings| settings.archive.entries,
        set: |settings, value| settings.archive.entries = value,
    },
    NumberOption {
        name: "maxEntryTextBytes",
        quantity: Bytes,
        least: KIB,
        most: TIB,
        description: "The most bytes of names, link targets and owners of all entries of one archive together",
        get: |settings| settings.archive.entry_text,
        set: |settings, value| settings.archive.entry_text = value,
    },
    NumberOption {
        name: "maxNestedDepth",
        quantity: Count,
        least: 0,
        // Each level costs a decompressor and some stack.
        most: 16,
        description: "How many archives inside each other are looked into, beside the input itself",
        get: |settings| settings.archive.nested_depth.into(),
        set: |settings, value| settings.archive.nested_depth = small(value),
    },
    NumberOption {
        name: "maxZstdWindow",
        quantity: Bytes,
        least: KIB,
        // The largest that the decoder is set up for.
        most: GIB,
        description: "The largest window of a zstd stream, which is memory of each input that has it",
        get: |settings| settings.archive.zstd_window,
        set: |settings, value| settings.archive.zstd_window = value,
    },
    NumberOption {
        name: "maxXzMemory",
        quantity: Bytes,
        least: MIB,
        most: 16 * GIB,
        description: "The most memory for the xz streams of one input",
        get: |settings| settings.archive.xz_memory,
        set: |settings, value| settings.archive.xz_memory = value,
    },
];

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The bounds of the options keep these within their types.
fn small(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn index(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
