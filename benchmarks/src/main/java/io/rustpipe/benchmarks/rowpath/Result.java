package io.rustpipe.benchmarks.rowpath;

import io.rustpipe.benchmarks.meter.Cost;
import io.rustpipe.benchmarks.meter.CpuParts;
import io.rustpipe.benchmarks.meter.Quantile;
import io.rustpipe.benchmarks.results.Sample;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One table into one sink: what the counted rounds gave.
 *
 * @param rustpipe what each round cost
 * @param pipe what each round cost
 */
record Result(
    String table, Sink sink, long rows, Volume volume, List<Cost> rustpipe, List<Cost> pipe) {

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
    var samples = Stream.<Sample>builder();
    samples.add(new Sample(benchmark, "rustpipe", "to RDD.pipe", ratio(0.5)));
    samples.add(new Sample(benchmark, "rustpipe", "to RDD.pipe, worst round", ratio(0)));
    samples.add(new Sample(benchmark, "rustpipe", "to RDD.pipe, best round", ratio(1)));
    samples.add(new Sample(benchmark, "rustpipe", "MB/s", frameBytesPerSecond() / 1e6));
    add(samples, benchmark, "rustpipe", rustpipe, volume.frame());
    add(samples, benchmark, "RDD.pipe", pipe, volume.object());
    return samples.build();
  }

  private void add(
      Stream.Builder<Sample> samples,
      String benchmark,
      String subject,
      List<Cost> costs,
      double bytesPerRow) {
    samples.add(new Sample(benchmark, subject, "rows/s", rowsPerSecond(costs)));
    samples.add(new Sample(benchmark, subject, "bytes per row", bytesPerRow));
    for (var part : CpuParts.Part.values()) {
      var nanosPerRow =
          Quantile.median(costs.stream().mapToDouble(c -> c.cpuSeconds(part))) / rows * 1e9;
      samples.add(new Sample(benchmark, subject, "CPU ns per row: " + part, nanosPerRow));
    }
  }

  private double rowsPerSecond(List<Cost> costs) {
    return rows / Quantile.median(costs.stream().mapToDouble(Cost::wallSeconds));
  }

  private double frameBytesPerSecond() {
    return rowsPerSecond(rustpipe) * volume.frame();
  }

  /** Of the ratios within each round: seconds change with the machine and the hour. */
  private double ratio(double quantile) {
    return Quantile.of(
        quantile,
        IntStream.range(0, pipe.size())
            .mapToDouble(i -> pipe.get(i).wallSeconds() / rustpipe.get(i).wallSeconds()));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
