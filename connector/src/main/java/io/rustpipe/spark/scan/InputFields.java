package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.DidYouMean;
import io.rustpipe.spark.frame.Description;
import io.rustpipe.spark.frame.Description.InputField;
import io.rustpipe.spark.input.JsonValues;
import io.rustpipe.spark.input.KeptColumns.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What a worker reads of an input, against what there is. */
final class InputFields {

  private InputFields() {}

  /**
   * The columns of a DataFrame that a table's inputs are made of: those that the worker lists,
   * under its names, or all if it lists none.
   *
   * @throws IllegalArgumentException if one that the worker needs is missing, or one is of a type
   *     that it does not take; says how to mend it
   */
  static List<Column> of(Description.Table table, StructType available) {
    var sent =
        table.input().isEmpty()
            ? Arrays.stream(available.fields()).map(f -> new Column(f.name(), f)).toList()
            : listed(table, available);
    for (var column : sent) {
      JsonValues.FRAMES.requireKnown(column.source(), column.field().dataType());
    }
    return sent;
  }

  private static List<Column> listed(Description.Table table, StructType available) {
    var sent = new ArrayList<Column>();
    for (var wanted : table.input()) {
      var found = find(available, wanted.name());
      if (found.isPresent()) {
        sent.add(column(table, wanted, found.get()));
      } else if (!wanted.nullable()) {
        throw new IllegalArgumentException(
            "the DataFrame has no column '%s'%s; the table '%s' needs it as %s: give a column that name with AS"
                .formatted(
                    wanted.name(),
                    DidYouMean.hint(wanted.name(), "columns", List.of(available.fieldNames())),
                    table.name(),
                    type(wanted).sql()));
      }
    }
    if (sent.isEmpty()) {
      throw new IllegalArgumentException(
          "the DataFrame has none of the columns that the table '%s' reads: %s; it has: %s; give columns these names with AS"
              .formatted(
                  table.name(),
                  table.input().stream()
                      .map(field -> field.name() + " " + type(field).sql())
                      .collect(Collectors.joining(", ")),
                  String.join(", ", available.fieldNames())));
    }
    return sent;
  }

  private static Optional<StructField> find(StructType available, String name) {
    return Arrays.stream(available.fields())
        .filter(field -> ColumnNames.same(field.name(), name))
        .findFirst();
  }

  private static Column column(Description.Table table, InputField wanted, StructField found) {
    var type = type(wanted);
    if (!takes(type, found.dataType())) {
      throw new IllegalArgumentException(
          "the DataFrame's column '%s' is of type %s, but the table '%s' reads it as %s: CAST it, or give another column that name with AS"
              .formatted(found.name(), found.dataType().sql(), table.name(), type.sql()));
    }
    return new Column(
        found.name(), new StructField(wanted.name(), found.dataType(), true, found.metadata()));
  }

  /**
   * Types are the same, but for integers, which are written alike and may be of a narrower type.
   */
  private static boolean takes(DataType wanted, DataType found) {
    if (wanted instanceof IntegralType && found instanceof IntegralType) {
      return found.defaultSize() <= wanted.defaultSize();
    }
    return (wanted instanceof StringType && found instanceof StringType)
        || wanted.catalogString().equals(found.catalogString());
  }

  private static DataType type(InputField field) {
    return WorkerTypes.parse("input field '%s'".formatted(field.name()), field.type());
  }

  /**
   * Fails if a table's inputs can't be made of a manifest.
   *
   * @param hasIntegrity whether they have an {@code integrity} beside the {@code url}
   */
  static void requireManifest(Description.Table table, boolean hasIntegrity) {
    for (var field : table.input()) {
      var integrity = field.name().equals("integrity");
      var given = field.name().equals("url") || (integrity && hasIntegrity);
      if (given ? !(type(field) instanceof StringType) : !field.nullable()) {
        throw new IllegalArgumentException(
            "the table '%s' needs the input field '%s' as %s, but of a manifest inputs have 'url' and, with the option 'integrityColumn', 'integrity', both STRING: give a DataFrame with that column to RustPipe.pipe"
                .formatted(table.name(), field.name(), type(field).sql()));
      }
    }
  }
}
