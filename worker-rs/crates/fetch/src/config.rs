//! Settings of the client, and the one place of their defaults.

use std::time::Duration;

use ipnet::IpNet;

/// Look-up, TCP and TLS together. A host that needs longer seldom answers at all.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// One look-up, the wait for its turn included. Half of what a connection may take, so that a resolver that fails under
/// load shows as that and not as a dead host.
pub const DEFAULT_LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);
/// What a response head may take beyond the connection's own limit. Long enough for a cache that has to ask its origin.
pub const DEFAULT_FIRST_BYTE_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a connection is kept that no fetch uses. Short, because each one holds an open file, and a manifest may name
/// more hosts than a process may have files; long enough for the next fetch from the same host, which comes at once.
pub const DEFAULT_POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(5);
/// Between two pieces of a body.
pub const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Network time of one URL, all attempts and redirects together: what a hostile server can hold a place for.
pub const DEFAULT_TOTAL_TIMEOUT: Duration = Duration::from_mins(5);
/// The slowest body that is waited for, in bytes per second: a byte every 29 s would pass any idle limit.
pub const DEFAULT_FLOOR_BYTES_PER_SECOND: u64 = 1 << 10;
/// The time over which the floor is measured.
pub const DEFAULT_FLOOR_WINDOW: Duration = Duration::from_secs(30);
/// Hops after the first request. Download sites use one or two.
pub const DEFAULT_REDIRECTS: u32 = 5;
/// Bytes of one body, counted as they arrive: 256 MiB.
pub const DEFAULT_BODY_LIMIT: u64 = 256 << 20;
/// Attempts after the first.
pub const DEFAULT_RETRIES: u32 = 3;
/// The shortest wait before a retry, and the unit that doubles.
pub const DEFAULT_RETRY_BASE: Duration = Duration::from_millis(500);
/// The longest wait before a retry that no server asked for.
pub const DEFAULT_RETRY_CAP: Duration = Duration::from_secs(30);
/// The longest `Retry-After` that is waited for; a longer one ends the fetch with an error that names it.
pub const DEFAULT_RETRY_AFTER_CAP: Duration = Duration::from_mins(2);
/// Fetches at once: how many idle connections per host are worth keeping.
pub const DEFAULT_CONCURRENCY: usize = 64;
/// Look-ups at once: few, so that a starting batch doesn't flood the resolver, and its rest finds the cache filled.
pub const DEFAULT_CONCURRENT_LOOKUPS: usize = 16;

/// Settings of a [`Client`](crate::Client). `Config::default()` takes every value from the `DEFAULT_*` constants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Ranges that are opened although they aren't globally routable. Empty by default.
    pub allowed_networks: Vec<IpNet>,
    /// Fetches that will run at once.
    pub concurrency: usize,
    /// Name look-ups at once.
    pub concurrent_lookups: usize,
    /// Look-up, TCP and TLS together.
    pub connect_timeout: Duration,
    /// One look-up, the wait for its turn included.
    pub lookup_timeout: Duration,
    /// What a response head may take beyond `connect_timeout`. A request has the sum of both until its head is there,
    /// on a connection that was kept as well: the HTTP client doesn't say when it has one.
    pub first_byte_timeout: Duration,
    /// How long a connection is kept that no fetch uses.
    pub pool_idle_timeout: Duration,
    /// Between two pieces of a body.
    pub idle_timeout: Duration,
    /// Network time of one URL, all attempts and redirects together, without waits and the consumer's time.
    pub total_timeout: Duration,
    /// The slowest body that is waited for, in bytes per second; 0 for no floor.
    pub floor_bytes_per_second: u64,
    /// The time over which the floor is measured.
    pub floor_window: Duration,
    /// Hops after the first request.
    pub redirects: u32,
    /// Bytes of one body.
    pub body_limit: u64,
    /// Attempts after the first.
    pub retries: u32,
    /// The shortest wait before a retry, and the unit that doubles.
    pub retry_base: Duration,
    /// The longest wait before a retry that no server asked for.
    pub retry_cap: Duration,
    /// The longest `Retry-After` that is waited for.
    pub retry_after_cap: Duration,
    /// The `User-Agent` header.
    pub user_agent: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            allowed_networks: Vec::new(),
            concurrency: DEFAULT_CONCURRENCY,
            concurrent_lookups: DEFAULT_CONCURRENT_LOOKUPS,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            lookup_timeout: DEFAULT_LOOKUP_TIMEOUT,
            first_byte_timeout: DEFAULT_FIRST_BYTE_TIMEOUT,
            pool_idle_timeout: DEFAULT_POOL_IDLE_TIMEOUT,
            idle_timeout: DEFAULT_IDLE_TIMEOUT,
            total_timeout: DEFAULT_TOTAL_TIMEOUT,
            floor_bytes_per_second: DEFAULT_FLOOR_BYTES_PER_SECOND,
            floor_window: DEFAULT_FLOOR_WINDOW,
            redirects: DEFAULT_REDIRECTS,
            body_limit: DEFAULT_BODY_LIMIT,
            retries: DEFAULT_RETRIES,
            retry_base: DEFAULT_RETRY_BASE,
            retry_cap: DEFAULT_RETRY_CAP,
            retry_after_cap: DEFAULT_RETRY_AFTER_CAP,
            user_agent: concat!("rustpipe/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}
