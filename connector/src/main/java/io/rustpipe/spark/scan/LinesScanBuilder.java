package io.rustpipe.spark.scan;

import io.rustpipe.spark.manifest.LineManifest;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructType;

/**
 * Collects what Spark pushes down. Filters are not among it: all columns are the program's, and
 * what it makes of an input is not known before it has printed it.
 */
final class LinesScanBuilder implements SupportsPushDownLimit, SupportsPushDownRequiredColumns {

  private final LineManifest manifest;
  private LinesDescription description;

  LinesScanBuilder(LineManifest manifest, LinesDescription description) {
    this.manifest = manifest;
    this.description = description;
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    description = description.prune(requiredSchema);
  }

  @Override
  public boolean pushLimit(int rows) {
    description = description.withLimit(rows);
    return true;
  }

  /** Every task stops at the limit by itself; only Spark can bound the sum of them. */
  @Override
  public boolean isPartiallyPushed() {
    return true;
  }

  @Override
  public Scan build() {
    return new LinesScan(manifest, description);
  }
}
