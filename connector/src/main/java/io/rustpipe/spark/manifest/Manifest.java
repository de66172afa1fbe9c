package io.rustpipe.spark.manifest;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.KeepClause;
import io.rustpipe.spark.config.Partitioning;
import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.filter.RowFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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

  /**
   * A column of the result.
   *
   * @param source its name in the manifest
   */
  private record Column(String source, StructField field) {}

  private final ManifestSource source;
  private final InputColumns input;
  private final List<Column> columns;
  private final int partitions;
  private final Partitioning partitioning;

  /** Whether columns were kept by default only, and so give way to others of the same name. */
  private final boolean yielding;

  private Manifest(
      ManifestSource source,
      InputColumns input,
      List<Column> columns,
      int partitions,
      Partitioning partitioning,
      boolean yielding) {
    this.source = source;
    this.input = input;
    this.columns = List.copyOf(columns);
    this.partitions = partitions;
    this.partitioning = partitioning;
    this.yielding = yielding;
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
    List<Column> columns = new ArrayList<>();
    columns.add(
        new Column(urlColumn, new StructField(URL, DataTypes.StringType, true, Metadata.empty())));
    boolean yielding = options.keep().isEmpty();
    columns.addAll(kept(source, options.keep().orElse(KeepClause.ALL), urlColumn));
    if (yielding) {
      columns
          .subList(1, columns.size())
          .removeIf(column -> ColumnNames.same(column.field().name(), URL));
    }
    requireDistinct(columns);
    return new Manifest(source, input, columns, tasks(options), options.partitioning(), yielding);
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

  private static List<Column> kept(ManifestSource source, KeepClause keep, String urlColumn) {
    Stream<KeepClause.Column> wanted =
        keep.all()
            ? Arrays.stream(source.schema().fieldNames())
                .filter(name -> !name.equals(urlColumn))
                .map(name -> new KeepClause.Column(name, name))
            : keep.columns().stream();
    return wanted
        .map(
            column -> {
              StructField field = source.find(column.name(), "; the option 'keep' names it");
              return new Column(
                  field.name(),
                  new StructField(column.as(), field.dataType(), true, field.metadata()));
            })
        .toList();
  }

  private static void requireDistinct(List<Column> columns) {
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i).field().name();
      if (columns.subList(0, i).stream().anyMatch(c -> ColumnNames.same(c.field().name(), name))) {
        throw clash(columns, i, "the result has a column '" + name + "' already");
      }
    }
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
    List<Column> fitting = new ArrayList<>(columns.subList(0, 1));
    for (int i = 1; i < columns.size(); i++) {
      String name = columns.get(i).field().name();
      if (tableColumns.stream().noneMatch(column -> ColumnNames.same(column, name))) {
        fitting.add(columns.get(i));
      } else if (!yielding) {
        throw clash(columns, i, "the table '" + table + "' has a column of that name");
      }
    }
    return new Manifest(source, input, fitting, partitions, partitioning, yielding);
  }

  private static IllegalArgumentException clash(List<Column> columns, int index, String why) {
    String mended =
        Stream.iterate(1, i -> i < columns.size(), i -> i + 1)
            .map(
                i -> {
                  Column column = columns.get(i);
                  String as = column.field().name();
                  return new KeepClause.Column(column.source(), i == index ? "manifest_" + as : as);
                })
            .map(KeepClause.Column::toString)
            .collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        ("the manifest's column '%s' can't be kept as '%s': %s; keep it under another name:"
                + " .option(\"keep\", \"%s\")")
            .formatted(
                columns.get(index).source(), columns.get(index).field().name(), why, mended));
  }

  /** {@code url STRING} and then the kept columns, under the names that they have in the result. */
  public StructType columns() {
    return new StructType(columns.stream().map(Column::field).toArray(StructField[]::new));
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
    List<Column> kept = Arrays.stream(wanted).map(this::column).toList();
    List<Column> filtered = Arrays.stream(filter.columns().fieldNames()).map(this::column).toList();
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

  private Column column(String name) {
    return columns.stream()
        .filter(column -> column.field().name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("not a column of the manifest: '" + name + "'"));
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
