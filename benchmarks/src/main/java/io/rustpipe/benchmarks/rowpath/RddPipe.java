package io.rustpipe.benchmarks.rowpath;

import io.rustpipe.benchmarks.LocalSpark;
import io.rustpipe.spark.frame.Description;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The program behind {@code RDD.pipe}, its JSON objects read with the schema given. */
record RddPipe(SparkSession spark, Settings settings, Description description)
    implements Contestant {
  /** Bytes on the way to the program; the default of {@code RDD.pipe} is 8 KiB. */
  private static final int BUFFER_BYTES = 64 << 10;

  @Override
  public String name() {
    return "RDD.pipe";
  }

  @Override
  public Dataset<Row> read(String table) {
    var command = List.of(settings.worker().toString(), "pipe", table);
    var lines =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(Inputs.of(settings.rows()), LocalSpark.TASKS)
            .pipe(command, Map.of(), false, BUFFER_BYTES, "UTF-8");
    var schema =
        description.table(table).columns().stream()
            .map(column -> "`%s` %s".formatted(column.name(), column.type()))
            .collect(Collectors.joining(", "));
    return spark.read().schema(schema).json(spark.createDataset(lines.rdd(), Encoders.STRING()));
  }
}
