package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.DidYouMean;
import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.input.KeptColumns;
import io.rustpipe.spark.input.KeptColumns.Column;
import io.rustpipe.spark.input.RowColumns;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** One of the worker's tables over the rows of a DataFrame. */
public final class PipedTable {

  private PipedTable() {}

  /**
   * The rows that a worker makes of a DataFrame's.
   *
   * @throws IllegalArgumentException if the options or the columns don't fit the worker
   */
  public static Dataset<Row> of(Dataset<Row> inputs, RustpipeOptions options) {
    var worker = WorkerChoice.of(options);
    var table = WorkerTable.of(worker, options);
    var layout = TableLayout.of(new StructType(), table);
    // A type that can't be decoded is an error here, and not one of every task.
    layout.decoder();
    var available = inputs.schema();
    var kept =
        KeptColumns.of(
                KeptColumns.Origin.DATA_FRAME,
                options.keep(),
                List.of(),
                List.of(available.fieldNames()),
                name -> find(available, name))
            .beside(table.name(), TableLayout.columns(table));
    var sent = InputFields.of(table, available);
    // The others need not be computed, nor brought into the form of rows.
    var needed =
        Stream.of(sent, kept.columns())
            .flatMap(List::stream)
            .map(Column::source)
            .distinct()
            .toList();
    var rows =
        inputs.select(
            needed.stream()
                .map(name -> inputs.col("`" + name.replace("`", "``") + "`"))
                .toArray(org.apache.spark.sql.Column[]::new));
    var columns =
        new RowColumns(
            ordinals(sent, needed),
            new StructType(sent.stream().map(Column::field).toArray(StructField[]::new)),
            ordinals(kept.columns(), needed));
    return rows.as(JavaTimes.encoder(rows.schema()))
        .mapPartitions(
            new PipeFunction(new ScanDescription(worker, layout, options, null), columns),
            JavaTimes.encoder(concat(kept.schema(), layout.schema())))
        // What rows the user gets is for the session to say.
        .toDF();
  }

  private static StructField find(StructType available, String name) {
    return Arrays.stream(available.fields())
        .filter(field -> ColumnNames.same(field.name(), name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the DataFrame has no column '%s'%s; the option 'keep' names it"
                        .formatted(
                            name,
                            DidYouMean.hint(name, "columns", List.of(available.fieldNames())))));
  }

  private static int[] ordinals(List<Column> columns, List<String> needed) {
    return columns.stream().mapToInt(column -> needed.indexOf(column.source())).toArray();
  }

  private static StructType concat(StructType first, StructType second) {
    return new StructType(
        Stream.of(first, second)
            .flatMap(part -> Arrays.stream(part.fields()))
            .toArray(StructField[]::new));
  }
}
