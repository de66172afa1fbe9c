package io.rustpipe.spark.scan;

import io.rustpipe.spark.filter.RowFilter;
import io.rustpipe.spark.manifest.Manifest;
import io.rustpipe.spark.metric.WorkerCounter;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;

/** A query's read of the table. Equal scans are one to Spark, which may then run it once. */
record RustpipeScan(Manifest manifest, RowFilter filter, ScanDescription scan) implements Scan {
  /** A list of a thousand values is not what a plan is read for. */
  private static final int MAX_FILTER_TEXT = 200;

  @Override
  public StructType readSchema() {
    return scan.layout().schema();
  }

  @Override
  public Batch toBatch() {
    var wanted = scan.layout().manifest().fieldNames();
    return new RustpipeBatch(manifest.plan(wanted, filter, manifest.partitions()), scan);
  }

  /** Rows only; left at its default, Spark would plan the partitions twice to find out. */
  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.UNSUPPORTED;
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return WorkerCounter.declared();
  }

  @Override
  public String description() {
    var limit = scan.limit();
    return "rustpipe %s of %s, columns [%s]%s%s"
        .formatted(
            scan.layout().table(),
            scan.worker().title(),
            String.join(", ", readSchema().fieldNames()),
            filter.text().isEmpty() ? "" : ", skips inputs unless [" + shortened() + "]",
            limit == null ? "" : ", limit " + limit);
  }

  private String shortened() {
    var text = filter.text();
    return text.length() <= MAX_FILTER_TEXT ? text : text.substring(0, MAX_FILTER_TEXT) + "...";
  }
}
