package io.rustpipe.benchmarks.rowpath;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

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
  /** An aggregate that looks at every byte: a value for each column, and a hash of all of them. */
  AGGREGATE {
    @Override
    List<Object> drain(Dataset<Row> rows) {
      var fields = rows.schema().fields();
      var aggregates = new ArrayList<String>();
      aggregates.add("count(*)");
      // A sum of whole hashes would overflow, which is an error on Spark 4.
      aggregates.add("sum(shiftright(xxhash64(%s), 20))".formatted(hashable(fields)));
      Arrays.stream(fields).map(Sink::aggregate).forEach(aggregates::add);
      var totals = rows.selectExpr(aggregates.toArray(String[]::new)).first();
      var values = new ArrayList<Object>();
      for (var i = 0; i < totals.size(); i++) {
        values.add(totals.get(i));
      }
      return values;
    }
  };

  /** Reads all rows; returns what has to be equal, whichever way they came. */
  abstract List<Object> drain(Dataset<Row> rows);

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String aggregate(StructField field) {
    var type = field.dataType();
    var function =
        type instanceof LongType || type instanceof IntegerType
            ? "sum"
            : type instanceof StructType || type instanceof ArrayType || type instanceof MapType
                ? "count"
                : "max";
    return "%s(`%s`)".formatted(function, field.name());
  }

  /** Spark hashes no maps, but arrays of their entries. */
  private static String hashable(StructField[] fields) {
    return Arrays.stream(fields)
        .map(
            field ->
                (field.dataType() instanceof MapType ? "map_entries(`%s`)" : "`%s`")
                    .formatted(field.name()))
        .collect(Collectors.joining(", "));
  }
}
