package io.rustpipe.benchmarks.rowpath;

import io.rustpipe.benchmarks.LocalSpark;
import io.rustpipe.benchmarks.meter.Cost;
import io.rustpipe.benchmarks.meter.Meter;
import io.rustpipe.benchmarks.results.Sample;
import io.rustpipe.spark.frame.Description;
import io.rustpipe.spark.worker.CustomWorker;
import io.rustpipe.spark.worker.Program;
import io.rustpipe.spark.worker.ProgramSource;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Drains each table both ways in turns, compares what came, and prints how fast it was. */
public final class RowPath {
  private final Settings settings;
  private final Description description;
  private final List<Contestant> contestants;

  private RowPath(Settings settings, Description description, SparkSession spark) {
    this.settings = settings;
    this.description = description;
    this.contestants =
        new ArrayList<>(
            List.of(
                new Rustpipe(spark, settings, description),
                new RddPipe(spark, settings, description)));
  }

  /** Takes no arguments; {@link Settings} says which environment variables it reads. */
  public static void main(String[] args) throws Exception {
    var settings = Settings.fromEnvironment();
    Files.write(settings.inputs(), Inputs.of(settings.rows()));
    // A path is no URI: nobody asks for settings of a file system.
    var source = ProgramSource.of(settings.worker().toString(), () -> null);
    var program = Program.find(source, List.of());
    var description = CustomWorker.ask(program, List.of(), Map.of()).description();
    var results = new ArrayList<Result>();
    try (var spark = LocalSpark.start("rustpipe rowpath")) {
      var path = new RowPath(settings, description, spark);
      for (var table : settings.tables()) {
        results.addAll(path.measure(table));
      }
    }
    System.out.println("\n" + Result.HEADING);
    results.forEach(result -> System.out.println(result.line()));
    Sample.write(results.stream().flatMap(Result::samples).toList());
  }

  private List<Result> measure(String table) throws Exception {
    var volume = Volume.of(settings, description.table(table));
    var costs = new HashMap<String, List<Cost>>();
    for (var round = 1 - settings.warmup(); round <= settings.rounds(); round++) {
      for (var sink : Sink.values()) {
        List<Object> expected = null;
        var line = new StringBuilder();
        for (var contestant : contestants) {
          var run = Meter.measure(Meter.Scope.TREE, () -> sink.drain(contestant.read(table)));
          expected = same(expected, run.result(), table, contestant);
          var took = run.cost().wallSeconds();
          line.append(String.format(Locale.ROOT, ", %s %.2f s", contestant.name(), took));
          if (round > 0) {
            costs.computeIfAbsent(key(sink, contestant), k -> new ArrayList<>()).add(run.cost());
          }
        }
        var name = round > 0 ? "round " + round : "warm-up";
        System.out.println(table + ", " + sink.label() + ", " + name + line);
      }
      // Nobody always runs behind the other, whose garbage is in the heap.
      Collections.swap(contestants, 0, 1);
    }
    var results = new ArrayList<Result>();
    for (var sink : Sink.values()) {
      results.add(
          new Result(
              table,
              sink,
              Inputs.rows(settings.rows()),
              volume,
              costs.get(sink + " rustpipe"),
              costs.get(sink + " RDD.pipe")));
    }
    return results;
  }

  private static String key(Sink sink, Contestant contestant) {
    return sink + " " + contestant.name();
  }

  private static List<Object> same(
      List<Object> expected, List<Object> totals, String table, Contestant contestant) {
    if (expected != null && !expected.equals(totals)) {
      throw new IllegalStateException(
          "%s disagrees about %s: %s instead of %s"
              .formatted(contestant.name(), table, totals, expected));
    }
    return totals;
  }
}
