package io.rustpipe.benchmarks.race;

import io.rustpipe.benchmarks.Environment;
import java.nio.file.Path;

/**
 * What {@code benchmarks/race} hands over in environment variables.
 *
 * @param name RACE_NAME, what the results are called
 * @param urls RACE_URLS, a file with one URL a line
 * @param yardstick RACE_YARDSTICK, the yardstick's binary
 * @param warmup RACE_WARMUP, how many rounds come before those that count
 * @param rounds RACE_ROUNDS, how many rounds count
 * @param concurrency RACE_CONCURRENCY, downloads at once of each task of a Spark job
 */
record Settings(String name, Path urls, Path yardstick, int warmup, int rounds, int concurrency) {

  static Settings fromEnvironment() {
    return new Settings(
        Environment.text("RACE_NAME"),
        Path.of(Environment.text("RACE_URLS")),
        Path.of(Environment.text("RACE_YARDSTICK")),
        Environment.number("RACE_WARMUP"),
        Environment.number("RACE_ROUNDS"),
        Environment.number("RACE_CONCURRENCY"));
  }
}
