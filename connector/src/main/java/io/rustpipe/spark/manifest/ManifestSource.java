package io.rustpipe.spark.manifest;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.DidYouMean;
import io.rustpipe.spark.config.ManifestFormat;
import io.rustpipe.spark.config.RustpipeOptions;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.v2.FileDataSourceV2;
import org.apache.spark.sql.execution.datasources.v2.FileTable;
import org.apache.spark.sql.execution.datasources.v2.csv.CSVDataSourceV2;
import org.apache.spark.sql.execution.datasources.v2.json.JsonDataSourceV2;
import org.apache.spark.sql.execution.datasources.v2.orc.OrcDataSourceV2;
import org.apache.spark.sql.execution.datasources.v2.parquet.ParquetDataSourceV2;
import org.apache.spark.sql.execution.datasources.v2.text.TextDataSourceV2;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The manifest's files, as one of Spark's own file sources sees them in the active session.
 *
 * <p>Spark's classes are internal, and their Scala-typed methods differ between versions: only
 * methods whose types are Java's or Spark's own are called here. Listing and schema inference are
 * done once.
 */
final class ManifestSource {
  /** What Spark's text source calls the line. */
  static final String LINE = "value";

  /** The URL's column, unless the user names another. */
  static final String URL = "url";

  /** Where Spark puts lines that are not JSON, unless its configuration says otherwise. */
  private static final String CORRUPT_RECORD = "_corrupt_record";

  /** Enough to see early that a manifest can't be read; a million files are not opened for it. */
  private static final int FILES_TRIED = 8;

  private final ManifestFormat format;
  private final List<String> paths;
  private final CaseInsensitiveStringMap options;
  private final FileTable table;
  private final StructType schema;
  private final boolean declared;

  private ManifestSource(
      ManifestFormat format,
      RustpipeOptions options,
      CaseInsensitiveStringMap readerOptions,
      FileTable table) {
    this.format = format;
    this.paths = options.paths();
    this.options = readerOptions;
    this.table = table;
    this.declared = options.manifestSchema().isPresent();
    this.schema = table.schema();
  }

  static ManifestSource open(RustpipeOptions options) {
    if (options.paths().isEmpty()) {
      throw new IllegalArgumentException(
          "no manifest given: say where the inputs are, with load(\"urls.txt\") or the option"
              + " 'path'");
    }
    Map<String, String> listing = ReaderOptions.listing(options);
    FileTable lines =
        (FileTable) new TextDataSourceV2().getTable(new CaseInsensitiveStringMap(listing));
    List<String> files = List.of(lines.fileIndex().inputFiles());
    FileKind kind = kind(options, files);
    ManifestFormat format =
        options.manifestFormat() == ManifestFormat.AUTO ? kind.format() : options.manifestFormat();
    if (format != ManifestFormat.PARQUET && format != ManifestFormat.ORC) {
      FileKind.requireReadable(files);
    }
    Configuration conf = lines.fileIndex().hadoopConf();
    tryToOpen(files, conf);
    CaseInsensitiveStringMap readerOptions =
        ReaderOptions.reading(
            listing, format, options.protocol(), kind == FileKind.TSV, files, conf);
    FileTable table =
        format == ManifestFormat.TEXT
            ? text(lines, options)
            : table(format, readerOptions, options, files.isEmpty());
    return new ManifestSource(format, options, readerOptions, table);
  }

  /** The paths' own names come first: an empty folder called urls.json is JSON. */
  private static FileKind kind(RustpipeOptions options, List<String> files) {
    boolean decides = options.manifestFormat() == ManifestFormat.AUTO;
    List<FileKind> ofPaths = options.paths().stream().map(FileKind::of).distinct().toList();
    if (ofPaths.size() == 1 && ofPaths.get(0) != FileKind.TEXT) {
      return ofPaths.get(0);
    }
    return (decides ? FileKind.common(files) : files.stream().map(FileKind::of).findFirst())
        .orElse(FileKind.TEXT);
  }

  private static FileDataSourceV2 source(ManifestFormat format) {
    return switch (format) {
      case JSON -> new JsonDataSourceV2();
      case CSV -> new CSVDataSourceV2();
      case PARQUET -> new ParquetDataSourceV2();
      case ORC -> new OrcDataSourceV2();
      case AUTO, TEXT -> throw new IllegalArgumentException("not decided yet: " + format);
    };
  }

  /** On the driver and before anything else, so that the message names the file. */
  private static void tryToOpen(List<String> files, Configuration conf) {
    for (String file : files.subList(0, Math.min(FILES_TRIED, files.size()))) {
      Path path = new Path(URI.create(file));
      try {
        path.getFileSystem(conf).open(path).close();
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "can't read the manifest's file '%s': %s".formatted(path, e.getMessage()), e);
      }
    }
  }

  private static FileTable text(FileTable lines, RustpipeOptions options) {
    if (options.manifestSchema().isPresent()) {
      throw new IllegalArgumentException(
          ("the manifest %s is text, where the line is the input, so it has no columns that the"
                  + " option 'manifestSchema' could name: leave it out, or set the option"
                  + " 'manifestFormat' to json, csv, parquet or orc")
              .formatted(String.join(", ", options.paths())));
    }
    return lines;
  }

  private static FileTable table(
      ManifestFormat format,
      CaseInsensitiveStringMap readerOptions,
      RustpipeOptions options,
      boolean noFiles) {
    Optional<StructType> declared = options.manifestSchema();
    if (declared.isPresent()) {
      return (FileTable) source(format).getTable(readerOptions, declared.get());
    }
    // Spark can't infer a schema without files, and infers none from empty ones.
    FileTable inferred = noFiles ? null : (FileTable) source(format).getTable(readerOptions);
    if (!noFiles && inferColumns(inferred, options).fields().length > 0) {
      requireDistinct(inferred.dataSchema(), options);
      return inferred;
    }
    String only = options.urlColumn().or(options::inputColumn).orElse(URL);
    return (FileTable)
        source(format).getTable(readerOptions, new StructType().add(only, DataTypes.StringType));
  }

  private static StructType inferColumns(FileTable table, RustpipeOptions options) {
    try {
      return table.dataSchema();
    } catch (Exception e) {
      // Spark's own exceptions are checked, but no method that Java sees says so.
      throw new IllegalArgumentException(
          "can't find out the columns of the manifest %s: %s"
              .formatted(String.join(", ", options.paths()), innermost(e)),
          e);
    }
  }

  /** What went wrong, and the message around it, which has the file; above are Spark's stages. */
  private static String innermost(Throwable failure) {
    Deque<String> messages = new ArrayDeque<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.add(String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
    }
    while (messages.size() > 2) {
      messages.remove();
    }
    return String.join(" ", messages);
  }

  private static void requireDistinct(StructType columns, RustpipeOptions options) {
    if (SQLConf.get().caseSensitiveAnalysis()) {
      return;
    }
    Map<String, String> names = new HashMap<>();
    for (String name : columns.fieldNames()) {
      String other = names.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        throw new IllegalArgumentException(
            "the manifest %s has the columns '%s' and '%s', which are one name to Spark: set spark.sql.caseSensitive to true, or name the columns that you need with the option 'manifestSchema'"
                .formatted(String.join(", ", options.paths()), other, name));
      }
    }
  }

  /** Whether a row is a line, which is the URL. */
  boolean isText() {
    return format == ManifestFormat.TEXT;
  }

  /**
   * The columns of the files and, behind them, those that Spark reads from folder names ({@code
   * day=1/}).
   */
  StructType schema() {
    return schema;
  }

  /**
   * Fails if there are lines, and none of them is a JSON object.
   *
   * @param what a line may well be instead
   */
  void requireJson(String what) {
    if (format == ManifestFormat.JSON
        && Arrays.equals(table.dataSchema().fieldNames(), new String[] {CORRUPT_RECORD})) {
      throw new IllegalArgumentException(
          ("no line of the manifest %s is a JSON object; if it has one %s a line, set the option"
                  + " 'manifestFormat' to text")
              .formatted(this, what));
    }
  }

  /**
   * A column by its name.
   *
   * @param whose the end of the error if there is none: who asks for it
   */
  StructField find(String name, String whose) {
    return Arrays.stream(schema.fields())
        .filter(field -> ColumnNames.same(field.name(), name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s %s has no column '%s'%s%s"
                        .formatted(
                            declared
                                ? "the option 'manifestSchema' of the manifest"
                                : "the manifest",
                            this,
                            name,
                            DidYouMean.hint(name, "columns", List.of(schema.fieldNames())),
                            whose)));
  }

  /** Reads the given columns; the scan's schema has them in an order of its own. */
  Scan scan(StructType columns) {
    var builder = (SupportsPushDownRequiredColumns) table.newScanBuilder(options);
    builder.pruneColumns(columns);
    return builder.build();
  }

  /** The file partitions that Spark makes of a scan, with their sizes. */
  static List<FilePart> parts(Batch batch) {
    return Arrays.stream(batch.planInputPartitions())
        .map(
            partition -> {
              PartitionedFile[] files = ((FilePartition) partition).files();
              long bytes = Arrays.stream(files).mapToLong(PartitionedFile::length).sum();
              return new FilePart(partition, bytes, files.length);
            })
        .toList();
  }

  /** What two sources must share to give the same rows, as far as Spark knows the files. */
  List<Object> identity() {
    return List.of(
        format,
        paths,
        options.asCaseSensitiveMap(),
        schema,
        List.of(table.fileIndex().inputFiles()),
        table.fileIndex().sizeInBytes());
  }

  @Override
  public String toString() {
    return String.join(", ", paths);
  }
}
