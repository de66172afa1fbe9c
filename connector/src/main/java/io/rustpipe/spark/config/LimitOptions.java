package io.rustpipe.spark.config;

import static io.rustpipe.spark.config.Quantity.BYTES;
import static io.rustpipe.spark.config.Quantity.COUNT;
import static io.rustpipe.spark.config.Quantity.TIME;

import java.util.List;

/**
 * The options that bound what a download and an archive may cost. They are the worker's business:
 * what is given goes to it, and the defaults, which are its own, are repeated here for the
 * documentation only. A test compares all of this with what the worker says of itself.
 */
final class LimitOptions {
  private static final long SECOND = 1_000;
  private static final long HOUR = 3_600 * SECOND;
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  /** Every option, in the order of the documentation. */
  static final List<OptionSpec<String>> ALL =
      List.of(
          limit(
              "connectTimeout",
              TIME,
              2,
              HOUR,
              "10s",
              "Time for a connection: look-up, TCP and TLS. The look-up may take half of it."),
          limit(
              "firstByteTimeout",
              TIME,
              1,
              HOUR,
              "15s",
              "Time until the answer begins, beyond `connectTimeout`."),
          limit("idleTimeout", TIME, 1, HOUR, "30s", "Time between two pieces of a body."),
          limit(
              "totalTimeout",
              TIME,
              1,
              24 * HOUR,
              "5m",
              "Network time of one URL, redirects and retries together, without the waits between"
                  + " them."),
          limit(
              "minBytesPerSecond",
              BYTES,
              0,
              GIB,
              "1KiB",
              "The slowest body that is waited for, measured over 30s or over `idleTimeout` if that"
                  + " is longer; 0 for any."),
          limit("maxRedirects", COUNT, 0, 100, "5", "How many redirects are followed."),
          limit(
              "maxBodyBytes", BYTES, 1, TIB, "256MiB", "The largest body, counted as it arrives."),
          limit(
              "retries",
              COUNT,
              0,
              100,
              "3",
              "How often a download that failed for a passing reason is tried again."),
          limit(
              "retryBase",
              TIME,
              1,
              HOUR,
              "500ms",
              "The shortest wait before a retry. The longest is twice that before the first, and"
                  + " doubles with each."),
          limit(
              "retryCap",
              TIME,
              1,
              HOUR,
              "30s",
              "No wait before a retry is longer, unless the server asks for it by `Retry-After`."),
          limit(
              "retryAfterCap",
              TIME,
              0,
              24 * HOUR,
              "2m",
              "The longest `Retry-After` that is waited for; a longer one ends the input."),
          limit(
              "maxUncompressedBytes",
              BYTES,
              1,
              TIB,
              "1GiB",
              "The most bytes of one archive after decompression."),
          limit(
              "maxRatio",
              COUNT,
              1,
              1_000_000,
              "100",
              "The most decompressed bytes for each compressed one, beyond the first MiB."),
          limit(
              "maxEntries",
              COUNT,
              1,
              100_000_000,
              "100000",
              "The most entries of one archive, folders and links included."),
          limit(
              "maxEntryTextBytes",
              BYTES,
              KIB,
              TIB,
              "64MiB",
              "The most bytes of names, link targets and owners of all entries of one archive"
                  + " together."),
          limit(
              "maxNestedDepth",
              COUNT,
              0,
              16,
              "3",
              "How many archives inside each other are looked into, beside the input itself."),
          limit(
              "maxZstdWindow",
              BYTES,
              KIB,
              GIB,
              "8MiB",
              "The largest window of a zstd stream, which is memory of each input that has it."),
          limit(
              "maxXzMemory",
              BYTES,
              MIB,
              16 * GIB,
              "128MiB",
              "The most memory for the xz streams of one input."));

  private LimitOptions() {}

  private static OptionSpec<String> limit(
      String name,
      Quantity quantity,
      long least,
      long most,
      String defaultValue,
      String description) {
    return OptionSpec.withDefault(
        name, quantity.type(least, most), defaultValue, description, quantity.within(least, most));
  }
}
