package io.rustpipe.spark.scan;

import io.rustpipe.spark.manifest.LineManifest;
import io.rustpipe.spark.manifest.LineReaderFactory;
import io.rustpipe.spark.manifest.ManifestPlan;
import io.rustpipe.spark.metric.LineCounter;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;

/**
 * A query's read of a program's lines. Equal scans are one to Spark, which may then run it once.
 */
record LinesScan(LineManifest manifest, LinesDescription scan) implements Scan {

  /** The tasks: each reads its stripe of the manifest and has a program of its own. */
  private record LinesBatch(ManifestPlan<LineReaderFactory> plan, LinesDescription scan)
      implements Batch {
    @Override
    public InputPartition[] planInputPartitions() {
      return plan.splits().stream().map(RustpipePartition::new).toArray(InputPartition[]::new);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
      return new LinesReaderFactory(plan.readers(), scan);
    }
  }

  @Override
  public StructType readSchema() {
    return LinesDescription.nullable(scan.wanted());
  }

  @Override
  public Batch toBatch() {
    return new LinesBatch(manifest.plan(), scan);
  }

  /** Rows only; left at its default, Spark would plan the partitions twice to find out. */
  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.UNSUPPORTED;
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return LineCounter.declared();
  }

  /** Without the program's arguments: secrets may be among them. */
  @Override
  public String description() {
    return "rustpipe lines of %s, columns [%s]%s"
        .formatted(
            scan.worker().program().title(),
            String.join(", ", scan.wanted().fieldNames()),
            scan.limit() == null ? "" : ", limit " + scan.limit());
  }
}
