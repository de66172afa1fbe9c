package io.rustpipe.benchmarks.race;

import io.rustpipe.benchmarks.LocalSpark;
import io.rustpipe.benchmarks.meter.Meter;
import org.apache.spark.sql.SparkSession;

/** The {@code entries} table of rustpipe. */
record Rustpipe(SparkSession spark, Settings settings) implements Contestant {
  @Override
  public String name() {
    return "rustpipe";
  }

  @Override
  public Meter.Scope scope() {
    return Meter.Scope.TREE;
  }

  @Override
  public Totals totals() {
    return Totals.of(
        spark
            .read()
            .format("rustpipe")
            .option("table", "entries")
            .option("partitions", LocalSpark.TASKS)
            .option("concurrency", settings.concurrency())
            .option("allowedNetworks", "127.0.0.0/8")
            .load(settings.urls().toString()));
  }
}
