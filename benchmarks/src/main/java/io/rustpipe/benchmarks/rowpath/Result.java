package io.rustpipe.benchmarks.rowpath;

import io.rustpipe.benchmarks.results.Sample;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One table into one sink: what the counted rounds gave.
 *
 * @param rustpipe seconds of each round
 * @param pipe seconds of each round
 */
record Result(
    String table, Sink sink, long rows, Volume volume, List<Double> rustpipe, List<Double> pipe) {

  static final String HEADING =
      "%-10s %-10s %14s %14s %7s %14s %14s"
          .formatted("table", "sink", "rustpipe", "RDD.pipe", "ratio", "ratio, from-to", "frames");

  /** A line of the table for people. */
  String line() {
    return format(
        "%-10s %-10s %8.3f Mrow/s %7.3f Mrow/s %6.2f %8.2f - %.2f %9.0f MB/s",
        table,
        sink.label(),
        rowsPerSecond(rustpipe) / 1e6,
        rowsPerSecond(pipe) / 1e6,
        ratio(0.5),
        ratio(0),
        ratio(1),
        frameBytesPerSecond() / 1e6);
  }

  /** The same for a file. */
  Stream<Sample> samples() {
    var benchmark = "rows %s, %s".formatted(table, sink.label());
    return Stream.of(
        new Sample(benchmark, "rustpipe", "rows/s", rowsPerSecond(rustpipe)),
        new Sample(benchmark, "RDD.pipe", "rows/s", rowsPerSecond(pipe)),
        new Sample(benchmark, "rustpipe", "to RDD.pipe", ratio(0.5)),
        new Sample(benchmark, "rustpipe", "to RDD.pipe, worst round", ratio(0)),
        new Sample(benchmark, "rustpipe", "to RDD.pipe, best round", ratio(1)),
        new Sample(benchmark, "rustpipe", "bytes per row", volume.frame()),
        new Sample(benchmark, "RDD.pipe", "bytes per row", volume.object()),
        new Sample(benchmark, "rustpipe", "frame MB/s", frameBytesPerSecond() / 1e6));
  }

  private double rowsPerSecond(List<Double> seconds) {
    return rows / quantile(seconds, 0.5);
  }

  private double frameBytesPerSecond() {
    return rowsPerSecond(rustpipe) * volume.frame();
  }

  /** Of the ratios within each round: seconds change with the machine and the hour. */
  private double ratio(double quantile) {
    return quantile(
        IntStream.range(0, pipe.size()).mapToObj(i -> pipe.get(i) / rustpipe.get(i)).toList(),
        quantile);
  }

  private static double quantile(List<Double> values, double quantile) {
    var sorted = values.stream().sorted().toList();
    var place = quantile * (sorted.size() - 1);
    var below = sorted.get((int) Math.floor(place));
    var above = sorted.get((int) Math.ceil(place));
    return (below + above) / 2;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
