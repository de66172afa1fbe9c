package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.manifest.Manifest;
import io.rustpipe.spark.worker.WorkerBinary;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** One of the worker's tables over one manifest. */
public final class RustpipeTable implements SupportsRead {

  private final WorkerBinary worker;
  private final RustpipeOptions options;
  private final Manifest manifest;
  private final TableLayout layout;

  /** The user's own; empty for the whole table. */
  private final Optional<StructType> declared;

  private RustpipeTable(
      WorkerBinary worker,
      RustpipeOptions options,
      Manifest manifest,
      TableLayout layout,
      Optional<StructType> declared) {
    this.worker = worker;
    this.options = options;
    this.manifest = manifest;
    this.layout = layout;
    this.declared = declared;
  }

  /**
   * The table that the options name.
   *
   * @param declared the columns that the user wants of it; empty for all
   * @throws IllegalArgumentException if the options or the columns don't fit the worker or the
   *     manifest
   */
  public static RustpipeTable resolve(RustpipeOptions options, Optional<StructType> declared) {
    var worker = WorkerChoice.of(options);
    var table = WorkerTable.of(worker, options);
    var manifest = Manifest.open(options).beside(table.name(), TableLayout.columns(table));
    InputFields.requireManifest(table, manifest.hasIntegrity());
    var layout = TableLayout.of(manifest.columns(), table);
    // A type that can't be decoded is an error here, and not one of every task.
    layout.decoder();
    return new RustpipeTable(
        worker, options, manifest, declared.map(layout::declared).orElse(layout), declared);
  }

  @Override
  public String name() {
    return "rustpipe " + layout.table();
  }

  /** The columns; Spark calls this form on every supported version. */
  @Override
  @SuppressWarnings("deprecation") // Its successor, columns(), is derived from it on every version.
  public StructType schema() {
    var columns = layout.schema();
    return declared
        .map(
            wanted ->
                new StructType(
                    Arrays.stream(wanted.fieldNames())
                        .map(columns::apply)
                        .toArray(StructField[]::new)))
        .orElse(columns);
  }

  @Override
  public Set<TableCapability> capabilities() {
    return EnumSet.of(TableCapability.BATCH_READ);
  }

  /**
   * {@inheritDoc}
   *
   * @param readOptions what this read says beside the table's own options
   * @throws IllegalArgumentException if that would change the columns
   */
  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap readOptions) {
    var scanOptions = options.overriddenBy(readOptions);
    var table = scanOptions.equals(options) ? this : resolve(scanOptions, declared);
    if (!table.layout.equals(layout)) {
      throw new IllegalArgumentException(
          "the options of this read %s give other columns than those of the table %s; load it anew"
              .formatted(scanOptions, options));
    }
    return new RustpipeScanBuilder(table.worker, table.options, table.manifest, layout);
  }
}
