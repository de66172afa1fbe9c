package io.rustpipe.benchmarks.scale;

import io.rustpipe.benchmarks.Environment;
import io.rustpipe.benchmarks.LocalSpark;
import io.rustpipe.benchmarks.results.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs both parts and prints what they found. */
public final class Scale {
  private Scale() {}

  /** Takes no arguments; the variables are those that {@code benchmarks/scale} sets. */
  public static void main(String[] args) throws Exception {
    // Nothing is there that an earlier run has unpacked: the first query starts from the bare jar.
    System.setProperty("java.io.tmpdir", Environment.text("SCALE_TMP"));
    var samples = new ArrayList<Sample>();
    try (var spark = LocalSpark.start("rustpipe scale")) {
      firstRow(spark, samples);
      heap(spark, samples);
    }
    Sample.write(samples);
  }

  private static void firstRow(SparkSession spark, List<Sample> samples) throws Exception {
    var manifest = Path.of(Environment.text("SCALE_TMP"), "one.txt");
    try (var urls = Files.lines(Path.of(Environment.text("SCALE_FEW")))) {
      Files.writeString(manifest, urls.findFirst().orElseThrow());
    }
    var firstRow = new FirstRow(spark);
    // Spark's own start must not look like ours.
    add(
        samples,
        "first row",
        "Spark alone, first query",
        "ms",
        firstRow.millis(spark.range(1).toDF()));
    add(samples, "first row", "first query", "ms", firstRow.millis(table(spark, manifest)));
    var later = new ArrayList<Double>();
    for (int query = 0; query < Environment.number("SCALE_QUERIES"); query++) {
      later.add(firstRow.millis(table(spark, manifest)));
    }
    later.sort(null);
    add(samples, "first row", "later queries, median", "ms", later.get(later.size() / 2));
    add(samples, "first row", "later queries, slowest", "ms", later.get(later.size() - 1));
  }

  private static void heap(SparkSession spark, List<Sample> samples) throws Exception {
    var few = Path.of(Environment.text("SCALE_FEW"));
    // Spark's and the connector's own classes and caches are there before anything is measured.
    count(table(spark, few));
    var mebibytes = new ArrayList<Double>();
    for (var manifest : List.of(few, Path.of(Environment.text("SCALE_MANY")))) {
      long expected;
      try (var urls = Files.lines(manifest)) {
        expected = urls.count();
      }
      var heap = HeapWatch.during(() -> requireRows(expected, count(table(spark, manifest))));
      mebibytes.add(heap.mostMebibytes());
      add(samples, "live heap", expected + " URLs", "MiB", heap.mostMebibytes());
    }
    add(samples, "live heap", "growth", "ratio", mebibytes.get(1) / mebibytes.get(0));
  }

  private static Dataset<Row> table(SparkSession spark, Path manifest) {
    return spark
        .read()
        .format("rustpipe")
        .option("partitions", LocalSpark.TASKS)
        .option("allowedNetworks", "127.0.0.0/8")
        .load(manifest.toString());
  }

  private static long count(Dataset<Row> fetches) {
    return fetches.where("status = 'SUCCEEDED' and length(sha256) = 64").count();
  }

  private static void requireRows(long expected, long actual) {
    if (expected != actual) {
      throw new IllegalStateException(
          "%d URLs, but %d rows that succeeded".formatted(expected, actual));
    }
  }

  private static void add(
      List<Sample> samples, String benchmark, String subject, String quantity, double value) {
    samples.add(new Sample(benchmark, subject, quantity, value));
    System.out.println(
        String.format(Locale.ROOT, "%-10s %-25s %8.2f %s", benchmark, subject, value, quantity));
  }
}
