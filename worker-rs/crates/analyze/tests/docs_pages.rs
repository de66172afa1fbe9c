//! The parts of `docs/` that this side knows best are what the code says. `RUSTPIPE_UPDATE_DOCS=1` rewrites them.

use std::fmt::Write as _;

use rustpipe_archive::Limits;
use rustpipe_fetch::Config;
use rustpipe_protocol::ErrorCode;
use rustpipe_testkit::page::check_part;

#[test]
fn every_error_code_is_in_tables_md() {
    let mut table = String::from("| code | meaning | retryable |\n|---|---|---|\n");
    for code in ErrorCode::ALL {
        let retryable = if code.retryable() { "yes" } else { "no" };
        writeln!(
            table,
            "| `{}` | {} | {retryable} |",
            code.as_str(),
            code.meaning()
        )
        .unwrap();
    }
    check_part("docs/tables.md", "error codes", &table);
}

#[test]
fn every_limit_is_in_safety_md() {
    let fetch = Config::default();
    let archive = Limits::default();
    let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
    let kib = |bytes: u64| format!("{} KiB", bytes >> 10);
    let rows = [
        (
            "connect, with look-up and TLS",
            format!("{:?}", fetch.connect_timeout),
        ),
        (
            "until the answer begins, beyond the connection's limit",
            format!("{:?}", fetch.first_byte_timeout),
        ),
        (
            "an unused connection is kept for",
            format!("{:?}", fetch.pool_idle_timeout),
        ),
        (
            "between two pieces of a body",
            format!("{:?}", fetch.idle_timeout),
        ),
        (
            "network time of one URL, redirects and retries together",
            format!("{:?}", fetch.total_timeout),
        ),
        (
            "slowest body",
            format!(
                "{} bytes/s over {:?}",
                fetch.floor_bytes_per_second, fetch.floor_window
            ),
        ),
        ("redirects", fetch.redirects.to_string()),
        ("body, counted as it arrives", mib(fetch.body_limit)),
        ("retries", fetch.retries.to_string()),
        (
            "wait before a retry, at random",
            format!("{:?} to {:?}", fetch.retry_base, fetch.retry_cap),
        ),
        (
            "longest `Retry-After` that is waited for",
            format!("{:?}", fetch.retry_after_cap),
        ),
        ("a name look-up", format!("{:?}", fetch.lookup_timeout)),
        (
            "name look-ups at once",
            fetch.concurrent_lookups.to_string(),
        ),
        ("decompressed", mib(archive.uncompressed_bytes)),
        (
            "decompressed for each compressed byte",
            format!(
                "{} beyond the first {}",
                archive.ratio,
                mib(archive.ratio_grace)
            ),
        ),
        (
            "entries, folders and links included",
            archive.entries.to_string(),
        ),
        ("one PAX header", kib(archive.pax_header)),
        ("one PAX global header", kib(archive.global_header)),
        ("one GNU long name", kib(archive.long_name)),
        (
            "one value of a PAX global header",
            kib(archive.global_value),
        ),
        (
            "names, link targets and owners of all entries together",
            mib(archive.entry_text),
        ),
        (
            "archives inside each other, beside the input itself",
            archive.nested_depth.to_string(),
        ),
        ("window of a zstd stream", mib(archive.zstd_window)),
        (
            "memory for the xz streams of one input",
            mib(archive.xz_memory),
        ),
    ];
    let mut table = String::from("| limit | value | option |\n|---|---|---|\n");
    for (limit, value) in rows {
        writeln!(table, "| {limit} | {value} | {} |", option_of(limit)).unwrap();
    }
    check_part("docs/safety.md", "limits", &table);
}

/// What changes a limit; nothing, where it is fixed. The worker's tests know whether all options are named.
fn option_of(limit: &str) -> &'static str {
    match limit {
        "connect, with look-up and TLS" => "`connectTimeout`",
        "until the answer begins, beyond the connection's limit" => "`firstByteTimeout`",
        "between two pieces of a body" => "`idleTimeout`",
        "network time of one URL, redirects and retries together" => "`totalTimeout`",
        "slowest body" => "`minBytesPerSecond`",
        "redirects" => "`maxRedirects`",
        "body, counted as it arrives" => "`maxBodyBytes`",
        "retries" => "`retries`",
        "wait before a retry, at random" => "`retryBase`, `retryCap`",
        "longest `Retry-After` that is waited for" => "`retryAfterCap`",
        "a name look-up" => "half of `connectTimeout`",
        "decompressed" => "`maxUncompressedBytes`",
        "decompressed for each compressed byte" => "`maxRatio`",
        "entries, folders and links included" => "`maxEntries`",
        "names, link targets and owners of all entries together" => "`maxEntryTextBytes`",
        "archives inside each other, beside the input itself" => "`maxNestedDepth`",
        "window of a zstd stream" => "`maxZstdWindow`",
        "memory for the xz streams of one input" => "`maxXzMemory`",
        _ => "",
    }
}
