package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.manifest.LineManifest;
import io.rustpipe.spark.row.LineDecoder;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** What a program prints about the lines of a manifest, with the columns that the user names. */
public final class LinesTable implements SupportsRead {

  private final RustpipeOptions options;
  private final LineManifest manifest;
  private final LinesDescription description;

  private LinesTable(RustpipeOptions options, LineManifest manifest, LinesDescription description) {
    this.options = options;
    this.manifest = manifest;
    this.description = description;
  }

  /**
   * The table that the options name.
   *
   * @param schema the user's columns
   * @throws IllegalArgumentException if the options or the columns don't fit the program or the
   *     manifest
   */
  public static LinesTable resolve(RustpipeOptions options, StructType schema) {
    requireColumns(schema);
    var worker = WorkerChoice.lines(options);
    var zone = ZoneId.of(SQLConf.get().sessionLocalTimeZone());
    var description = new LinesDescription(worker, schema, schema, options, zone, null);
    // A type that can't be decoded is an error here, and not one of every task.
    description.decoder();
    return new LinesTable(options, LineManifest.open(options), description);
  }

  private static void requireColumns(StructType schema) {
    var names = List.of(schema.fieldNames());
    for (var i = 0; i < names.size(); i++) {
      var name = names.get(i);
      if (names.subList(0, i).stream().anyMatch(other -> ColumnNames.same(other, name))) {
        throw new IllegalArgumentException(
            "the given schema has the column '%s' twice".formatted(name));
      }
    }
    if (names.stream().allMatch(LineDecoder.CORRUPT_RECORD::equals)) {
      throw withoutSchema();
    }
    Arrays.stream(schema.fields())
        .filter(field -> field.name().equals(LineDecoder.CORRUPT_RECORD))
        .filter(field -> !(field.dataType() instanceof StringType))
        .forEach(
            field -> {
              throw new IllegalArgumentException(
                  "the column '%s' has the lines that are malformed, so it must be STRING and not %s"
                      .formatted(field.name(), field.dataType().sql()));
            });
  }

  /** The error for a user who has not said what the program prints. */
  public static IllegalArgumentException withoutSchema() {
    return new IllegalArgumentException(
        "a program that speaks 'lines' can't say what it prints, so the columns must be given:"
            + " .schema(\"line STRING\") for text, or the fields of its JSON objects, such as"
            + " .schema(\"id BIGINT, name STRING\")");
  }

  @Override
  public String name() {
    return "rustpipe lines";
  }

  /** The columns; Spark calls this form on every supported version. */
  @Override
  @SuppressWarnings("deprecation") // Its successor, columns(), is derived from it on every version.
  public StructType schema() {
    return LinesDescription.nullable(description.schema());
  }

  @Override
  public Set<TableCapability> capabilities() {
    return EnumSet.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap readOptions) {
    var scanOptions = options.overriddenBy(readOptions);
    var table = scanOptions.equals(options) ? this : resolve(scanOptions, description.schema());
    return new LinesScanBuilder(table.manifest, table.description);
  }
}
