package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.DidYouMean;
import io.rustpipe.spark.frame.Description;
import io.rustpipe.spark.frame.Open;
import io.rustpipe.spark.row.RowDecoder;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns a result row has and who fills them: first those of the manifest ({@code url} and
 * what {@code keep} names), then the worker's, then {@code error_code} and {@code error_message}
 * where the worker's table has no {@code error_code}.
 *
 * @param table the worker's table
 * @param oneRowPerInput every input that does not fail ends with exactly one row
 * @param tellsErrors the table has an {@code error_code} of its own, so errors are rows in every
 *     mode
 * @param names what the result calls columns whose names there are not those of this layout
 */
record TableLayout(
    String table,
    boolean oneRowPerInput,
    boolean tellsErrors,
    StructType manifest,
    StructType worker,
    StructType errors,
    Map<String, String> names)
    implements Serializable {

  static final StructType ERRORS =
      new StructType(
          new StructField[] {
            error(
                RowDecoder.ERROR_CODE,
                "Why there are no more rows of this input, as a closed list of codes"),
            error(
                RowDecoder.ERROR_MESSAGE,
                "The same in words, with the values and limits that matter"),
          });

  /** The names of a table's columns, without those that come from the manifest. */
  static List<String> columns(Description.Table table) {
    return Stream.concat(
            table.columns().stream().map(Description.Column::name),
            Arrays.stream(errors(table).fieldNames()))
        .toList();
  }

  /**
   * The full layout.
   *
   * @param manifest its columns, which fit beside the table's; none where what is kept does not
   *     pass the decoder
   */
  static TableLayout of(StructType manifest, Description.Table table) {
    var worker =
        new StructType(
            table.columns().stream().map(TableLayout::field).toArray(StructField[]::new));
    return new TableLayout(
        table.name(),
        table.rowsPerInput() == Description.RowsPerInput.ONE,
        tellsErrors(table),
        manifest,
        worker,
        errors(table),
        Map.of());
  }

  private static boolean tellsErrors(Description.Table table) {
    return table.columns().stream().anyMatch(column -> column.name().equals(RowDecoder.ERROR_CODE));
  }

  private static StructType errors(Description.Table table) {
    return tellsErrors(table) ? new StructType() : without(table.columns(), ERRORS);
  }

  private static StructType without(List<Description.Column> columns, StructType part) {
    return new StructType(
        Arrays.stream(part.fields())
            .filter(field -> columns.stream().noneMatch(c -> c.name().equals(field.name())))
            .toArray(StructField[]::new));
  }

  private static StructField field(Description.Column column) {
    var type = WorkerTypes.parse("column '%s'".formatted(column.name()), column.type());
    return DataTypes.createStructField(column.name(), type, column.nullable())
        .withComment(column.comment());
  }

  private static StructField error(String name, String comment) {
    return DataTypes.createStructField(name, DataTypes.StringType, true).withComment(comment);
  }

  /**
   * The columns of a row, in their order. Each can be null, whatever the worker promises of its own
   * rows: an input that fails has a row with nothing but its key and error.
   */
  StructType schema() {
    return new StructType(
        Stream.of(manifest, worker, errors)
            .flatMap(part -> Arrays.stream(part.fields()))
            .map(f -> new StructField(name(f), f.dataType(), true, f.metadata()))
            .toArray(StructField[]::new));
  }

  /**
   * The layout with only those columns that are wanted, in its own order: Spark finds columns by
   * name.
   */
  TableLayout prune(StructType wanted) {
    var columns = Set.of(wanted.fieldNames());
    return new TableLayout(
        table,
        oneRowPerInput,
        tellsErrors,
        keep(manifest, columns),
        keep(worker, columns),
        keep(errors, columns),
        names);
  }

  private StructType keep(StructType part, Set<String> columns) {
    return new StructType(
        Arrays.stream(part.fields())
            .filter(field -> columns.contains(name(field)))
            .toArray(StructField[]::new));
  }

  private String name(StructField field) {
    return names.getOrDefault(field.name(), field.name());
  }

  /**
   * The layout with only the columns of a user's schema, under the names that it has there.
   *
   * @throws IllegalArgumentException if a column is not there, or of another type
   */
  TableLayout declared(StructType schema) {
    var own = schema();
    var renamed = new HashMap<String, String>();
    for (var wanted : schema.fields()) {
      var found =
          Arrays.stream(own.fields())
              .filter(field -> ColumnNames.same(field.name(), wanted.name()))
              .findFirst()
              .orElseThrow(() -> noColumn(wanted, own));
      if (!found.dataType().catalogString().equals(wanted.dataType().catalogString())) {
        throw new IllegalArgumentException(
            "column '%s' of the given schema is of type %s, but of the table '%s' it is of type %s: declare it so, and cast it in the query"
                .formatted(wanted.name(), wanted.dataType().sql(), table, found.dataType().sql()));
      }
      if (renamed.put(found.name(), wanted.name()) != null) {
        throw new IllegalArgumentException(
            "the given schema has the column '%s' twice".formatted(wanted.name()));
      }
    }
    return new TableLayout(
            table, oneRowPerInput, tellsErrors, manifest, worker, errors, Map.copyOf(renamed))
        .prune(schema);
  }

  private IllegalArgumentException noColumn(StructField wanted, StructType own) {
    return new IllegalArgumentException(
        "column '%s' of the given schema is none of the table '%s'%s"
            .formatted(
                wanted.name(),
                table,
                DidYouMean.hint(wanted.name(), "columns", List.of(own.fieldNames()))));
  }

  /**
   * Decodes the rows of this layout.
   *
   * @throws IllegalArgumentException if the protocol has no values of a column's type
   */
  RowDecoder decoder() {
    return new RowDecoder(manifest, worker, errors);
  }

  /** The worker's columns as {@code open} and {@code hello} name them. */
  List<Open.Column> workerColumns() {
    return Arrays.stream(worker.fields())
        .map(field -> new Open.Column(field.name(), field.dataType().catalogString()))
        .toList();
  }
}
