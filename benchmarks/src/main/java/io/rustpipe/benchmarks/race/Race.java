package io.rustpipe.benchmarks.race;

import io.rustpipe.benchmarks.LocalSpark;
import io.rustpipe.benchmarks.meter.Cost;
import io.rustpipe.benchmarks.meter.Meter;
import io.rustpipe.benchmarks.results.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Runs the contestants in turns, compares their totals in every round, and prints what each cost.
 */
public final class Race {
  private Race() {}

  /** Takes no arguments; {@link Settings} says which environment variables it reads. */
  public static void main(String[] args) throws Exception {
    var settings = Settings.fromEnvironment();
    try (var spark = LocalSpark.start("rustpipe race")) {
      var contestants =
          new ArrayList<>(
              List.of(
                  new Yardstick(settings),
                  new Rustpipe(spark, settings),
                  new RddPipe(spark, settings)));
      var costs = new LinkedHashMap<String, List<Cost>>();
      contestants.forEach(contestant -> costs.put(contestant.name(), new ArrayList<>()));
      Totals totals = null;
      for (int round = 1 - settings.warmup(); round <= settings.rounds(); round++) {
        var roundCosts = new LinkedHashMap<String, Cost>();
        for (var contestant : contestants) {
          var run = Meter.measure(contestant.scope(), contestant::totals);
          totals = same(totals, run.result(), contestant.name(), round);
          roundCosts.put(contestant.name(), run.cost());
        }
        System.out.println(Report.round(round, roundCosts));
        // Nobody always runs behind the same other, whose garbage is in the shared heap.
        Collections.rotate(contestants, 1);
        if (round > 0) {
          roundCosts.forEach((name, cost) -> costs.get(name).add(cost));
        }
      }
      var report = new Report(settings, totals, costs);
      System.out.println(report.table());
      System.out.println(report.profile());
      Sample.write(report.samples());
    }
  }

  /** The totals that all have to agree on: those of the first run of all, a yardstick's. */
  private static Totals same(Totals expected, Totals actual, String name, int round) {
    if (actual.failed() != 0) {
      throw new IllegalStateException(
          "%s lost %d tarballs in round %d".formatted(name, actual.failed(), round));
    }
    if (expected != null && !expected.equals(actual)) {
      throw new IllegalStateException(
          "%s disagrees in round %d: it found %s instead of %s"
              .formatted(name, round, actual, expected));
    }
    return actual;
  }
}
