package io.rustpipe.benchmarks.rowpath;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One way of a table's rows into Spark. */
sealed interface Contestant permits Rustpipe, RddPipe {
  /** As the report shows it. */
  String name();

  /** The table's columns, no others. */
  Dataset<Row> read(String table);
}
