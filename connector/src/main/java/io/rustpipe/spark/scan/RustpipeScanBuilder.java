package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.manifest.Manifest;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructType;

/** Collects what Spark pushes down. */
final class RustpipeScanBuilder implements SupportsPushDownRequiredColumns, SupportsPushDownLimit {

  private final RustpipeOptions options;
  private final Manifest manifest;
  private TableLayout layout;
  private Integer limit;

  RustpipeScanBuilder(RustpipeOptions options, Manifest manifest, TableLayout layout) {
    this.options = options;
    this.manifest = manifest;
    this.layout = layout;
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    layout = layout.prune(requiredSchema);
  }

  @Override
  public boolean pushLimit(int rows) {
    limit = rows;
    return true;
  }

  /** Every task stops at the limit by itself; only Spark can bound the sum of them. */
  @Override
  public boolean isPartiallyPushed() {
    return true;
  }

  @Override
  public Scan build() {
    return new RustpipeScan(manifest, new ScanDescription(layout, options, limit));
  }
}
