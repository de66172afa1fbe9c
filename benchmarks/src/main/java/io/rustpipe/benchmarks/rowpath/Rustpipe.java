package io.rustpipe.benchmarks.rowpath;

import io.rustpipe.benchmarks.LocalSpark;
import io.rustpipe.spark.frame.Description;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The program as rustpipe's worker. */
record Rustpipe(SparkSession spark, Settings settings, Description description)
    implements Contestant {
  @Override
  public String name() {
    return "rustpipe";
  }

  @Override
  public Dataset<Row> read(String table) {
    List<String> columns =
        description.table(table).columns().stream().map(Description.Column::name).toList();
    return spark
        .read()
        .format("rustpipe")
        .option("worker", settings.worker().toString())
        .option("table", table)
        .option("partitions", LocalSpark.TASKS)
        .load(settings.inputs().toString())
        .selectExpr(columns.toArray(String[]::new));
  }
}
