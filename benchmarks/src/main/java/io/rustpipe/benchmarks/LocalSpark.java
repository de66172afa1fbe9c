package io.rustpipe.benchmarks;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The Spark that the benchmarks run in: one JVM, everything on loopback. */
public final class LocalSpark {
  /** Tasks at once: one per core of the machine that the figures come from. */
  public static final int TASKS = 2;

  private LocalSpark() {}

  public static SparkSession start(String name) {
    var configuration =
        Map.<String, Object>of(
            "spark.ui.enabled", false,
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1");
    return SparkSession.builder()
        .appName(name)
        .master("local[" + TASKS + "]")
        .config(configuration)
        .getOrCreate();
  }
}
