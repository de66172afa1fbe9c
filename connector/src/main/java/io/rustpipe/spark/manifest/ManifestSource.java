package io.rustpipe.spark.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rustpipe.spark.config.RustpipeOptions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.v2.FileTable;
import org.apache.spark.sql.execution.datasources.v2.json.JsonDataSourceV2;
import org.apache.spark.sql.execution.datasources.v2.text.TextDataSourceV2;
import org.apache.spark.sql.types.DataTypes;
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

  private static final Pattern JSON_NAME =
      Pattern.compile(
          "(?is).*\\.(?:json|jsonl|ndjson)(?:\\.(?:gz|bz2|zst|zstd|lz4|snappy|deflate|xz))?");

  private final boolean text;
  private final List<String> paths;
  private final CaseInsensitiveStringMap options;
  private final FileTable table;
  private final StructType schema;

  private ManifestSource(
      boolean text, List<String> paths, CaseInsensitiveStringMap options, FileTable table) {
    this.text = text;
    this.paths = paths;
    this.options = options;
    this.table = table;
    this.schema = table.schema();
  }

  static ManifestSource open(RustpipeOptions options) {
    if (options.paths().isEmpty()) {
      throw new IllegalArgumentException(
          "no manifest given: say where the URLs are, with load(\"urls.txt\") or the option"
              + " 'path'");
    }
    CaseInsensitiveStringMap fileOptions = fileOptions(options);
    FileTable lines = (FileTable) new TextDataSourceV2().getTable(fileOptions);
    boolean text = isText(options, lines);
    FileTable table = text ? lines : jsonTable(options, fileOptions);
    return new ManifestSource(text, options.paths(), fileOptions, table);
  }

  /**
   * Only what says which files are meant: {@code mode}, for one, means something else to Spark's
   * JSON source.
   */
  private static CaseInsensitiveStringMap fileOptions(RustpipeOptions options) {
    Map<String, String> map = new HashMap<>();
    try {
      map.put("paths", new ObjectMapper().writeValueAsString(options.paths()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "can't write the paths " + options.paths() + " as JSON", e);
    }
    options.pathGlobFilter().ifPresent(glob -> map.put("pathGlobFilter", glob));
    map.put("recursiveFileLookup", String.valueOf(options.recursiveFileLookup()));
    return new CaseInsensitiveStringMap(map);
  }

  private static boolean isText(RustpipeOptions options, FileTable lines) {
    return switch (options.manifestFormat()) {
      case TEXT -> true;
      case JSON -> false;
      // The paths' own names come first: an empty folder called urls.json is JSON.
      case AUTO ->
          !options.paths().stream().allMatch(ManifestSource::isJsonName)
              && isText(lines.fileIndex().inputFiles());
    };
  }

  private static boolean isText(String[] files) {
    Map<Boolean, List<String>> byJson =
        Arrays.stream(files).collect(Collectors.partitioningBy(ManifestSource::isJsonName));
    List<String> json = byJson.get(true);
    List<String> others = byJson.get(false);
    if (!json.isEmpty() && !others.isEmpty()) {
      throw new IllegalArgumentException(
          ("the manifest has JSON files ('%s') and others ('%s'): set the option 'manifestFormat'"
                  + " to json or text, or pick files with 'pathGlobFilter'")
              .formatted(json.get(0), others.get(0)));
    }
    return json.isEmpty();
  }

  private static boolean isJsonName(String path) {
    return JSON_NAME.matcher(path).matches();
  }

  private static FileTable jsonTable(
      RustpipeOptions options, CaseInsensitiveStringMap fileOptions) {
    FileTable inferred = (FileTable) new JsonDataSourceV2().getTable(fileOptions);
    // Spark can't infer a schema without files, and infers none from empty ones.
    boolean hasColumns =
        inferred.fileIndex().inputFiles().length > 0 && inferred.dataSchema().fields().length > 0;
    if (hasColumns) {
      return inferred;
    }
    StructType urlOnly =
        new StructType().add(options.urlColumn().orElse(URL), DataTypes.StringType);
    return (FileTable) new JsonDataSourceV2().getTable(fileOptions, urlOnly);
  }

  /** Whether a row is a line, and not a JSON object. */
  boolean isText() {
    return text;
  }

  /**
   * The columns of the files and, behind them, those that Spark reads from folder names ({@code
   * day=1/}).
   */
  StructType schema() {
    return schema;
  }

  /** Whether there are lines, and none of them is a JSON object. */
  boolean isNotJson() {
    return !text && Arrays.equals(table.dataSchema().fieldNames(), new String[] {CORRUPT_RECORD});
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
        text,
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
