package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.filter.RowFilter;
import io.rustpipe.spark.manifest.Manifest;
import io.rustpipe.spark.worker.WorkerBinary;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;

/** Collects what Spark pushes down. */
final class RustpipeScanBuilder
    implements SupportsPushDownV2Filters, SupportsPushDownLimit, SupportsPushDownRequiredColumns {

  private final WorkerBinary worker;
  private final RustpipeOptions options;
  private final Manifest manifest;
  private TableLayout layout;
  private RowFilter filter = RowFilter.NONE;
  private Predicate[] evaluated = {};
  private Integer limit;

  RustpipeScanBuilder(
      WorkerBinary worker, RustpipeOptions options, Manifest manifest, TableLayout layout) {
    this.worker = worker;
    this.options = options;
    this.manifest = manifest;
    this.layout = layout;
  }

  /** All go back to Spark, which evaluates them again: here they only save requests. */
  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    filter = manifest.filter(predicates);
    evaluated =
        Stream.of(predicates)
            .filter(predicate -> !manifest.filter(predicate).isEmpty())
            .toArray(Predicate[]::new);
    return predicates;
  }

  @Override
  public Predicate[] pushedPredicates() {
    return evaluated.clone();
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
    return new RustpipeScan(manifest, filter, new ScanDescription(worker, layout, options, limit));
  }
}
