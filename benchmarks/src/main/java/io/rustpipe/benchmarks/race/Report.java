package io.rustpipe.benchmarks.race;

import static java.util.stream.Collectors.joining;

import io.rustpipe.benchmarks.LocalSpark;
import io.rustpipe.benchmarks.meter.Cost;
import io.rustpipe.benchmarks.meter.CpuParts;
import io.rustpipe.benchmarks.meter.Quantile;
import io.rustpipe.benchmarks.results.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The race's outcome. Figures are medians over the counted rounds; a ratio is the median of the
 * ratios within each round.
 */
record Report(Settings settings, Totals totals, Map<String, List<Cost>> costs) {
  private static final String MEASURE = "yardstick";
  private static final String RIVAL = "RDD.pipe";

  /** One line for a round; rounds up to 0 are warm-up. */
  static String round(int round, Map<String, Cost> costs) {
    var walls =
        costs.entrySet().stream()
            .map(e -> format("%s %.2f s", e.getKey(), e.getValue().wallSeconds()))
            .collect(joining(", "));
    return format("%s: %s", round > 0 ? "round " + round : "warm-up", walls);
  }

  /** What each contestant took. */
  String table() {
    var table = new StringBuilder();
    table.append(
        format(
            "%n%d entries; medians of %d rounds; downloads at once: yardstick %d, others %d x %d%n",
            totals.entries(),
            settings.rounds(),
            Yardstick.CONCURRENCY,
            LocalSpark.TASKS,
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

  /** Where the CPU seconds of those that run in this JVM went. */
  String profile() {
    var profile = new StringBuilder(format("%-22s", "CPU s"));
    var inJvm =
        costs.entrySet().stream().filter(e -> !e.getValue().get(0).parts().isEmpty()).toList();
    inJvm.forEach(contestant -> profile.append(format(" %9s", contestant.getKey())));
    for (var part : CpuParts.Part.values()) {
      profile.append(format("%n%-22s", part));
      inJvm.forEach(
          e -> profile.append(format(" %9.2f", median(e.getValue(), c -> c.cpuSeconds(part)))));
    }
    return profile.append(format("%n")).toString();
  }

  /** The same for a file. */
  List<Sample> samples() {
    var measure = costs.get(MEASURE);
    var rival = costs.get(RIVAL);
    var samples = new ArrayList<Sample>();
    costs.forEach(
        (name, runs) -> {
          BiConsumer<String, Double> add =
              (quantity, value) -> samples.add(new Sample(settings.name(), name, quantity, value));
          add.accept("wall s", median(runs, Cost::wallSeconds));
          add.accept("wall to yardstick", ratio(runs, measure, Cost::wallSeconds));
          add.accept("wall to RDD.pipe", ratio(runs, rival, Cost::wallSeconds));
          add.accept("CPU s", median(runs, Cost::cpuSeconds));
          add.accept("CPU to yardstick", ratio(runs, measure, Cost::cpuSeconds));
          add.accept("peak MiB", median(runs, Cost::peakMebibytes));
          add.accept("peak MiB of children", median(runs, Cost::peakChildrenMebibytes));
          add.accept("peak MiB of one child", median(runs, Cost::peakChildMebibytes));
          for (var part : CpuParts.Part.values()) {
            if (!runs.get(0).parts().isEmpty()) {
              add.accept("CPU s: " + part, median(runs, cost -> cost.cpuSeconds(part)));
            }
          }
        });
    return samples;
  }

  private static double ratio(
      List<Cost> runs, List<Cost> measure, ToDoubleFunction<Cost> quantity) {
    return Quantile.median(
        IntStream.range(0, runs.size())
            .mapToDouble(
                i -> quantity.applyAsDouble(runs.get(i)) / quantity.applyAsDouble(measure.get(i))));
  }

  private static double median(List<Cost> runs, ToDoubleFunction<Cost> quantity) {
    return Quantile.median(runs.stream().mapToDouble(quantity));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
