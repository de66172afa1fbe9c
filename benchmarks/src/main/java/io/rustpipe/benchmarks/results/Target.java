package io.rustpipe.benchmarks.results;

import java.util.List;
import java.util.Locale;

/**
 * A figure that the project wants to reach.
 *
 * @param what in words
 * @param atMost whether the figure may not be larger than the limit, or not smaller
 */
record Target(
    String what, String benchmark, String subject, String quantity, boolean atMost, double limit) {

  /** All of them, in the order of the report. */
  static final List<Target> ALL =
      List.of(
          atMost("CPU of everything, 2,000 small tarballs", "small", "CPU to yardstick", 1.2),
          atMost("wall time, 2,000 small tarballs", "small", "wall to yardstick", 1.2),
          atMost("CPU of everything, 60 large tarballs", "large", "CPU to yardstick", 1.2),
          atMost("wall time, 60 large tarballs", "large", "wall to yardstick", 1.2),
          atMost(
              "memory of a worker, large tarballs, 64 at once, MiB",
              "large",
              "peak MiB of one child",
              200),
          atLeast("rows into the noop sink", "rows plain, noop", "to RDD.pipe", 5),
          atLeast("rows into a full aggregate", "rows plain, aggregate", "to RDD.pipe", 3),
          new Target(
              "first row of a one-URL query, ms",
              "first row",
              "later queries, slowest",
              "ms",
              true,
              300),
          new Target(
              "the same for the first query of a JVM, which unpacks the worker",
              "first row",
              "first query",
              "ms",
              true,
              300),
          new Target(
              "live heap with 30 times the URLs", "live heap", "growth", "ratio", true, 1.1));

  private static Target atMost(String what, String benchmark, String quantity, double limit) {
    return new Target(what, benchmark, "rustpipe", quantity, true, limit);
  }

  private static Target atLeast(String what, String benchmark, String quantity, double limit) {
    return new Target(what, benchmark, "rustpipe", quantity, false, limit);
  }

  boolean isMetBy(double value) {
    return atMost ? value <= limit : value >= limit;
  }

  String limitText() {
    return String.format(Locale.ROOT, "%s %s", atMost ? "≤" : "≥", Figures.text(limit));
  }
}
