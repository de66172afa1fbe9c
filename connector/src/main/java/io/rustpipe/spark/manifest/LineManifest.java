package io.rustpipe.spark.manifest;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.input.JsonValues;
import java.util.Optional;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A manifest whose rows are lines for a program: of text the lines as they are, of other files a
 * JSON object a row, or the value of one column. Lives on the driver; {@link #plan} makes what
 * tasks need.
 */
public final class LineManifest {
  private final ManifestSource source;

  /** The column whose values are the lines; empty if a row is a JSON object. */
  private final Optional<String> column;

  private final int tasks;

  private LineManifest(ManifestSource source, Optional<String> column, int tasks) {
    this.source = source;
    this.column = column;
    this.tasks = tasks;
  }

  /**
   * Lists the manifest's files in the active session and, where they are not text and the user has
   * not named their columns, infers those by reading them.
   *
   * @throws IllegalArgumentException if the manifest doesn't have what the options ask for
   */
  public static LineManifest open(RustpipeOptions options) {
    ManifestSource source = ManifestSource.open(options);
    Optional<String> column = column(source, options.inputColumn());
    if (column.isEmpty()) {
      for (StructField field : source.schema().fields()) {
        JsonValues.NAMED.requireKnown(field.name(), field.dataType());
      }
    }
    return new LineManifest(source, column, Manifest.tasks(options));
  }

  private static Optional<String> column(ManifestSource source, Optional<String> wanted) {
    if (source.isText()) {
      if (wanted.isPresent() && !ColumnNames.same(wanted.get(), ManifestSource.LINE)) {
        throw new IllegalArgumentException(
            ("the manifest %s is text, where the line is the input, but the option 'inputColumn'"
                    + " is '%s': leave it out, or set the option 'manifestFormat' to json, csv,"
                    + " parquet or orc")
                .formatted(source, wanted.get()));
      }
      return Optional.of(ManifestSource.LINE);
    }
    source.requireJson("input");
    Optional<StructField> found =
        wanted.map(name -> source.find(name, "; the option 'inputColumn' names it"));
    found.ifPresent(field -> requireText(field));
    return found.map(StructField::name);
  }

  private static void requireText(StructField field) {
    JsonValues.NAMED.requireKnown(field.name(), field.dataType());
  }

  /** Divides the lines among tasks. */
  public ManifestPlan<LineReaderFactory> plan() {
    StructType wanted =
        column
            .map(name -> new StructType(new StructField[] {source.schema().apply(name)}))
            .orElseGet(source::schema);
    Scan scan = source.scan(wanted);
    StructType read = scan.readSchema();
    LineForm form =
        column
            .<LineForm>map(
                name ->
                    new LineForm.OneColumn(
                        read.fieldIndex(name), name, read.apply(name).dataType()))
            .orElseGet(() -> new LineForm.WholeRow(read));
    Batch batch = scan.toBatch();
    return new ManifestPlan<>(
        Striping.split(ManifestSource.parts(batch), tasks),
        new LineReaderFactory(batch.createReaderFactory(), form),
        this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LineManifest manifest
        && source.identity().equals(manifest.source.identity())
        && column.equals(manifest.column)
        && tasks == manifest.tasks;
  }

  @Override
  public int hashCode() {
    return column.hashCode();
  }

  /** The manifest's paths, as the user gave them. */
  @Override
  public String toString() {
    return source.toString();
  }
}
