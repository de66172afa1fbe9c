package io.rustpipe.benchmarks.race;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What every contestant has to find out.
 *
 * @param entries entries of all tarballs
 * @param failed tarballs that could not be read to their end
 * @param size bytes of all entries
 * @param pathLength characters of all paths
 * @param minSha256 the smallest digest of a file's content, in hexadecimal
 * @param maxSha256 the largest one
 */
record Totals(
    long entries, long failed, long size, long pathLength, String minSha256, String maxSha256) {

  /**
   * Aggregates rows with the columns {@code path}, {@code size} and {@code sha256}; in a row that
   * stands for a failed tarball all of them are null.
   */
  static Totals of(Dataset<Row> rows) {
    var path = col("path");
    var sha256 = col("sha256");
    var totals =
        rows.agg(
                count(path),
                count(lit(1)).minus(count(path)),
                sum("size"),
                sum(length(path)),
                min(sha256),
                max(sha256))
            .head();
    return new Totals(
        totals.getLong(0),
        totals.getLong(1),
        totals.getLong(2),
        totals.getLong(3),
        totals.getString(4),
        totals.getString(5));
  }
}
