package io.rustpipe.benchmarks.race;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the contestants in turns, compares their totals in every round, and prints what each cost.
 */
public final class Race {
  /** Rounds that are not counted: the JIT compiles, the connector unpacks its worker. */
  private static final int WARM_UP_ROUNDS = 2;

  private Race() {}

  /** Takes no arguments; {@link Settings} says which environment variables it reads. */
  public static void main(String[] args) throws Exception {
    var settings = Settings.fromEnvironment();
    try (var spark = session()) {
      var contestants =
          new ArrayList<>(
              List.of(
                  new Yardstick(settings),
                  new Rustpipe(spark, settings),
                  new RddPipe(spark, settings)));
      var costs = new LinkedHashMap<String, List<Cost>>();
      contestants.forEach(contestant -> costs.put(contestant.name(), new ArrayList<>()));
      Totals totals = null;
      for (int round = 1 - WARM_UP_ROUNDS; round <= settings.rounds(); round++) {
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
      System.out.println(Report.table(settings, totals, costs));
    }
  }

  private static SparkSession session() {
    var configuration =
        Map.<String, Object>of(
            "spark.ui.enabled", false,
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1");
    return SparkSession.builder()
        .appName("rustpipe race")
        .master("local[" + Settings.TASKS + "]")
        .config(configuration)
        .getOrCreate();
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
