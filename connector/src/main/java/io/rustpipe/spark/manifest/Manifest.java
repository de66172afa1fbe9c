package io.rustpipe.spark.manifest;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.Partitioning;
import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.filter.RowFilter;
import io.rustpipe.spark.input.KeptColumns;
import io.rustpipe.spark.input.KeptColumns.Column;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The inputs of a query and the columns that come with them. Lives on the driver; {@link #plan}
 * makes what tasks need.
 */
public final class Manifest {
  /** What the URL is called in every result. */
  public static final String URL = ManifestSource.URL;

  private final ManifestSource source;
  private final InputColumns input;
  private final KeptColumns columns;
  private final int partitions;
  private final Partitioning partitioning;

  private Manifest(
      ManifestSource source,
      InputColumns input,
      KeptColumns columns,
      int partitions,
      Partitioning partitioning) {
    this.source = source;
    this.input = input;
    this.columns = columns;
    this.partitions = partitions;
    this.partitioning = partitioning;
  }

  /**
   * Lists the manifest's files in the active session and, where they are not text and the user has
   * not named their columns, infers those by reading them.
   *
   * @throws IllegalArgumentException if the manifest doesn't have what the options ask for; what
   *     Spark finds wrong with the files comes as Spark's own exception
   */
  public static Manifest open(RustpipeOptions options) {
    ManifestSource source = ManifestSource.open(options);
    String urlColumn = urlColumn(source, options.urlColumn());
    InputColumns input =
        new InputColumns(
            urlColumn, options.integrityColumn().map(name -> integrityColumn(source, name)));
    KeptColumns columns =
        KeptColumns.of(
            KeptColumns.Origin.MANIFEST,
            options.keep(),
            List.of(
                new Column(
                    urlColumn, new StructField(URL, DataTypes.StringType, true, Metadata.empty()))),
            List.of(source.schema().fieldNames()),
            name -> source.find(name, "; the option 'keep' names it"));
    return new Manifest(source, input, columns, tasks(options), options.partitioning());
  }

  /** How many tasks share a manifest: as the user says, or the cluster's parallelism. */
  static int tasks(RustpipeOptions options) {
    return options
        .partitions()
        .orElseGet(() -> Math.max(1, SparkSession.active().sparkContext().defaultParallelism()));
  }

  private static String urlColumn(ManifestSource source, Optional<String> wanted) {
    if (source.isText()) {
      if (wanted.isPresent() && !ColumnNames.same(wanted.get(), ManifestSource.LINE)) {
        throw new IllegalArgumentException(
            ("the manifest %s is text, where the line is the URL, but the option 'urlColumn' is"
                    + " '%s': leave it out, or set the option 'manifestFormat' to json, csv,"
                    + " parquet or orc")
                .formatted(source, wanted.get()));
      }
      return ManifestSource.LINE;
    }
    source.requireJson("URL");
    return text(
        source, wanted.orElse(URL), "a URL", "the option 'urlColumn' says which one has the URL");
  }

  private static String integrityColumn(ManifestSource source, String name) {
    if (source.isText()) {
      throw new IllegalArgumentException(
          ("the manifest %s is text, which has URLs only, but the option 'integrityColumn' is '%s':"
               + " leave it out, or set the option 'manifestFormat' to json, csv, parquet or orc")
              .formatted(source, name));
    }
    return text(source, name, "a digest", "the option 'integrityColumn' names it");
  }

  /** A column of strings by its name. */
  private static String text(ManifestSource source, String name, String what, String whose) {
    StructField field = source.find(name, "; " + whose);
    if (!(field.dataType() instanceof StringType)) {
      throw new IllegalArgumentException(
          "the column '%s' of the manifest %s is of type %s, but %s is a string; %s"
              .formatted(field.name(), source, field.dataType().sql(), what, whose));
    }
    return field.name();
  }

  /**
   * This manifest beside the columns of a worker's table: without the kept columns of the same
   * names, if they were kept by default.
   *
   * @param table the table's name
   * @param tableColumns the names of its columns, the connector's own included
   * @throws IllegalArgumentException if they were asked for; shows the value of {@code keep} that
   *     mends it
   */
  public Manifest beside(String table, Collection<String> tableColumns) {
    return new Manifest(
        source, input, columns.beside(table, tableColumns), partitions, partitioning);
  }

  /** {@code url STRING} and then the kept columns, under the names that they have in the result. */
  public StructType columns() {
    return columns.schema();
  }

  /** Whether an input has an {@code integrity} beside its URL. */
  public boolean hasIntegrity() {
    return input.integrity().isPresent();
  }

  /** How many tasks share the manifest: as the user says, or the cluster's parallelism. */
  public int partitions() {
    return partitions;
  }

  /**
   * The predicates that tasks can evaluate before they send an input to the worker: those over
   * columns of the manifest.
   */
  public RowFilter filter(Predicate... predicates) {
    return RowFilter.of(columns(), predicates);
  }

  /**
   * Divides the inputs among tasks.
   *
   * @param wanted which of {@link #columns} the tasks need, in the order in which they need them
   * @param filter which inputs to pass over
   * @param partitions how many tasks; there are none if there is nothing to read
   */
  public ManifestPlan<ManifestReaderFactory> plan(
      String[] wanted, RowFilter filter, int partitions) {
    List<Column> kept = columns.named(wanted);
    List<Column> filtered = columns.named(filter.columns().fieldNames());
    String[] sources =
        Stream.of(input.names(), names(kept), names(filtered))
            .flatMap(names -> names)
            .distinct()
            .toArray(String[]::new);
    Scan scan =
        source.scan(
            new StructType(
                Arrays.stream(sources).map(source.schema()::apply).toArray(StructField[]::new)));
    StructType read = scan.readSchema();
    RowLayout layout =
        new RowLayout(
            source.isText(),
            read.fieldIndex(input.url()),
            input.integrity().map(read::fieldIndex).orElse(RowLayout.NONE),
            picked(kept, read),
            picked(filtered, read));
    Batch batch = scan.toBatch();
    List<FilePart> parts = ManifestSource.parts(batch);
    return new ManifestPlan<>(
        partitioning == Partitioning.HOST
            ? Striping.readByAll(parts, partitions)
            : Striping.split(parts, partitions),
        new ManifestReaderFactory(batch.createReaderFactory(), layout, filter, partitioning),
        List.of(source.identity(), input, kept, filter, partitions, partitioning));
  }

  private static Stream<String> names(List<Column> columns) {
    return columns.stream().map(Column::source);
  }

  private static PickedColumns picked(List<Column> columns, StructType read) {
    return new PickedColumns(
        columns.stream()
            .mapToInt(
                column ->
                    column.field().name().equals(URL)
                        ? PickedColumns.URL
                        : read.fieldIndex(column.source()))
            .toArray(),
        columns.stream().map(column -> column.field().dataType()).toArray(DataType[]::new));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Manifest manifest
        && source.identity().equals(manifest.source.identity())
        && input.equals(manifest.input)
        && columns.equals(manifest.columns)
        && partitions == manifest.partitions
        && partitioning == manifest.partitioning;
  }

  @Override
  public int hashCode() {
    return columns.hashCode();
  }

  /** The manifest's paths, as the user gave them. */
  @Override
  public String toString() {
    return source.toString();
  }
}
