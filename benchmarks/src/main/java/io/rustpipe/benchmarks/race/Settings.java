package io.rustpipe.benchmarks.race;

import java.nio.file.Path;

/**
 * What {@code benchmarks/race} hands over in environment variables.
 *
 * @param urls RACE_URLS, a file with one URL a line
 * @param yardstick RACE_YARDSTICK, the yardstick's binary
 * @param rounds RACE_ROUNDS, how many rounds count
 * @param concurrency RACE_CONCURRENCY, downloads at once of each task of a Spark job
 */
record Settings(Path urls, Path yardstick, int rounds, int concurrency) {
  /** Tasks of a Spark job: one per core of the machine that the figures come from. */
  static final int TASKS = 2;

  static Settings fromEnvironment() {
    return new Settings(
        Path.of(variable("RACE_URLS")),
        Path.of(variable("RACE_YARDSTICK")),
        Integer.parseInt(variable("RACE_ROUNDS")),
        Integer.parseInt(variable("RACE_CONCURRENCY")));
  }

  private static String variable(String name) {
    var value = System.getenv(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "the variable %s is not set; start the race with benchmarks/race".formatted(name));
    }
    return value;
  }
}
