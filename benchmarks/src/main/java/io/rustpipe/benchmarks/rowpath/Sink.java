package io.rustpipe.benchmarks.rowpath;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/** What becomes of the rows. */
enum Sink {
  /** Spark's {@code noop} takes every row and keeps none. */
  NOOP {
    @Override
    List<Object> drain(Dataset<Row> rows) {
      rows.write().format("noop").mode("overwrite").save();
      return List.of();
    }
  },
  /** An aggregate that looks at every byte: how many values a column has, and their hashes. */
  AGGREGATE {
    @Override
    List<Object> drain(Dataset<Row> rows) {
      var aggregates =
          Stream.concat(
              Stream.of("count(*)"),
              Arrays.stream(rows.schema().fields()).flatMap(Sink::aggregates));
      var totals = rows.selectExpr(aggregates.toArray(String[]::new)).first();
      return IntStream.range(0, totals.size()).mapToObj(totals::get).toList();
    }
  };

  /** Reads all rows; returns what has to be equal, whichever way they came. */
  abstract List<Object> drain(Dataset<Row> rows);

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Stream<String> aggregates(StructField field) {
    var column = "`%s`".formatted(field.name());
    // Spark hashes no maps, but arrays of their entries.
    var hashable =
        field.dataType() instanceof MapType ? "map_entries(%s)".formatted(column) : column;
    return Stream.of(
        "count(%s)".formatted(column),
        // A sum of whole hashes would overflow, which is an error on Spark 4.
        "sum(shiftright(xxhash64(%s), 32))".formatted(hashable));
  }
}
