package io.rustpipe.benchmarks.race;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;

import io.rustpipe.benchmarks.LocalSpark;
import io.rustpipe.benchmarks.meter.Meter;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The yardstick's archive reading behind {@code RDD.pipe}, with JSON objects on the way back. */
record RddPipe(SparkSession spark, Settings settings) implements Contestant {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          """
          url string, error_message string, entry_index bigint, path string, entry_type string,
          size bigint, mode int, mtime bigint, uid bigint, gid bigint, uname string,
          gname string, link_target string, sha256 string
          """);

  /** Bytes on the way to the program; the default of {@code RDD.pipe} is 8 KiB. */
  private static final int BUFFER_BYTES = 64 << 10;

  @Override
  public String name() {
    return "RDD.pipe";
  }

  @Override
  public Meter.Scope scope() {
    return Meter.Scope.TREE;
  }

  @Override
  public Totals totals() {
    var command =
        List.of(
            settings.yardstick().toString(),
            "pipe",
            "--at-once",
            Integer.toString(settings.concurrency()));
    var lines =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .textFile(settings.urls().toString(), LocalSpark.TASKS)
            .pipe(command, Map.of(), false, BUFFER_BYTES, "UTF-8");
    return Totals.of(
        spark
            .createDataset(lines.rdd(), Encoders.STRING())
            .select(from_json(col("value"), SCHEMA).as("entry"))
            .select("entry.*"));
  }
}
