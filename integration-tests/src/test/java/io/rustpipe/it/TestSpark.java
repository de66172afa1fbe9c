package io.rustpipe.it;

import java.nio.file.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The one Spark of the test run. It lives until the JVM ends. */
final class TestSpark {
  /** More than the machine may have, so that several workers run at a time everywhere. */
  static final int PARALLELISM = 4;

  private static final SparkSession SESSION =
      SparkSession.builder()
          .appName("rustpipe integration tests")
          .master("local[" + PARALLELISM + "]")
          .config("spark.ui.enabled", false)
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.sql.shuffle.partitions", 2)
          .config("spark.sql.session.timeZone", "UTC")
          .config("spark.sql.warehouse.dir", "target/spark-warehouse")
          .getOrCreate();

  private TestSpark() {}

  static SparkSession session() {
    return SESSION;
  }

  /** A reader that may fetch from loopback. */
  static DataFrameReader table(String table) {
    return table(SESSION, table);
  }

  static DataFrameReader table(SparkSession session, String table) {
    return session
        .read()
        .format("rustpipe")
        .option("table", table)
        .option("allowedNetworks", "127.0.0.0/8");
  }

  static Dataset<Row> fetches(Path manifest) {
    return table("fetches").load(manifest.toString());
  }

  static Dataset<Row> entries(Path manifest) {
    return table("entries").load(manifest.toString());
  }
}
