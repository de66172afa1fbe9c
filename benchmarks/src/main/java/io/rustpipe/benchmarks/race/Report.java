package io.rustpipe.benchmarks.race;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The race's outcome as text. */
final class Report {
  private static final String MEASURE = "yardstick";
  private static final String RIVAL = "RDD.pipe";

  private Report() {}

  /** One line for a round; rounds up to 0 are warm-up. */
  static String round(int round, Map<String, Cost> costs) {
    var walls =
        costs.entrySet().stream()
            .map(e -> format("%s %.2f s", e.getKey(), e.getValue().wallSeconds()))
            .collect(joining(", "));
    return format("%s: %s", round > 0 ? "round " + round : "warm-up", walls);
  }

  /** Medians over the counted rounds. A ratio is the median of the ratios within each round. */
  static String table(Settings settings, Totals totals, Map<String, List<Cost>> costs) {
    var table = new StringBuilder();
    table.append(
        format(
            "%n%d entries; medians of %d rounds; downloads at once: yardstick %d, others %d x %d%n",
            totals.entries(),
            settings.rounds(),
            Yardstick.CONCURRENCY,
            Settings.TASKS,
            settings.concurrency()));
    table.append(
        format(
            "%-10s %8s %7s %9s %8s %7s %9s %9s %11s%n",
            "",
            "wall s",
            "ratio",
            "to pipe",
            "CPU s",
            "ratio",
            "peak MiB",
            "children",
            "entries/s"));
    var measure = costs.get(MEASURE);
    var rival = costs.get(RIVAL);
    costs.forEach(
        (name, runs) -> {
          double wall = median(runs, Cost::wallSeconds);
          table.append(
              format(
                  "%-10s %8.2f %7.2f %9.2f %8.2f %7.2f %9.0f %9.0f %11.0f%n",
                  name,
                  wall,
                  ratio(runs, measure, Cost::wallSeconds),
                  ratio(runs, rival, Cost::wallSeconds),
                  median(runs, Cost::cpuSeconds),
                  ratio(runs, measure, Cost::cpuSeconds),
                  median(runs, Cost::peakMebibytes),
                  median(runs, Cost::peakChildrenMebibytes),
                  totals.entries() / wall));
        });
    return table.toString();
  }

  private static double ratio(
      List<Cost> runs, List<Cost> measure, ToDoubleFunction<Cost> quantity) {
    return median(
        IntStream.range(0, runs.size())
            .mapToDouble(
                i -> quantity.applyAsDouble(runs.get(i)) / quantity.applyAsDouble(measure.get(i))));
  }

  private static double median(List<Cost> runs, ToDoubleFunction<Cost> quantity) {
    return median(runs.stream().mapToDouble(quantity));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
